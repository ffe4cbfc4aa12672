// What a person writes with, or, where they may not write, why not.

import { ask, choose } from "./dialogs.js";
import { does, toast } from "./doing.js";
import { button, h, icon } from "./dom.js";
import { show, store } from "./store.js";

const drafts = new Map();

export function drawComposer(where) {
  if (where.type === "private" && where.blocked) return barred("You have blocked the bot.", "Unblock", () => does("unblock_bot", {}));
  if (where.type === "private" && !where.started) return starting(where);
  if (where.join_request_pending) return barred("Your request to join is waiting.", "Withdraw it", () => does("cancel_request", { chat: where.id }));
  if (!where.in_chat) return barred("You are not in this group.", "Join", () => does("join", { chat: where.id }));
  if (!where.can.write.ok) return barred(where.can.write.why);
  return composer(where);
}

function barred(text, action, run) {
  return h("div", { class: "composer barred" }, icon("lock"), h("span", {}, text), action ? button(action, run, { kind: "quiet", key: "barred" }) : null);
}

function starting(where) {
  return h("div", { class: "composer start" }, button("Start", () => does("start", {}), { kind: "primary", key: "start" }));
}

function composer(where) {
  const place = `${store.as}/${where.id}`;
  const area = h("textarea", { rows: 1, placeholder: "Message", "aria-label": "Message", maxlength: 4096, data: { key: "composer" }, dir: "auto" });
  const editing = store.edit;
  area.value = editing ? (editing.draft ?? editing.text) : (drafts.get(place) ?? "");
  const keep = () => {
    if (store.edit) store.edit.draft = area.value;
    else drafts.set(place, area.value);
    fit(area);
  };
  const send = async () => {
    const text = area.value.trim();
    if (!text) return;
    const sent = await (store.edit ? does("edit", { chat: where.id, message: store.edit.id, text }) : does("write", { chat: where.id, text, ...answering() }));
    if (sent === undefined) return;
    if (!store.edit) drafts.delete(place);
    show({ edit: null, reply: null });
    document.querySelector(".composer textarea")?.focus();
  };
  area.addEventListener("input", keep);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
    if (event.key === "Escape" && (store.edit || store.reply)) show({ edit: null, reply: null });
  });
  requestAnimationFrame(() => fit(area));
  return h("div", { class: "composer" }, strip(),
    h("div", { class: "composer-line" },
      button("", () => attach(where), { iconName: "attach", title: "Attach", key: "attach" }),
      area, commands(where),
      button("", send, { iconName: "send", title: "Send", kind: "send", key: "send" })));
}

function answering() {
  return store.reply ? { reply_to: store.reply.id, ...(store.reply.quote ? { quote: store.reply.quote } : {}) } : {};
}

function strip() {
  const what = store.edit ? { title: "Edit message", text: store.edit.text } : store.reply ? { title: `Reply to ${store.reply.name}`, text: store.reply.text } : null;
  if (!what) return null;
  return h("div", { class: "strip" }, icon(store.edit ? "edit" : "reply"), h("span", {}, h("strong", {}, what.title), h("small", {}, what.text)),
    button("", () => show({ edit: null, reply: null }), { iconName: "cross", title: "Cancel", key: "strip-cancel" }));
}

function fit(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 132)}px`;
}

function commands(where) {
  const known = where.commands;
  if (!known.length) return null;
  const run = async () => {
    const chosen = await choose("Commands", known.map((c) => ({ label: `/${c.command}`, note: c.description, value: c.command })));
    if (chosen) await does("write", { chat: where.id, text: `/${chosen}` });
  };
  return button("/", run, { kind: "slash", title: "Commands of the bot", key: "commands" });
}

async function attach(where) {
  const what = await choose("Attach", [
    { label: "Photo", iconName: "image", value: "photo" },
    { label: "Poll", iconName: "poll", value: "poll" },
    { label: "Document", iconName: "file", value: "document" },
    { label: "Video", iconName: "video", value: "video" },
    { label: "Voice message", iconName: "mic", value: "voice" },
  ]);
  if (!what) return;
  const given = await ask(...(what === "poll" ? POLL : captioned(what)));
  if (!given) return;
  if (what === "poll" && given.options.length < 2) { toast("A poll needs two options or more.", "refused"); return; }
  await does(what, { chat: where.id, ...given });
}

const POLL = ["New poll", [
  { name: "question", label: "Question", required: true },
  { name: "options", label: "Options, one a line", kind: "lines", required: true },
], "Send the poll"];

function captioned(what) {
  const names = { photo: "photo", video: "video", document: "document", voice: "voice message" };
  return [`Send a ${names[what]}`, [{ name: "caption", label: "Caption", kind: "area", hint: "The rehearsal makes the file itself" }], "Send"];
}
