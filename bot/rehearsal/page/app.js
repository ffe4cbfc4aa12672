// Puts the page together and keeps it in step with the world.

import { follow } from "./api.js";
import { drawDay } from "./day.js";
import { h, replace } from "./dom.js";
import { drawPeople, drawTabs } from "./people.js";
import { drawPhone } from "./phone.js";
import { drawRules } from "./rules.js";
import { begin, refreshSoon, store, subscribe } from "./store.js";
import { drawTools } from "./tools.js";

const place = (id) => document.getElementById(id);

function draw() {
  if (!store.state) return;
  drawPeople(place("people"));
  drawPhone(place("phone"));
  replace(place("panel"), h("div", { class: "scroll", data: { scroll: "panel" } }, drawTools(), drawDay(), drawRules()));
  place("stage").dataset.tab = store.tab;
  drawTabs(place("tabs"));
  const running = store.state.bot.running;
  replace(place("status"), h("span", { class: `lamp ${store.online ? (running ? "on" : "off") : "off"}` }),
    store.online ? (running ? "The bot is running" : "The bot is not running") : "The rehearsal has stopped");
}

subscribe(draw);
follow({
  changed: refreshSoon,
  found: refreshSoon,
  lost: () => { store.online = false; draw(); },
});
setInterval(refreshSoon, 15000); // the minute on the clock, and whether the bot still polls
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") refreshSoon(); });

begin().then(refreshSoon, () => replace(place("phone"), h("p", { class: "noscript" }, "The rehearsal is not answering. Is it still running in the terminal?")));
