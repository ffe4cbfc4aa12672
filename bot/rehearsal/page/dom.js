// Building the page out of elements. Text always becomes a text node: nothing that a person or the bot wrote
// is ever parsed as HTML, except through `formatted`, which copies a short list of tags and no attributes.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-5 16-3.5-6.5z M11.5 13.5L20 4",
  attach: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.700 4.700L9.300 17a1.700 1.700 0 0 1-2.400-2.400L14.500 7",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  lock: "M6 11h12v9H6z M8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  pin: "M9 4h6l-1 6 3 3H7l3-3z M12 13v7",
  reply: "M10 7L4 12l6 5v-3.500c5 0 8 1 10 4-.500-5-3.500-8-10-8z",
  plus: "M12 5v14M5 12h14",
  link: "M10 14a4 4 0 0 0 6 .500l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.500l-3 3a4 4 0 0 0 6 6l1-1",
  check: "M5 12.500l4.500 4.500L19 7.500",
  cross: "M6 6l12 12M18 6L6 18",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M12 7v5l3.500 2",
  people: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z M2.500 20a6.500 6.500 0 0 1 13 0 M16 4.500a3.500 3.500 0 0 1 0 6.500 M18 14.500a6.500 6.500 0 0 1 3.500 5.500",
  phone: "M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z M11 18h2",
  list: "M4 6l1.500 1.500L8 5 M4 13l1.500 1.500L8 12 M11 7h9M11 14h9M4 20h16",
  letter: "M3 6h18v12H3z M3 7l9 6.500L21 7",
  power: "M12 4v8 M7 6.500a8 8 0 1 0 10 0",
  play: "M8 5l11 7-11 7z",
  image: "M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15.500 9h.01",
  poll: "M5 20V10M12 20V4M19 20v-7",
  file: "M7 3h7l4 4v14H7z M14 3v4h4",
  mic: "M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4z M6 11a6 6 0 0 0 12 0 M12 17v4",
  video: "M4 7h11v10H4z M15 11l5-3v8l-5-3",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  forward: "M14 7l6 5-6 5v-3.500c-5 0-8 1-10 4 .500-5 3.500-8 10-8z",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  moon: "M20 14.500A8.500 8.500 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? "");
  svg.append(path);
  return svg;
}

// h("button", {class: "x", on: {click}, data: {key: "k"}}, "text", child, [children], null)
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "hue") element.style.setProperty("--hue", value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(label, run, { iconName, key, kind = "", title, disabled, ...rest } = {}) {
  const classes = iconName && !label ? `icon-button ${kind}` : kind;
  const props = { type: "button", class: classes, title, disabled, on: { click: run }, data: key ? { key } : {}, ...rest };
  if (!label && title) props["aria-label"] = title;
  return h("button", props, iconName ? icon(iconName) : null, label ? h("span", {}, label) : null);
}

export function avatar(name, id, { bot = false, group = false } = {}) {
  if (bot) return h("span", { class: "avatar bot", "aria-hidden": "true" }, h("img", { src: "/static/icon.svg", alt: "" }));
  const words = name.replace(/^(Mrs|Mr|Miss|Ms|Dr)\s+/, "").split(/\s+/);
  const letters = (words[0]?.[0] ?? "?") + (words.length > 1 ? (words.at(-1).match(/\p{L}/u)?.[0] ?? "") : "");
  return h("span", { class: `avatar${group ? " group" : ""}`, hue: hue(id), "aria-hidden": "true" }, letters.toUpperCase());
}

// Hues that stay apart for neighbours in a list of ids that follow one another.
export function hue(id) {
  return (Math.abs(Number(id)) * 137) % 360;
}

// Puts `children` into `place`, keeping the keyboard focus where it was (by data-key) and every scroll position.
export function replace(place, ...children) {
  const focused = place.contains(document.activeElement) ? document.activeElement.closest("[data-key]")?.dataset.key : null;
  const scrolled = [...place.querySelectorAll("[data-scroll]")].map((e) => [e.dataset.scroll, e.scrollTop]);
  place.replaceChildren(...children.flat(Infinity).filter(Boolean));
  for (const [key, top] of scrolled) {
    const again = place.querySelector(`[data-scroll="${CSS.escape(key)}"]`);
    if (again) again.scrollTop = top;
  }
  if (focused) place.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

const KEPT = new Set(["B", "STRONG", "I", "EM", "U", "S", "CODE", "PRE", "BLOCKQUOTE"]);

// The server's rendering of a message's entities, as nodes. `follow(url)` is called for a link.
export function formatted(html, follow) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const copy = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
    if (node.nodeType !== Node.ELEMENT_NODE) return [];
    if (node.tagName === "BR") return [document.createTextNode("\n")];
    const inside = [...node.childNodes].flatMap(copy);
    if (node.tagName === "A") {
      const address = node.getAttribute("href") ?? "";
      return [h("button", { type: "button", class: "text-link", on: { click: () => follow(address) } }, inside)];
    }
    return KEPT.has(node.tagName) ? [h(node.tagName.toLowerCase(), {}, inside)] : inside;
  };
  return [...parsed.body.childNodes].flatMap(copy).map(besideBlock);
}

// A quotation stands on lines of its own: the line breaks around it would be a second gap.
function besideBlock(node, at, all) {
  if (node.nodeType !== Node.TEXT_NODE) return node;
  const block = (other) => ["BLOCKQUOTE", "PRE"].includes(other?.tagName);
  let text = node.data;
  if (block(all[at - 1])) text = text.replace(/^\n/, "");
  if (block(all[at + 1])) text = text.replace(/\n$/, "");
  return document.createTextNode(text);
}
