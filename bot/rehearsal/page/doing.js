// Doing something as the person one plays, and telling what came of it: one place for refusals and notices.

import * as api from "./api.js";
import { refreshSoon, store } from "./store.js";

let clearing = null;

export function toast(text, kind = "") {
  const place = document.getElementById("toast");
  place.textContent = text;
  const phone = document.querySelector(".phone")?.getBoundingClientRect();
  place.style.setProperty("--middle", phone?.width ? `${phone.left + phone.width / 2}px` : "50%");
  place.className = `toast shown ${kind}`;
  clearTimeout(clearing);
  clearing = setTimeout(() => { place.className = "toast"; }, Math.max(3500, text.length * 70));
}

// What was told to one person is no news to the next.
export function hush() {
  document.getElementById("toast").className = "toast";
}

// Runs `work`, and shows what Telegram or the rehearsal refused. Returns undefined then.
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof api.Refusal)) throw error;
    toast(error.message, "refused");
    return undefined;
  }
}

// `done` tells a refusal (undefined) from an action that gives back nothing.
export function does(what, details) {
  return attempt(async () => {
    const result = await api.act(store.as, what, details);
    refreshSoon();
    return result ?? true;
  });
}
