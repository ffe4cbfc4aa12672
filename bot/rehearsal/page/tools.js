// The clock and the bot's process.

import * as api from "./api.js";
import { attempt } from "./doing.js";
import { button, h, icon } from "./dom.js";
import { refreshSoon, store } from "./store.js";
import { ahead, clockTime, dayName } from "./times.js";

const HOUR = 3600;

export function drawTools() {
  return [clock(), bot()];
}

function clock() {
  const now = store.state.now;
  return h("section", { class: "card clock", "aria-label": "Clock" },
    h("div", { class: "clock-face" }, icon("clock"), h("strong", {}, clockTime(now)), h("span", {}, dayName(now), h("small", {}, ahead(store.state.offset)))),
    h("div", { class: "row" },
      button("+1 hour", () => move(HOUR), { kind: "quiet", key: "hour" }), button("+1 day", () => move(24 * HOUR), { kind: "quiet", key: "day" }), button("+7 days", () => move(7 * 24 * HOUR), { kind: "quiet", key: "week" })));
}

async function move(seconds) {
  await attempt(() => api.advance(seconds));
  refreshSoon();
}

function bot() {
  const about = store.state.bot;
  const stopped = about.process === null ? !about.running : !about.process;
  const status = about.exit_status;
  const words = stopped ? `Stopped${status === null || status === undefined ? "" : `, exit status ${status}`}`
    : about.running ? "Running" : "Starting";
  const run = async () => {
    await attempt(() => api.switchBot(stopped ? "start" : "stop"));
    refreshSoon();
  };
  return h("section", { class: "card process", "aria-label": "The bot's process" },
    h("span", { class: `lamp ${stopped ? "off" : about.running ? "on" : "wait"}` }),
    h("span", {}, h("strong", {}, "The bot"), h("small", {}, words)),
    button(stopped ? "Start" : "Stop", run, { iconName: stopped ? "play" : "power", kind: "quiet", key: "process" }));
}
