// The first screen of the phone: the person's letter, their chats, a new group, a link to follow.

import { ask } from "./dialogs.js";
import { does, toast } from "./doing.js";
import { avatar, button, h, icon } from "./dom.js";
import { chats, openChat, openWhenThere, person, show, store } from "./store.js";
import { brief } from "./times.js";

export function drawChats() {
  const me = person();
  return [
    h("header", { class: "bar" },
      avatar(me.name, me.id), h("div", { class: "bar-title" }, h("strong", {}, me.name), h("small", {}, me.role_label)),
      button("", newGroup, { iconName: "plus", title: "New group", key: "new-group" }),
      button("", pasteLink, { iconName: "link", title: "Follow a link", key: "follow-link" })),
    h("div", { class: "chat-list", data: { scroll: `chats-${me.id}` } }, letter(me), h("ul", {}, chats().map((c) => h("li", {}, row(c))))),
  ];
}

function letter(me) {
  const started = chats().some((c) => c.type === "private" && c.started);
  if (!me.letter || started) return null;
  return h("article", { class: "letter" },
    h("span", { class: "letter-stamp" }, icon("letter")),
    h("h3", {}, "A letter from school"),
    h("p", {}, me.letter_note || "Your own link. It works once, and only for you."),
    button("Open my letter", () => followLink(me.letter), { kind: "primary", key: "open-letter" }));
}

function row(where) {
  const last = where.messages.at(-1);
  const isBot = where.type === "private";
  const title = isBot ? where.title || "Schoolgate" : where.title;
  return h("button", { type: "button", class: "chat-row", data: { key: `chat-${where.id}` }, on: { click: () => openChat(where.id) } },
    avatar(title, where.id, { bot: isBot, group: !isBot }),
    h("span", { class: "chat-about" },
      h("span", { class: "chat-line" }, h("strong", {}, title), where.is_closed ? icon("lock") : null,
        last ? h("time", {}, brief(last.date, store.state.now)) : null),
      h("span", { class: "chat-line" }, h("small", {}, where.join_request_pending ? "Waiting to be let in" : preview(where, last)),
        where.unread ? h("span", { class: "badge" }, String(where.unread), h("span", { class: "hidden" }, " unread")) : null)));
}

function preview(where, last) {
  if (!last) return where.type === "private" ? "Nothing yet" : "No messages that you can see";
  const words = last.service || last.text || last.caption || (last.poll ? `Poll: ${last.poll.question}` : last.kind);
  const shown = words.replace(/\s+/g, " ").slice(0, 90);
  return last.service || where.type === "private" ? shown : `${last.mine ? "You" : last.from.name}: ${shown}`;
}

async function newGroup() {
  const given = await ask("New group", [
    { name: "title", label: "Name of the group", required: true, value: "Oak (Year 5)" },
    { name: "approve", label: "New members must be approved", kind: "check", value: true, hint: "Whoever follows the link asks to join first" },
    { name: "basic", label: "Small basic group", kind: "check", hint: "Telegram turns it into a supergroup later; its id changes then" },
    { name: "forum", label: "With topics", kind: "check" },
  ], "Make the group");
  if (!given) return;
  const made = await does("create_group", {
    title: given.title, type: given.basic ? "group" : "supergroup", forum: given.forum && !given.basic, approve_new: given.approve && !given.basic,
  });
  if (made === undefined) return;
  await openWhenThere(made.chat);
  show({ view: "info" });
}

async function pasteLink() {
  const given = await ask("Follow a link", [
    { name: "link", label: "Link", required: true, value: "", hint: "An invite link of a group, or the link of a letter" },
  ], "Open it");
  if (given) await followLink(given.link);
}

// A t.me link is followed within the rehearsal; nothing else is, for the rehearsal has no internet.
export async function followLink(link) {
  const address = link.startsWith("t.me/") || link.startsWith("telegram.me/") ? `https://${link}` : link;
  if (!/^https?:\/\/(t\.me|telegram\.me)\//.test(address)) {
    toast(`In the rehearsal no link leads outside. It goes to ${address}`);
    return;
  }
  const opened = await does("open", { link: address });
  if (opened === undefined) return;
  await openWhenThere(opened.chat);
}
