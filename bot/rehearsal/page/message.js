// One message as a bubble, with everything a messenger shows on it, and what one can do with it.

import * as api from "./api.js";
import { choose, tell } from "./dialogs.js";
import { attempt, does, toast } from "./doing.js";
import { avatar, button, formatted, h, hue, icon } from "./dom.js";
import { followLink } from "./chats.js";
import { chats, refreshSoon, show, store } from "./store.js";
import { clockTime } from "./times.js";

const waiting = new Set();
const MEDIA = {
  video: ["video", "Video"], document: ["file", "Document"], voice: ["mic", "Voice message"],
  dice: ["more", "Dice"], contact: ["people", "Contact"], location: ["pin", "Location"],
};

export function bubble(one, where, { first }) {
  if (one.service) return h("p", { class: "service" }, h("span", {}, one.service));
  const own = one.mine;
  const inGroup = where.type !== "private";
  const body = h("div", { class: `bubble${one.photo ? " with-photo" : ""}` },
    inGroup && !own && first ? h("strong", { class: "sender", hue: hue(one.from.id) }, one.from.name, one.from.anonymous ? h("em", {}, "admin") : null) : null,
    one.forwarded_from ? h("p", { class: "forwarded" }, icon("forward"), `Forwarded from ${one.forwarded_from}`) : null,
    reply(one, where), media(one), words(one), poll(one), footer(one));
  return h("div", { class: `message${own ? " own" : ""}${first ? " first" : ""}`, data: { message: one.id } },
    inGroup && !own ? (first ? avatar(one.from.name, one.from.id, { bot: one.from.is_bot }) : h("span", { class: "avatar-space" })) : null,
    h("div", { class: "column" }, h("div", { class: "bubble-line" }, body, more(one, where)), keyboard(one, where)));
}

function reply(one, where) {
  if (!one.reply_to) return null;
  const jump = () => document.querySelector(`[data-message="${one.reply_to.id}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" });
  const known = where.messages.find((m) => m.id === one.reply_to.id);
  return h("button", { type: "button", class: "snippet", hue: hue(known?.from.id ?? 1), on: { click: jump } },
    h("strong", {}, one.reply_to.name), h("span", {}, one.quote ? `“${one.quote}”` : one.reply_to.text));
}

function media(one) {
  if (one.photo) return h("img", { class: "photo", src: one.photo, alt: one.caption ? "Photo with a caption" : "Photo" });
  const known = MEDIA[one.kind];
  return known ? h("p", { class: "attachment" }, icon(known[0]), known[1]) : null;
}

function words(one) {
  const text = one.text || one.caption;
  if (!text) return null;
  return h("p", { class: "words", dir: "auto" }, formatted(one.text ? one.html : one.caption_html, followLink));
}

function poll(one) {
  if (!one.poll) return null;
  return h("div", { class: "poll" }, h("strong", { dir: "auto" }, one.poll.question),
    h("ul", {}, one.poll.options.map((option) => h("li", { dir: "auto" }, option.text ?? option))));
}

function footer(one) {
  return h("span", { class: "meta" },
    one.protected ? h("span", { title: "Protected: it cannot be forwarded or saved" }, icon("lock")) : null,
    one.pinned ? h("span", { title: "Pinned" }, icon("pin")) : null,
    one.edited ? "edited " : null, h("time", {}, clockTime(one.date)));
}

function keyboard(one, where) {
  if (!one.buttons?.length) return null;
  return h("div", { class: "keyboard" }, one.buttons.map((line, row) => h("div", { class: "keys" }, line.map((key, column) => {
    const id = `${where.id}-${one.id}-${row}-${column}`;
    const run = () => (key.url ? followLink(key.url) : press(one, where, key, id));
    return h("button", { type: "button", class: `key${waiting.has(id) ? " waiting" : ""}`, data: { key: `key-${id}` }, on: { click: run } },
      key.text, key.url ? icon("link") : null);
  }))));
}

async function press(one, where, key, id) {
  if (waiting.has(id)) return;
  waiting.add(id);
  show({});
  await attempt(async () => {
    const pressed = await api.act(store.as, "press", { chat: where.id, message: one.id, data: key.data });
    const answer = await api.answerTo(store.as, pressed.query);
    if (!answer) toast("The bot has not answered. Is it running?", "refused");
    else if (answer.show_alert) tell("Schoolgate", answer.text);
    else if (answer.text) toast(answer.text);
  });
  waiting.delete(id);
  refreshSoon();
  show({});
}

function more(one, where) {
  return button("", () => actions(one, where), { iconName: "more", kind: "more", title: `What to do with the message of ${clockTime(one.date)}`, key: `more-${where.id}-${one.id}` });
}

// What Telegram itself would refuse is offered all the same: the rehearsal then says why not.
async function actions(one, where) {
  const own = one.mine;
  const text = one.text || one.caption || "";
  const what = await choose("Message", [
    { label: "Reply", iconName: "reply", value: "reply" },
    text ? { label: "Reply to a part", iconName: "reply", value: "quote", note: "Select the words in the message first" } : null,
    own && text ? { label: "Edit", iconName: "edit", value: "edit" } : null,
    { label: "Forward", iconName: "forward", value: "forward", note: one.protected ? "Protected: Telegram will refuse" : null },
    where.type === "private" || one.pinned ? null : { label: "Pin", iconName: "pin", value: "pin" },
    own ? { label: "Send the edit signal only", iconName: "edit", value: "touch", note: "Telegram sometimes reports an edit that changed nothing" } : null,
    { label: "Delete", iconName: "trash", value: "delete", danger: true },
  ].filter(Boolean), text ? h("p", { class: "preview", dir: "auto" }, text.slice(0, 160)) : null);
  const details = { chat: where.id, message: one.id };
  if (what === "reply" || what === "quote") {
    const quote = what === "quote" ? marked || text.slice(0, 80) : null;
    show({ reply: { id: one.id, name: one.from.name, text: quote ?? text, quote }, edit: null });
    document.querySelector(".composer textarea")?.focus();
  } else if (what === "edit") {
    show({ edit: { id: one.id, text }, reply: null });
  } else if (what === "forward") await forward(one, where);
  else if (what) await does(what, details);
}

// Opening the menu moves the focus, so the words selected before are remembered.
let marked = "";
document.addEventListener("selectionchange", () => {
  const now = String(document.getSelection()).trim();
  if (now) marked = now;
});

async function forward(one, where) {
  const places = chats().map((c) => ({ label: c.type === "private" ? "Schoolgate (the bot)" : c.title, value: c.id }));
  const to = await choose("Forward to", places);
  if (to !== null) await does("forward", { from_chat: where.id, message: one.id, to_chat: to });
}
