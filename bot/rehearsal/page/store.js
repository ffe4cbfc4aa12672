// What the page knows: whom one plays, which chat is open, and the world as each person sees it.

import * as api from "./api.js";

const listeners = new Set();
let timer = null;
let running = false;
let again = false;

export const store = {
  as: 0,
  chat: null,
  view: "chats", // chats | chat | info
  tab: "phone",
  state: null, // the last answer for the person one plays
  others: new Map(), // person id -> their chats, for badges and the day
  calls: [], // what the bot asked Telegram, oldest first
  online: true,
  reply: null,
  edit: null,
};

export function subscribe(run) {
  listeners.add(run);
}

export function changed() {
  for (const run of listeners) run();
}

export const person = () => store.state?.people.find((p) => p.id === store.as);
export const chats = () => store.state?.me?.chats ?? [];
export const chat = () => chats().find((c) => c.id === store.chat) ?? null;
export const messages = (where) => where?.messages ?? [];
export const chatsOf = (id) => (id === store.as ? chats() : (store.others.get(id) ?? []));

// The first visible person is the headteacher, unless the address names another.
export async function begin() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const first = await api.getState();
  store.as = Number(asked.get("as")) || first.people[0].id;
  store.state = first;
  await load();
  const where = Number(asked.get("chat"));
  if (where && chats().some((c) => c.id === where)) openChat(where);
}

export async function become(id, where = null) {
  Object.assign(store, { as: id, chat: null, view: "chats", reply: null, edit: null, tab: "phone" });
  await load();
  if (where !== null && chats().some((c) => c.id === where)) openChat(where);
  else remember();
}

export function openChat(id, view = "chat") {
  if (store.chat !== id) Object.assign(store, { reply: null, edit: null });
  Object.assign(store, { chat: id, view });
  remember();
  changed();
  if (chat()?.unread) markRead(id);
}

// Opens a chat that the world has only just given the person.
export async function openWhenThere(id) {
  await load();
  if (chats().some((c) => c.id === id)) openChat(id);
}

export function show(change) {
  Object.assign(store, change);
  changed();
}

function remember() {
  const place = new URLSearchParams({ as: store.as });
  if (store.chat !== null && store.view !== "chats") place.set("chat", store.chat);
  history.replaceState(null, "", `#${place}`);
}

async function markRead(id) {
  await api.act(store.as, "read", { chat: id }).catch(() => {});
}

// Reads the world again soon; many changes at once are read once.
export function refreshSoon() {
  if (running) again = true;
  else timer ??= setTimeout(refresh, 60);
}

async function refresh() {
  timer = null;
  running = true;
  try {
    await load();
    await loadOthers();
  } catch {
    store.online = false;
    changed();
  } finally {
    running = false;
    if (again) {
      again = false;
      refreshSoon();
    }
  }
}

async function load() {
  const wanted = store.as;
  const state = await api.getState(wanted);
  if (wanted !== store.as) return;
  store.state = state;
  store.online = true;
  if (store.chat !== null && !chat()) Object.assign(store, { chat: null, view: "chats" });
  if (store.view === "chat" && chat()?.unread && document.visibilityState === "visible") markRead(store.chat);
  changed();
}

async function loadOthers() {
  const ids = store.state.people.map((p) => p.id).filter((id) => id !== store.as);
  const [calls, ...answers] = await Promise.all([api.getCalls(store.calls.at(-1)?.n ?? 0), ...ids.map(api.getState)]);
  store.calls.push(...calls.filter((one) => one.method !== "getUpdates" && one.n > (store.calls.at(-1)?.n ?? 0)));
  ids.forEach((id, at) => store.others.set(id, answers[at].me?.chats ?? []));
  changed();
}
