// The platform's time: shown in its own zone, ticking here, moved there.

import { post } from "./api.js";

const language = document.documentElement.lang;
const timeZone = document.documentElement.dataset.zone;
const time = new Intl.DateTimeFormat(language, { timeZone, hour: "2-digit", minute: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(language, { timeZone, weekday: "long", day: "numeric", month: "long" });
const unit = (name, count) =>
  new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" }).format(count);

let ahead = 0; // Milliseconds that the platform is ahead of this browser.

export const hourOf = (iso) => time.format(new Date(iso));
export const dayOf = (iso) => day.format(new Date(iso));

export function set({ now, moved_minutes: moved }) {
  ahead = new Date(now) - Date.now();
  document.getElementById("moved").hidden = moved === 0;
  document.getElementById("moved-by").textContent = spelled(moved);
  tick();
}

export function start(trouble) {
  for (const button of document.querySelectorAll("[data-minutes]")) {
    button.addEventListener("click", () =>
      trouble(async () => set(await post("clock", { minutes: Number(button.dataset.minutes) }))));
  }
  setInterval(tick, 1000);
}

function tick() {
  const now = new Date(Date.now() + ahead);
  const shown = document.getElementById("now");
  if (shown.textContent === time.format(now)) return;
  shown.textContent = time.format(now);
  shown.dateTime = now.toISOString();
  document.getElementById("today").textContent = day.format(now);
}

function spelled(minutes) {
  const parts = [["day", Math.floor(minutes / 1440)], ["hour", Math.floor(minutes / 60) % 24], ["minute", minutes % 60]];
  return parts.filter(([, count]) => count).map(([name, count]) => unit(name, count)).join(" ");
}
