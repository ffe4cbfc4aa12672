// Questions in a modal sheet at the foot of the phone: a choice, or a small form.

import { button, h, icon } from "./dom.js";

function sheet(title, content, { label = title } = {}) {
  const dialog = h("dialog", { class: "sheet", "aria-label": label });
  const close = button("", () => dialog.close(), { iconName: "cross", title: "Close" });
  dialog.append(h("div", { class: "sheet-head" }, h("h2", {}, title), close), content);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  overPhone(dialog);
  dialog.showModal();
  return dialog;
}

// Rises from the foot of the phone; where no phone is shown, from the foot of the window.
function overPhone(dialog) {
  const phone = document.querySelector(".phone")?.getBoundingClientRect();
  if (!phone?.width) return;
  dialog.style.setProperty("--middle", `${phone.left + phone.width / 2}px`);
  dialog.style.setProperty("--foot", `${innerHeight - phone.bottom + Math.min(28, phone.left)}px`);
}

// options: [{label, iconName, value, danger, note}]. Gives the value chosen, or null.
export function choose(title, options, lead = null) {
  return new Promise((resolve) => {
    let chosen = null;
    const items = options.map((option) =>
      h("button", { type: "button", class: `choice${option.danger ? " danger" : ""}`, on: { click: () => { chosen = option.value; dialog.close(); } } },
        option.iconName ? icon(option.iconName) : null,
        h("span", {}, option.label, option.note ? h("small", {}, option.note) : null)));
    const dialog = sheet(title, h("div", { class: "choices" }, lead, items));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(chosen); });
  });
}

// fields: [{name, label, kind: text|area|check|lines, value, hint, required}]. Gives {name: value}, or null.
export function ask(title, fields, action) {
  return new Promise((resolve) => {
    let given = null;
    const inputs = new Map(fields.map((field) => [field.name, input(field)]));
    const rows = fields.map((field) => {
      const control = inputs.get(field.name);
      if (field.kind === "check") return h("label", { class: "check" }, control, h("span", {}, field.label, field.hint ? h("small", {}, field.hint) : null));
      return h("label", { class: "field" }, h("span", {}, field.label), control, field.hint ? h("small", {}, field.hint) : null);
    });
    const form = h("form", { method: "dialog", class: "form" }, rows, h("button", { type: "submit", class: "primary" }, action));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      given = Object.fromEntries(fields.map((field) => [field.name, read(field, inputs.get(field.name))]));
      dialog.close();
    });
    const dialog = sheet(title, form);
    dialog.addEventListener("close", () => { dialog.remove(); resolve(given); });
  });
}

function input(field) {
  if (field.kind === "check") {
    const box = h("input", { type: "checkbox", name: field.name });
    box.checked = Boolean(field.value);
    return box;
  }
  const area = field.kind === "area" || field.kind === "lines";
  const control = h(area ? "textarea" : "input", { name: field.name, required: field.required, rows: area ? 4 : null, autocomplete: "off" });
  control.value = field.value ?? "";
  return control;
}

function read(field, control) {
  if (field.kind === "check") return control.checked;
  if (field.kind === "lines") return control.value.split("\n").map((line) => line.trim()).filter(Boolean);
  return control.value.trim();
}

// A plain message with one button, as Telegram shows an alert.
export function tell(title, text) {
  const done = button("OK", () => dialog.close(), { kind: "primary" });
  const dialog = sheet(title, h("div", { class: "told" }, h("p", {}, text), done));
  dialog.addEventListener("close", () => dialog.remove());
}
