// The list of everybody whom one can be.

import { avatar, button, h, icon, replace } from "./dom.js";
import { hush } from "./doing.js";
import { become, chatsOf, store } from "./store.js";

const STAFF = /head|deputy|safeguard|chair|governor|teacher|office|staff/i;
const PARENTS = /parent|rep/i;

export function drawPeople(place) {
  const people = store.state.people;
  const parents = people.filter((p) => PARENTS.test(p.role_label));
  const school = people.filter((p) => !parents.includes(p) && STAFF.test(p.role_label));
  const rest = people.filter((p) => !parents.includes(p) && !school.includes(p));
  replace(place, h("div", { class: "scroll", data: { scroll: "people" } },
    h("h2", {}, "Who are you?"),
    section("The school", school), section("Parents", parents), section("Others", rest)));
}

function section(title, people) {
  if (!people.length) return null;
  return h("section", { "aria-label": title }, h("h3", {}, title), h("ul", {}, people.map((p) => h("li", {}, row(p)))));
}

function row(one) {
  const unread = one.unread;
  const props = {
    type: "button",
    class: "person",
    "aria-pressed": String(one.id === store.as),
    title: one.note,
    data: { key: `person-${one.id}` },
    on: { click: () => { hush(); become(one.id); } },
  };
  return h("button", props,
    avatar(one.name, one.id),
    h("span", { class: "who" }, h("strong", {}, one.name), h("small", {}, one.role_label)),
    one.letter && !started(one.id) ? h("span", { class: "hint-icon", title: "Has a letter to open" }, icon("letter")) : null,
    unread ? h("span", { class: "badge" }, String(unread), h("span", { class: "hidden" }, " unread")) : null);
}

function started(id) {
  return chatsOf(id).some((c) => c.type === "private" && c.started);
}

export function drawTabs(place) {
  const tabs = [["people", "people", "People"], ["phone", "phone", "Phone"], ["panel", "list", "The day"]];
  replace(place, tabs.map(([name, iconName, label]) =>
    button(label, () => { store.tab = name; document.getElementById("stage").dataset.tab = name; drawTabs(place); },
      { iconName, key: `tab-${name}`, "aria-pressed": String(store.tab === name) })));
}
