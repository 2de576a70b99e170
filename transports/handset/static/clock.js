// The platform's time: shown in its own zone, ticking here, moved there.

import { post } from "./api.js";

const language = document.documentElement.lang;
const timeZone = document.documentElement.dataset.zone;
const time = new Intl.DateTimeFormat(language, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(language, { timeZone, weekday: "long", day: "numeric", month: "long" });
const unit = (name, count) =>
  new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" }).format(count);

let ahead = 0; // Milliseconds that the platform is ahead of this browser.
let known = 0; // Minutes that the platform's clock is ahead of the machine's.
let putBack = () => {}; // What is done when it goes back: the lines have other times then.

export const hourOf = (iso) => time.format(new Date(iso));
export const dayOf = (iso) => day.format(new Date(iso));

export function set({ now, moved_minutes: moved }) {
  ahead = new Date(now) - Date.now();
  document.getElementById("moved").hidden = moved === 0;
  document.getElementById("moved-by").textContent = spelled(moved);
  document.getElementById("back").hidden = moved === 0;
  document.querySelector(".moved .hint").hidden = moved !== 0;
  tick();
  const before = known;
  known = moved;
  if (moved < before) putBack();
}

export function start(trouble, goneBack) {
  putBack = goneBack;
  for (const button of document.querySelectorAll("[data-minutes]")) {
    button.addEventListener("click", () =>
      trouble(() => move(Number(button.dataset.minutes))));
  }
  document.getElementById("tomorrow").addEventListener("click", () => trouble(() => move(untilTomorrow())));
  const back = document.getElementById("back");
  back.addEventListener("click", () =>
    trouble(async () => {
      back.disabled = true; // Once is enough; it takes a moment.
      try {
        set(await post("clock/back", {}));
      } finally {
        back.disabled = false;
      }
      document.getElementById("tomorrow").focus(); // The button that was pressed is gone.
    }));
  setInterval(tick, 1000);
}

const move = async (minutes) => set(await post("clock", { minutes }));

// Minutes to nine in the morning of the next day there.
function untilTomorrow() {
  const [hours, minutes] = time.format(new Date(Date.now() + ahead)).split(":").map(Number);
  return 24 * 60 - (hours * 60 + minutes) + 9 * 60;
}

function tick() {
  const now = new Date(Date.now() + ahead);
  const shown = document.getElementById("now");
  if (shown.textContent === time.format(now)) return;
  shown.textContent = time.format(now);
  shown.dateTime = now.toISOString();
  for (const bar of document.querySelectorAll(".bar-time")) bar.textContent = shown.textContent;
  document.getElementById("today").textContent = day.format(now);
}

function spelled(minutes) {
  const parts = [["day", Math.floor(minutes / 1440)], ["hour", Math.floor(minutes / 60) % 24], ["minute", minutes % 60]];
  return parts.filter(([, count]) => count).map(([name, count]) => unit(name, count)).join(" ");
}
