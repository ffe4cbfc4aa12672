// "What Telegram allows": what the person one plays may do in the chat that is open, and what the bot may.

import { h, icon } from "./dom.js";
import { chat, chats, person, store } from "./store.js";
import { RIGHTS } from "./info.js";

const ACTIONS = {
  write: "Write messages", photo: "Send photos", poll: "Send polls", document: "Send documents", invite: "Add members",
  pin: "Pin messages", delete: "Delete others' messages", restrict: "Remove people, close the group",
  promote: "Appoint administrators",
};

export function drawRules() {
  const where = chat() ?? chats().find((c) => c.type !== "private");
  if (!where) return card("What Telegram allows", h("p", { class: "quiet" }, `${person().name} is in no group yet.`));
  if (where.type === "private") return card("What Telegram allows", inPrivate(where));
  return card("What Telegram allows",
    h("p", { class: "state-line" }, h("span", { class: `state ${where.is_closed ? "closed" : "open"}` }, where.is_closed ? "Closed" : "Open"), h("strong", {}, where.title)),
    h("h3", {}, person().name), list(Object.keys(ACTIONS).map((name) => [ACTIONS[name], where.can[name].ok, where.can[name].why])),
    h("h3", {}, "The bot"), bot(where));
}

function card(title, ...content) {
  return h("section", { class: "card", "aria-label": title }, h("h2", {}, title), content);
}

function inPrivate(where) {
  const started = where.started && !where.blocked;
  return list([
    ["The bot may write to you", started, where.blocked ? "You have blocked it" : started ? "You have started it" : "Not before you press Start or open your letter"],
    ["You may write to the bot", !where.blocked, where.blocked ? "Unblock it first" : ""],
  ]);
}

function bot(where) {
  const about = where.bot;
  if (["left", "kicked"].includes(about.status)) return h("p", { class: "quiet" }, "It is not in this group: it sees and does nothing here.");
  const admin = about.status === "administrator";
  const sees = admin || !store.state.bot.privacy_mode;
  return list([
    ["See all messages", sees, sees ? "" : "Privacy mode: only commands and replies to it"],
    ...RIGHTS.filter(([name]) => name !== "can_manage_topics" || where.forum).map(([name, label]) => [label, admin && Boolean(about.rights[name]), admin ? "" : "It is not an administrator"]),
  ]);
}

function list(rows) {
  return h("ul", { class: "allows" }, rows.map(([label, allowed, reason]) =>
    h("li", { class: allowed ? "yes" : "no" }, icon(allowed ? "check" : "cross"),
      h("span", {}, h("span", { class: "hidden" }, allowed ? "Allowed: " : "Not allowed: "), label, !allowed && reason ? h("small", {}, reason) : null))));
}
