// World time as a school in Britain reads it. `seconds` are Unix seconds of the rehearsal's clock.

const ZONE = { timeZone: "Europe/London" };
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", ...ZONE });
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", ...ZONE });
const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", ...ZONE });

export function seconds(value) {
  return typeof value === "number" ? value : Date.parse(value) / 1000;
}

export function clockTime(value) {
  return CLOCK.format(seconds(value) * 1000);
}

export function dayName(value) {
  return DAY.format(seconds(value) * 1000);
}

// For a chat list: the time today, the date before.
export function brief(value, now) {
  return dayName(value) === dayName(now) ? clockTime(value) : SHORT.format(seconds(value) * 1000);
}

export function ahead(offset) {
  const hours = Math.round(offset / 3600);
  if (hours === 0) return "real time";
  const days = Math.floor(hours / 24);
  const parts = [days ? `${days} day${days === 1 ? "" : "s"}` : "", hours % 24 ? `${hours % 24} h` : ""];
  return `${parts.filter(Boolean).join(" ")} ahead of real time`;
}
