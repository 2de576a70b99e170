// The page of the invented phones: which of them are in sight, and what reaches them.

import { get, listen, post } from "./api.js";
import * as clock from "./clock.js";
import { askName } from "./dialogs.js";
import { clone } from "./line.js";
import { badge, Phone } from "./phone.js";
import * as sound from "./ring.js";

const AT_FIRST = 4;
const narrow = matchMedia("(max-width: 699px)");
const phones = new Map();
const chips = new Map();
const room = document.getElementById("phones");
const shelf = document.querySelector(".shelf");
let inSight = remembered();
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
  chip.querySelector(".chip-name").textContent = data.name;
  chip.dataset.phone = data.id;
  chip.addEventListener("click", () => choose(data.id));
  chips.set(data.id, chip);
  document.getElementById("chips").append(chip);
  const phone = new Phone(data, {
    unread: (count) => badge(chip, count),
    rings: (now) => ring(data, now),
    fresh: () => newest(data.id),
    aside: () => putAside(data.id),
  });
  phones.set(data.id, phone);
  room.append(phone.root);
}

// Where there is room a chip shows or hides its phone. On a narrow screen the phones stand one under
// the other, and it leads to its own.
function choose(id) {
  if (!narrow.matches && inSight.has(id)) inSight.delete(id);
  else inSight.add(id);
  arrange();
  if (!narrow.matches) return;
  phones.get(id).root.scrollIntoView({ block: "start" });
  showChip(chips.get(id));
}

function putAside(id) {
  inSight.delete(id);
  arrange();
  chips.get(id).focus();
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

// On a narrow screen the chips stand on one line that scrolls sideways.
function showChip(chip) {
  shelf.scrollLeft = chip.offsetLeft - (shelf.clientWidth - chip.offsetWidth) / 2;
}

function arrange() {
  const known = [...phones.keys()].filter((id) => inSight.has(id));
  const shown = known.length ? known : [...phones.keys()].slice(0, AT_FIRST);
  inSight = new Set(shown);
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

async function fill() {
  const state = await get("state");
  clock.set(state.clock);
  state.phones.forEach(place);
  arrange();
  for (const line of state.lines) phones.get(line.phone_id)?.show(line, opened);
  if (!opened) for (const phone of phones.values()) phone.settle();
  opened = true;
  room.setAttribute("aria-busy", "false");
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

clock.start(trouble);
sound.start();
document.getElementById("add").addEventListener("click", () =>
  askName(async (name) => {
    const data = await post("phones", { name });
    place(data);
    inSight.add(data.id);
    arrange();
    if (narrow.matches) showChip(chips.get(data.id));
    const block = narrow.matches ? "start" : "nearest";
    phones.get(data.id).root.scrollIntoView({ block });
  }));
listen({
  ready: () => trouble(fill),
  // Before the first filling the phones that are to be seen are not chosen yet: one that is told of
  // alone would be the only one.
  phone: (data) => { place(data); if (opened) arrange(); },
  line: (line) => phones.get(line.phone_id)?.show(line, true),
  clock: clock.set,
});
