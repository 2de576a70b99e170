// One line of a conversation as an element. Every text goes in as text, never as markup.

import { hourOf } from "./clock.js";
import { leadingTo, marked } from "./marks.js";

export const clone = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

// `act` is told what was pressed: `press(line, data)` or `reply(line)`.
export function element(line, act) {
  if (line.blocked !== null) return clone(line.blocked ? "t-blocked" : "t-unblocked");
  if (line.call) return called(line);
  if (line.withdrawn) return clone("t-withdrawn");
  return line.pressed ? pressed(line) : bubble(line, act);
}

function pressed(line) {
  const item = clone("t-pressed");
  item.querySelector("b").textContent = line.pressed;
  return item;
}

function called(line) {
  const item = clone("t-call");
  item.classList.add(line.call);
  if (line.call === "missed") item.querySelector("use").setAttribute("href", "#i-missed");
  for (const state of item.querySelectorAll("b")) state.hidden = !state.matches(`.state-${line.call}`);
  item.querySelector(".cut").hidden = !line.withdrawn;
  // While it goes on, its words are those of the call that lies over the screen.
  item.querySelector(".last").textContent = line.call === "ended" ? line.text : "";
  stamp(item, line);
  return item;
}

function stamp(item, line) {
  const time = item.querySelector("time");
  time.dateTime = line.at;
  time.textContent = hourOf(line.at);
}

function bubble(line, act) {
  const item = clone("t-line");
  item.classList.add(line.direction);
  const other = line.direction === "in" ? ".from-out" : ".from-in";
  item.querySelector(other).remove();
  const said = item.querySelector(".said");
  said.append(...marked(line.text, line.entities));
  said.hidden = !line.text;
  if (line.media) said.after(media(line));
  item.querySelector(".cost").textContent = line.cost;
  item.querySelector(".edited").hidden = !line.edited_at;
  item.querySelector(".lost").hidden = !line.lost;
  item.querySelector(".ticks").hidden = line.lost || line.direction === "out" || line.channel !== "telegram";
  item.querySelector(".lock").hidden = !line.protected;
  item.querySelector(".other-number").hidden = !line.by_urgent;
  item.querySelector(".quote").hidden = !line.reply_to;
  if (line.reply_to) item.querySelector(".quoted").dataset.quote = line.reply_to;
  const reply = item.querySelector(".reply");
  reply.hidden = line.direction === "in" || line.channel !== "telegram";
  reply.addEventListener("click", () => act.reply(line));
  stamp(item, line);
  keys(item.querySelector(".keys"), line, act);
  return item;
}

function media(line) {
  if (line.picture) {
    const image = clone("t-picture");
    image.src = `/handset/pictures/${line.picture}`;
    return image;
  }
  const shown = clone(`t-${line.media}`);
  if (line.location) {
    shown.querySelector("b").textContent = `${line.location.lat}, ${line.location.lon}`;
  }
  return shown;
}

function keys(box, line, act) {
  for (const buttons of line.buttons) {
    const row = document.createElement("div");
    row.className = "row";
    row.append(...buttons.map((button) => (button.url ? link(button) : key(button, line, act))));
    box.append(row);
  }
  box.hidden = !box.childElementCount;
}

// The key that a message puts below the text box, until somebody has written.
export function asking(line, act) {
  const ask = clone("t-ask");
  ask.querySelector("span").textContent = line.ask_location;
  ask.addEventListener("click", () => act());
  return ask;
}

// What was typed and has not arrived yet.
export function pending(text) {
  const item = clone("t-pending");
  item.querySelector(".said").textContent = text;
  return item;
}

function key(button, line, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "key";
  made.dir = "auto";
  made.textContent = button.label;
  made.dataset.data = button.data;
  made.addEventListener("click", () => act.press(line, button.data));
  return made;
}

function link(button) {
  const made = document.createElement("a");
  made.className = "key";
  made.textContent = button.label;
  return leadingTo(made, button.url);
}
