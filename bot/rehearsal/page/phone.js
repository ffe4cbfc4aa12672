// The phone of the person one plays.

import { drawChats } from "./chats.js";
import { h, replace } from "./dom.js";
import { drawInfo } from "./info.js";
import { chat, person, store } from "./store.js";
import { drawThread, rememberScroll, settleScroll } from "./thread.js";
import { clockTime } from "./times.js";

export function drawPhone(place) {
  rememberScroll();
  const view = chat() ? store.view : "chats";
  const screen = { chats: drawChats, chat: drawThread, info: drawInfo }[view]();
  const caret = caretOf(place);
  replace(place,
    h("div", { class: `phone view-${view}`, "aria-label": `The phone of ${person().name}`, role: "group" },
      h("div", { class: "phone-status", "aria-hidden": "true" }, h("span", {}, clockTime(store.state.now)), h("span", { class: "island" }), h("span", { class: "signal" }, "5G")),
      h("div", { class: "screen" }, screen),
      h("div", { class: "home-bar", "aria-hidden": "true" })));
  settleScroll();
  restore(place, caret);
}

// A change of the world redraws the phone while somebody writes: the caret stays where it was.
function caretOf(place) {
  const active = document.activeElement;
  return active?.tagName === "TEXTAREA" && place.contains(active) ? [active.selectionStart, active.selectionEnd] : null;
}

function restore(place, caret) {
  const area = place.querySelector(".composer textarea");
  if (caret && area && document.activeElement === area) area.setSelectionRange(...caret);
}
