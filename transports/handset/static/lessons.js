// The exercises: they begin when somebody says so, and their steps tick themselves from then on.

import { get } from "./api.js";

const PAUSE = 400; // Milliseconds: several lines come at once.
const room = document.getElementById("lessons");
const guide = document.getElementById("guide");
const begun = read(); // By exercise, the line that was the last when it began.
let timer = 0;

function read() {
  try {
    return JSON.parse(localStorage.getItem("handset.lessons")) ?? {};
  } catch {
    return {};
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It holds until the page is left.
  }
}

export function start(attempt) {
  for (const lesson of room.querySelectorAll(".lesson")) {
    show(lesson, []);
    lesson.querySelector(".begin").addEventListener("click", () => attempt(() => begin(lesson)));
  }
  guide.addEventListener("click", () => {
    open(room.hidden);
    if (!room.hidden) document.getElementById("lessons-title").focus();
  });
  addEventListener("storage", ({ key }) => {
    if (key !== "handset.lessons") return;
    Object.assign(begun, read());
    look();
  });
  let wanted = false;
  try {
    wanted = localStorage.getItem("handset.guide") === "open";
  } catch {
    // Closed, then.
  }
  open(wanted);
}

function open(wanted) {
  room.hidden = !wanted;
  guide.setAttribute("aria-expanded", String(wanted));
  write("handset.guide", wanted ? "open" : "closed");
  if (wanted) look();
}

async function begin(lesson) {
  begun[lesson.dataset.lesson] = (await get(`lessons?since=${Number.MAX_SAFE_INTEGER}`)).newest;
  write("handset.lessons", JSON.stringify(begun));
  show(lesson, []);
}

// Something has happened on a phone: look what of it was a step.
export function look() {
  if (room.hidden) return;
  clearTimeout(timer);
  timer = setTimeout(async () => {
    for (const since of new Set(Object.values(begun))) {
      const { done } = await get(`lessons?since=${since}`).catch(() => ({ done: {} }));
      for (const lesson of room.querySelectorAll(".lesson")) {
        const { lesson: id } = lesson.dataset;
        if (begun[id] === since && done[id]) show(lesson, done[id]);
      }
    }
  }, PAUSE);
}

function show(lesson, done) {
  const running = lesson.dataset.lesson in begun;
  const steps = [...lesson.querySelectorAll("li")];
  const next = running ? done.filter(Boolean).length : -1;
  steps.forEach((step, place) => {
    step.classList.toggle("done", Boolean(done[place]));
    step.classList.toggle("next", place === next);
    if (place === next) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
    step.querySelector(".done-words").hidden = !done[place];
  });
  lesson.querySelector(".count").textContent = running ? `${next}/${steps.length}` : "";
  const words = lesson.querySelector(".finished");
  const finished = running && next === steps.length ? words.dataset.words : "";
  if (words.textContent !== finished) words.textContent = finished;
  const button = lesson.querySelector(".begin");
  if (running) button.textContent = button.dataset.again;
}
