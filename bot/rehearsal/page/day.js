// "A school's day": what to try, in a sensible order. A step is ticked by what is so in the world (messages, members,
// what the bot asked of Telegram), never because somebody pressed something on this page.

import { button, h, icon } from "./dom.js";
import { become, chatsOf, store } from "./store.js";

const first = (pattern) => store.state.people.find((p) => pattern.test(p.role_label));
const privateChat = (one) => chatsOf(one?.id).find((c) => c.type === "private");
const fromBot = (message) => message.from?.id === store.state.bot.id && !message.service;
const questions = (message) => message.buttons.flat().filter((key) => key.data);

// What the steps look at: everybody's groups, once each, and who is who.
function survey() {
  const people = store.state.people;
  const parents = people.filter((p) => /parent/i.test(p.role_label));
  const groups = new Map(people.flatMap((p) => chatsOf(p.id)).filter((c) => c.type !== "private" && c.in_chat).map((c) => [c.id, c]));
  const withBot = [...groups.values()].filter((c) => ["administrator", "member"].includes(c.bot.status));
  const changes = store.calls.filter((call) => call.method === "setChatPermissions" && call.status === 200);
  const deciders = people.filter((p) => /headteacher|deputy|chair/i.test(p.role_label));
  const alerts = deciders.flatMap((p) => (privateChat(p)?.messages ?? []).filter((m) => fromBot(m) && m.protected));
  return {
    head: first(/^headteacher/i), rep: first(/class rep/i), parents, groups: [...groups.values()], withBot, alerts,
    newcomer: parents.find((p) => !chatsOf(p.id).some((c) => c.type !== "private")) ?? parents.at(-1),
    writer: parents.find((p) => answered(p)) ?? parents[1],
    shut: changes.findIndex((call) => !writing(call)), opened: changes.findLastIndex(writing),
  };
}

const writing = (call) => Boolean(call.params.permissions?.can_send_messages);

// A parent has settled two questions of the bot's: the code of conduct, and whether it may read.
function answered(one) {
  const chat = privateChat(one);
  const asked = (chat?.messages ?? []).filter(fromBot);
  return Boolean(chat?.started) && asked.filter((m) => m.edited && !questions(m).length).length >= 2;
}

const said = (chat, who) => chat.messages.filter((m) => !m.service && who.some((p) => p.id === m.from.id));

// When the bot began its work in a group: it wrote there, or, where members are approved, made its own link.
function approval(chat) {
  const links = store.calls.filter((call) => call.method === "createChatInviteLink" && call.status === 200 && call.params.chat_id === chat.id);
  return Math.min(...chat.messages.filter(fromBot).map((m) => m.date), ...links.map((call) => call.at), Infinity);
}

export function steps() {
  const s = survey();
  const group = s.withBot[0] ?? s.groups[0];
  const talked = s.withBot.some((c) => said(c, s.parents).some((m) => m.date >= approval(c)));
  return [
    { title: "The headteacher opens her letter", who: s.head, done: Boolean(privateChat(s.head)?.started),
      hint: "Her letter carries a link that works once and tells the bot who she is." },
    { title: "The class rep adds the bot", who: s.rep, chat: group?.id, done: s.withBot.some((c) => c.bot.status === "administrator"),
      hint: "Open the group, touch its name, add the bot, and make it an administrator." },
    { title: "The headteacher approves the group", who: s.head, chat: s.head?.id, done: s.withBot.some((c) => approval(c) < Infinity),
      hint: "Until she does, nothing that is written there is read." },
    { title: "A parent opens a letter and answers", who: s.writer, chat: s.writer?.id, done: s.parents.some(answered),
      hint: "Read the code of conduct, then say whether the bot may read your messages. Both answers are fine." },
    { title: "Another parent joins by the link", who: s.rep, chat: group?.id, done: s.withBot.some((c) => c.messages.some((m) => /joined the group$/.test(m.service ?? ""))),
      hint: "Touch the group's name and hand its invite link to somebody. The stranger can try it too." },
    { title: "Parents chat", who: s.writer, chat: group?.id, done: talked,
      hint: "Write about reading folders and wellies. The bot stays out of it." },
    { title: "A parent crosses a line", who: s.writer, chat: group?.id, done: s.alerts.length > 0,
      hint: "As a parent who agreed, be abusive about a teacher. Nobody is told off in the group." },
    { title: "The headteacher reads the alert and decides", who: s.head, chat: s.head?.id, done: s.alerts.some((m) => !questions(m).length),
      hint: "The alert says what, who, which clause, how sure and why. She gives a reason with her decision." },
    { title: "The group is closed", who: s.head, chat: s.head?.id, done: s.shut >= 0,
      hint: "From the alert, or with /close in her private chat. Then try to write as a parent." },
    { title: "The group is reopened", who: s.head, chat: s.head?.id, done: s.shut >= 0 && s.opened > s.shut && s.groups.some((c) => !c.is_closed),
      hint: "With /reopen: what members could do before comes back exactly." },
  ];
}

export function drawDay() {
  const all = steps();
  const next = all.findIndex((one) => !one.done);
  const count = all.filter((one) => one.done).length;
  return h("section", { class: "card day", "aria-label": "A school's day" },
    h("div", { class: "card-head" }, h("h2", {}, "A school's day"), h("span", { class: "count" }, `${count} of ${all.length}`)),
    h("div", { class: "progress", "aria-hidden": "true" }, all.map((one) => h("i", { class: one.done ? "done" : "" }))),
    h("ol", {}, all.map((one, at) => step(one, at, at === next))));
}

function step(one, at, isNext) {
  const state = one.done ? "done" : isNext ? "next" : "later";
  return h("li", { class: `step ${state}`, "aria-current": isNext ? "step" : null },
    h("span", { class: "tick", "aria-hidden": "true" }, one.done ? icon("check") : String(at + 1)),
    h("div", {}, h("strong", {}, one.title, h("span", { class: "hidden" }, one.done ? " (done)" : "")),
      isNext ? h("p", {}, one.hint) : null,
      isNext && one.who ? button(`Be ${one.who.name}`, () => become(one.who.id, one.chat ?? null), { kind: "quiet", key: `step-${at}` }) : null));
}
