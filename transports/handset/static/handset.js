// The page of the invented phones: which of them are in sight, and what reaches them.

import { get, listen, post } from "./api.js";
import * as clock from "./clock.js";
import { askName, showKeys } from "./dialogs.js";
import * as lessons from "./lessons.js";
import { clone } from "./line.js";
import { badge, Phone } from "./phone.js";
import * as sound from "./ring.js";

const AT_FIRST = 4;
const MANY = 12; // With more phones than these, one is found by its name.
const narrow = matchMedia("(max-width: 699px)");
const phones = new Map();
const chips = new Map();
const room = document.getElementById("phones");
const shelf = document.querySelector(".chips");
const find = document.getElementById("find");
let inSight = remembered();
let single = null; // The only one in sight on a narrow screen.
let opened = false;

function remembered() {
  try {
    return new Set(JSON.parse(localStorage.getItem("handset.in_sight")) ?? []);
  } catch {
    return new Set();
  }
}

function place(data) {
  if (phones.has(data.id)) {
    phones.get(data.id).update(data);
    return;
  }
  const chip = clone("t-chip");
  chip.dataset.phone = data.id;
  chip.addEventListener("click", () => choose(data.id));
  chips.set(data.id, chip);
  document.getElementById("chips").append(chip);
  const phone = new Phone(data, {
    unread: (count) => badge(chip, count),
    rings: (now) => ring(data, now),
    fresh: () => newest(data.id),
    named: (now) => {
      chip.querySelector(".chip-name").textContent = now.name;
      chip.querySelector(".chip-duty").toggleAttribute("hidden", !now.on_duty);
    },
    aside: () => putAside(data.id),
    gone: () => takeAway(data.id),
  });
  phones.set(data.id, phone);
  room.append(phone.root);
}

// Where there is room a chip shows or hides its phone. On a narrow screen one is in sight at a time,
// and the chip turns to it.
function choose(id) {
  if (narrow.matches) single = id;
  else if (inSight.has(id)) inSight.delete(id);
  else inSight.add(id);
  arrange();
  if (!narrow.matches) return;
  showChip(chips.get(id));
  // Only as far as the text box of the phone comes into sight.
  phones.get(id).root.scrollIntoView({ block: "nearest" });
}

function putAside(id) {
  inSight.delete(id);
  if (single === id) single = null;
  arrange();
  chips.get(id).focus();
}

function takeAway(id) {
  const gone = phones.get(id);
  if (!gone) return;
  const had = gone.root.contains(document.activeElement);
  if (gone.call.line) gone.call.close();
  gone.root.remove();
  chips.get(id).remove();
  phones.delete(id);
  chips.delete(id);
  inSight.delete(id);
  if (single === id) single = null;
  arrange();
  if (had) document.getElementById("add").focus();
}

// From the keyboard: a phone comes into sight, and its text box gets what is typed.
function turnTo(id) {
  const phone = phones.get(id);
  if (!phone) return;
  if (narrow.matches || !inSight.has(id)) choose(id);
  phone.root.scrollIntoView({ block: "nearest", inline: "nearest" });
  phone.focus();
}

// A phone that rings is seen and heard, also one that was put aside.
function ring({ id, name }, now) {
  const sign = chips.get(id).querySelector(".chip-rings");
  if (sign.hidden !== now) return;
  sign.hidden = !now;
  const announce = document.getElementById("announce");
  announce.textContent = now ? `${announce.dataset.words} ${name}` : "";
  if (!now) return;
  newest(id);
  if (!inSight.has(id)) {
    inSight.add(id);
    arrange();
  }
  if (narrow.matches) showChip(chips.get(id));
}

// Of the phones that got something, the last one stands out most.
function newest(id) {
  for (const [other, phone] of phones) phone.root.classList.toggle("latest", other === id);
  for (const [other, chip] of chips) chip.classList.toggle("latest", other === id);
}

const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// The chips stand on one line that scrolls sideways.
function showChip(chip) {
  shelf.scrollLeft = chip.offsetLeft - shelf.offsetLeft - (shelf.clientWidth - chip.offsetWidth) / 2;
}

function arrange() {
  const known = [...phones.keys()].filter((id) => inSight.has(id));
  inSight = new Set(known.length ? known : [...phones.keys()].slice(0, AT_FIRST));
  if (!phones.has(single)) [single] = inSight;
  const shown = narrow.matches ? [single] : [...inSight];
  find.closest("label").hidden = phones.size <= MANY;
  for (const [id, phone] of phones) {
    const wanted = shown.includes(id);
    if (phone.visible !== wanted) phone.visible = wanted;
    chips.get(id).setAttribute("aria-pressed", String(wanted));
  }
  try {
    localStorage.setItem("handset.in_sight", JSON.stringify([...inSight]));
  } catch {
    // A browser that remembers nothing shows the first phones.
  }
}

async function fill({ anew = false } = {}) {
  const state = await get("state");
  clock.set(state.clock);
  const there = new Set(state.phones.map(({ id }) => id));
  for (const id of phones.keys()) if (!there.has(id)) takeAway(id);
  state.phones.forEach(place);
  arrange();
  if (anew) for (const phone of phones.values()) phone.forget();
  const news = opened && !anew;
  for (const line of state.lines) phones.get(line.phone_id)?.show(line, news);
  if (!news) for (const phone of phones.values()) phone.settle();
  room.setAttribute("aria-busy", "false");
  if (!opened) brought();
  opened = true;
  lessons.look();
}

// A link of a poster leads here in a trial. What it brings stands in the first phone, for a person
// to look at and to send.
function brought() {
  const query = new URLSearchParams(location.search);
  const [channel, text] = query.has("start")
    ? ["telegram", `/start ${query.get("start")}`]
    : ["sms", query.get("sms")];
  if (!text?.trim()) return;
  const note = document.getElementById("filled");
  const [first] = [...phones.values()].filter(({ data }) => !data.on_duty).concat(...phones.values());
  if (!first) return;
  if (!first.visible) choose(Number(first.root.dataset.phone));
  first.choose(channel);
  first.panels[channel].fill(text.slice(0, Number(note.dataset.most)));
  note.textContent = `${note.dataset.words} ${first.data.name}`;
  note.hidden = false;
  history.replaceState(null, "", location.pathname); // A reload does not bring it once more.
}

async function trouble(act) {
  const shown = document.getElementById("trouble");
  try {
    await act();
    shown.hidden = true;
  } catch (error) {
    shown.textContent = error.message;
    shown.hidden = false;
  }
}

function byKey(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (document.querySelector("dialog[open]")) return;
  const ids = narrow.matches ? [...phones.keys()] : [...phones.keys()].filter((id) => inSight.has(id));
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (digit) {
    event.preventDefault();
    turnTo([...phones.keys()][digit - 1]);
  } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    event.preventDefault();
    const at = ids.indexOf(Number(document.activeElement.closest(".phone")?.dataset.phone));
    const step = event.key === "ArrowDown" ? 1 : -1;
    turnTo(ids[at < 0 ? 0 : (at + step + ids.length) % ids.length]);
  }
}

clock.start(trouble, () => trouble(() => fill({ anew: true })));
sound.start();
lessons.start(trouble);
narrow.addEventListener("change", () => { if (opened) arrange(); });
document.addEventListener("keydown", byKey);
document.getElementById("keys").addEventListener("click", showKeys);
find.addEventListener("input", () => {
  const wanted = plain(find.value);
  for (const [id, chip] of chips) chip.hidden = !plain(phones.get(id).data.name).includes(wanted);
});
document.getElementById("add").addEventListener("click", () =>
  askName(async (name) => {
    const data = await post("phones", { name });
    place(data);
    inSight.add(data.id);
    if (narrow.matches) single = data.id;
    arrange();
    showChip(chips.get(data.id));
    phones.get(data.id).root.scrollIntoView({ block: "nearest" });
  }));
listen({
  ready: () => trouble(() => fill()),
  // Before the first filling the phones that are to be seen are not chosen yet: one that is told of
  // alone would be the only one.
  phone: (data) => { place(data); if (opened) arrange(); },
  line: (line) => {
    phones.get(line.phone_id)?.show(line, true);
    lessons.look();
  },
  gone: ({ id }) => takeAway(id),
  clock: clock.set,
});
