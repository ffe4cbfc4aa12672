// About a chat: who is in it and as what, its links, and what its administrators can do.

import { ask, choose } from "./dialogs.js";
import { does, toast } from "./doing.js";
import { avatar, button, h, icon } from "./dom.js";
import { followLink } from "./chats.js";
import { become, chat, show, store } from "./store.js";

// What the bot asks for. Anyone who makes it an administrator can leave one out, to see what it then says.
export const RIGHTS = [
  ["can_delete_messages", "Delete messages"],
  ["can_restrict_members", "Restrict members", "and close the group"],
  ["can_invite_users", "Invite users", "and decide who joins"],
  ["can_pin_messages", "Pin messages"],
  ["can_manage_topics", "Manage topics", "in a group with topics"],
];
const PERMISSIONS = [
  ["can_send_messages", "Write messages"], ["can_send_photos", "Send photos"], ["can_send_videos", "Send videos"],
  ["can_send_documents", "Send documents"], ["can_send_voice_notes", "Send voice messages"], ["can_send_polls", "Send polls"],
  ["can_invite_users", "Add members"], ["can_pin_messages", "Pin messages"],
];
const STATUS = { creator: "owner", administrator: "admin", restricted: "restricted", member: "" };

export function drawInfo() {
  const where = chat();
  const isBot = where.type === "private";
  const title = isBot ? where.title || "Schoolgate" : where.title;
  return [
    h("header", { class: "bar" },
      button("", () => show({ view: "chat" }), { iconName: "back", title: "Back to the chat", key: "back" }),
      h("div", { class: "bar-title" }, h("strong", {}, isBot ? "Bot" : "Group"))),
    h("div", { class: "info", data: { scroll: `info-${where.id}` } },
      h("div", { class: "info-head" }, avatar(title, where.id, { bot: isBot, group: !isBot }), h("h2", {}, title),
        h("p", {}, isBot ? `@${store.state.bot.username}` : kind(where))),
      isBot ? aboutBot(where) : [actions(where), requests(where), links(where), members(where)]),
  ];
}

function kind(where) {
  const names = { group: "Basic group", supergroup: where.forum ? "Supergroup with topics" : "Supergroup", channel: "Channel" };
  return `${names[where.type] ?? where.type}${where.is_closed ? ", closed" : ""}`;
}

function aboutBot(where) {
  return h("div", { class: "actions" },
    where.blocked ? action("Unblock the bot", "check", () => does("unblock_bot", {}))
      : action("Block the bot", "cross", () => does("block_bot", {}), "It can no longer write to you", true));
}

function action(label, iconName, run, note = null, danger = false) {
  return h("button", { type: "button", class: `choice${danger ? " danger" : ""}`, data: { key: `action-${label}` }, on: { click: run } },
    icon(iconName), h("span", {}, label, note ? h("small", {}, note) : null));
}

function actions(where) {
  const bot = where.members.find((m) => m.id === store.state.bot.id);
  if (!where.in_chat) return null;
  return h("div", { class: "actions" },
    bot ? null : action("Add the bot", "plus", () => does("add_bot", { chat: where.id })),
    bot ? action(bot.status === "administrator" ? "Change the bot's rights" : "Make the bot an administrator", "check", () => promoteBot(where, bot)) : null,
    action("Add a member", "people", () => addMember(where)),
    action("Permissions of members", "lock", () => permissions(where), where.is_closed ? "Closed: only administrators write" : null),
    where.type === "group" ? action("Turn into a supergroup", "forward", () => does("upgrade", { chat: where.id }), "Its id changes") : null,
    where.can.invite.ok && where.type === "supergroup" ? action(where.approve_new ? "Let people in by a link at once" : "Approve new members first", "people",
      () => does("approve_new", { chat: where.id, on: !where.approve_new }), where.approve_new ? "Now: whoever follows a link asks to join" : "Now: whoever follows a link is in") : null,
    where.forum ? action("New topic", "plus", () => newTopic(where)) : null,
    action("Leave the group", "cross", () => does("leave", { chat: where.id }), null, true));
}

function requests(where) {
  if (!where.join_requests.length) return null;
  const line = (one) => h("div", { class: "invite" }, h("strong", {}, one.name), h("div", { class: "row" },
    button("Let in", () => does("approve_request", { chat: where.id, user: one.user }), { kind: "quiet", key: `let-${one.user}` }),
    button("Turn down", () => does("decline_request", { chat: where.id, user: one.user }), { kind: "quiet", key: `no-${one.user}` })));
  return h("section", {}, h("h3", {}, "Asked to join"), where.join_requests.map(line));
}

function links(where) {
  if (!where.invite_links.length) return null;
  return h("section", {}, h("h3", {}, "Invite links"), where.invite_links.map((one) =>
    h("div", { class: `invite${one.revoked ? " revoked" : ""}` }, h("code", {}, one.link.replace("https://", "")),
      h("small", {}, `Made by ${one.by}. ${one.revoked ? "Revoked" : one.requests ? "Whoever follows it asks to join" : "Whoever follows it is in at once"}`),
      one.revoked ? null : button("Hand it to somebody", () => handOver(one.link), { iconName: "link", kind: "quiet", key: `hand-${one.link}` }))));
}

async function handOver(url) {
  const who = await choose("Who follows the link?", others());
  if (who === null) return;
  await become(who);
  await followLink(url);
}

function others() {
  return store.state.people.filter((p) => p.id !== store.as).map((p) => ({ label: p.name, note: p.role_label, value: p.id }));
}

function members(where) {
  const list = where.members;
  return h("section", {}, h("h3", {}, `Members (${list.length})`), h("ul", { class: "members" }, list.map((one) =>
    h("li", {}, h("button", { type: "button", class: "member", data: { key: `member-${one.id}` }, on: { click: () => memberActions(where, one) } },
      avatar(one.name, one.id, { bot: one.is_bot }), h("span", {}, one.name), h("small", { class: "chip" }, one.anonymous ? "anonymous admin" : (STATUS[one.status] ?? one.status)))))));
}

async function memberActions(where, one) {
  if (one.is_bot) {
    const what = await choose(one.name, [
      { label: "Change its rights", value: "rights", iconName: "check" },
      one.status === "administrator" ? { label: "Take its rights away", value: "demote", iconName: "cross" } : null,
      { label: "Remove the bot", value: "remove", iconName: "trash", danger: true },
    ].filter(Boolean));
    if (what === "rights") await promoteBot(where, one);
    else if (what) await does(what === "remove" ? "remove_bot" : "demote", { chat: where.id, user: one.id });
    return;
  }
  const admin = one.status === "administrator";
  const what = await choose(one.name, [
    admin ? { label: "No longer an administrator", value: "demote", iconName: "cross" } : { label: "Make administrator", value: "promote", iconName: "check" },
    { label: "Make anonymous administrator", value: "anonymous", iconName: "people", note: "Writes in the name of the group" },
    { label: "Remove from the group", value: "remove_member", iconName: "trash", danger: true },
  ]);
  const rights = Object.fromEntries(RIGHTS.map(([name]) => [name, true]));
  const details = { chat: where.id, user: one.id };
  if (what === "promote" || what === "anonymous") await does("promote", { ...details, rights, anonymous: what === "anonymous" });
  else if (what) await does(what, details);
}

async function promoteBot(where, bot) {
  const now = bot.rights;
  const fresh = bot.status !== "administrator";
  const given = await ask("What the bot may do", RIGHTS.map(([name, label, hint]) =>
    ({ name, label, hint, kind: "check", value: fresh ? name !== "can_manage_topics" || where.forum : now[name] })), "Make it an administrator");
  if (given && (await does("promote", { chat: where.id, user: bot.id, rights: given })) !== undefined) toast("The bot is an administrator.");
}

async function addMember(where) {
  const inside = new Set(where.members.map((m) => m.id));
  const who = await choose("Add a member", others().filter((one) => !inside.has(one.value)));
  if (who !== null) await does("add_member", { chat: where.id, user: who });
}

async function permissions(where) {
  const given = await ask("Members may", PERMISSIONS.map(([name, label]) => ({ name, label, kind: "check", value: where.permissions?.[name] })), "Save");
  if (given) await does("set_permissions", { chat: where.id, permissions: { ...where.permissions, ...given } });
}

async function newTopic(where) {
  const given = await ask("New topic", [{ name: "name", label: "Name", required: true }], "Make it");
  if (given) await does("create_topic", { chat: where.id, name: given.name });
}
