// A chat on the phone: its bar, what is pinned, the messages, and the composer below.

import { bubble } from "./message.js";
import { drawComposer } from "./composer.js";
import { avatar, button, h, icon } from "./dom.js";
import { chat, openChat, show, store } from "./store.js";
import { dayName } from "./times.js";

export function drawThread() {
  const where = chat();
  return [bar(where), pinned(where), thread(where), drawComposer(where)];
}

function bar(where) {
  const isBot = where.type === "private";
  const title = isBot ? where.title || "Schoolgate" : where.title;
  const count = where.members?.length;
  const about = isBot ? (store.state.bot.running ? "bot" : "bot, not answering") : `${where.is_closed ? "closed, " : ""}${count} members`;
  const info = () => openChat(where.id, "info");
  return h("header", { class: "bar" },
    button("", () => show({ view: "chats" }), { iconName: "back", title: "Back to the chats", key: "back" }),
    h("button", { type: "button", class: "bar-main", title: "About this chat", data: { key: "info" }, on: { click: info } },
      avatar(title, where.id, { bot: isBot, group: !isBot }),
      h("span", { class: "bar-title" }, h("strong", {}, title), h("small", {}, about))),
    button("", info, { iconName: "more", title: "About this chat", key: "info-more" }));
}

function pinned(where) {
  const one = where.messages.filter((m) => m.pinned).at(-1);
  if (!one) return null;
  const jump = () => document.querySelector(`[data-message="${one.id}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" });
  return h("button", { type: "button", class: "pinned", on: { click: jump }, data: { key: "pinned" } },
    icon("pin"), h("span", {}, h("strong", {}, "Pinned message"), h("small", {}, (one.text || one.caption || "Message").replace(/\s+/g, " ").slice(0, 120))));
}

function thread(where) {
  const nodes = [];
  let before = null;
  for (const one of where.messages) {
    if (!before || dayName(before.date) !== dayName(one.date)) nodes.push(h("p", { class: "service day" }, h("span", {}, dayName(one.date))));
    const first = !before || before.service || before.from?.id !== one.from?.id || one.date - before.date > 600;
    nodes.push(bubble(one, where, { first }));
    before = one;
  }
  if (!nodes.length) nodes.push(h("p", { class: "service" }, h("span", {}, empty(where))));
  return h("div", { class: "thread", role: "log", "aria-label": "Messages", tabindex: "0", data: { thread: where.id, scroll: `thread-${store.as}-${where.id}` } },
    h("div", { class: "thread-inner" }, nodes));
}

function empty(where) {
  if (where.join_request_pending) return "You will see the group once you have been let in.";
  return where.type === "private" ? "Nothing has been said here. A bot cannot write first." : "Nothing that you could see.";
}

// After the phone was drawn: what is new comes into view from its beginning, else a chat read at its end stays there.
const seen = { place: null, atEnd: true, last: 0 };

export function rememberScroll() {
  const place = document.querySelector(".thread");
  if (place) Object.assign(seen, { place: place.dataset.scroll, atEnd: place.scrollHeight - place.scrollTop - place.clientHeight < 60 });
}

export function settleScroll() {
  const place = document.querySelector(".thread");
  if (!place) return Object.assign(seen, { place: null });
  const messages = chat().messages;
  const opened = seen.place !== place.dataset.scroll;
  const fresh = opened ? messages.at(-chat().unread || messages.length) : messages.find((m) => m.id > seen.last);
  seen.last = messages.at(-1)?.id ?? 0;
  if (!opened && !seen.atEnd) return seen;
  place.scrollTop = place.scrollHeight;
  const first = fresh && !fresh.mine ? place.querySelector(`[data-message="${fresh.id}"]`) : null;
  const above = first ? first.getBoundingClientRect().top - place.getBoundingClientRect().top - 10 : 0;
  if (above < 0) place.scrollTop += above;
  return seen;
}
