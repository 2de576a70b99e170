// One conversation of a phone: its lines, its text box, its buttons.

import { post } from "./api.js";
import { dayOf } from "./clock.js";
import { askLocation, askPhoto } from "./dialogs.js";
import * as drafts from "./drafts.js";
import { asking, clone, element, pending } from "./line.js";
import { Screen } from "./screen.js";

const SLOW = 400; // Milliseconds: what takes longer is shown on its way.

export class Panel {
  constructor(root, phoneId) {
    this.root = root;
    this.phoneId = phoneId;
    this.channel = root.dataset.channel;
    this.known = new Map(); // Line id to { line, item }.
    this.answering = null; // The line that the next words answer.
    this.list = root.querySelector(".lines");
    this.screen = new Screen(root.querySelector(".screen"));
    this.trouble = root.querySelector(".trouble");
    this.text = root.querySelector("textarea");
    this.quoting = document.getElementById("t-line").content.querySelector(".quoted");
    this.sending = Promise.resolve();
    this.wire();
  }

  wire() {
    const form = this.root.querySelector("form");
    if (!form) return; // Calls take no words.
    this.replying = form.querySelector(".replying");
    this.replying?.querySelector("button").addEventListener("click", () => this.reply(null));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.text.value);
    });
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.text.addEventListener("input", () => this.typed());
    this.text.value = drafts.read(this.phoneId, this.channel);
    for (const words of this.root.querySelectorAll(".try")) {
      words.addEventListener("click", () => this.say(words.textContent));
    }
    const channel = this.channel;
    const acts = {
      photo: () => askPhoto((image) => this.answer("photo", { channel, image })),
      voice: () => this.attempt(() => this.answer("voice", { channel })),
      location: () => this.shareLocation(),
    };
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.answering) return;
      event.stopPropagation();
      this.reply(null);
    });
    for (const button of this.root.querySelectorAll("[data-act]")) {
      button.addEventListener("click", acts[button.dataset.act]);
    }
  }

  // Texts leave one after the other, in the order of their writing.
  say(text) {
    if (!text.trim()) return;
    if (this.text.value === text) this.text.value = "";
    this.typed();
    this.text.focus();
    const answered = this.answering;
    this.reply(null);
    this.sending = this.sending.then(async () => {
      const body = { channel: this.channel, text, ...to(answered) };
      const waits = this.wait(text);
      const done = await this.attempt(() => this.send("text", body));
      waits.end();
      if (!done && !this.text.value) this.text.value = text;
      this.typed();
    });
  }

  // Put words into the text box for a person to look at; nothing is sent.
  fill(text) {
    this.text.value = text;
    this.typed();
    this.text.focus();
  }

  typed() {
    drafts.keep(this.phoneId, this.channel, this.text.value);
    this.fit();
  }

  // On a slow line the words stand there as on their way, until they have arrived or not.
  wait(text) {
    let item = null;
    const timer = setTimeout(() => {
      item = pending(text);
      this.list.append(item);
      this.screen.showEnd();
    }, SLOW);
    this.waiting = { text, end: () => { clearTimeout(timer); item?.remove(); } };
    return this.waiting;
  }

  shareLocation() {
    askLocation((spot) => this.answer("location", spot));
  }

  // Choose the line that the next words answer, or none.
  reply(line) {
    if (line || this.answering) this.answering = line;
    if (!this.replying) return;
    this.replying.hidden = !line;
    this.replying.querySelector("b").textContent = line ? this.words(line.id) : "";
    if (line) this.text.focus();
  }

  async answer(what, body) {
    await this.send(what, { ...body, ...to(this.answering) });
    this.reply(null);
  }

  // What is seen of a line where another one answers it.
  words(id) {
    const { gone, file } = this.quoting.dataset;
    const line = this.known.get(id)?.line;
    return !line || line.withdrawn ? gone : line.text || file;
  }

  quote(id) {
    for (const quoted of this.list.querySelectorAll(`[data-quote="${id}"]`)) {
      quoted.textContent = this.words(id);
    }
  }

  press(line, data) {
    return this.attempt(() => this.send("press", { line_id: line.id, data }));
  }

  async send(what, body) {
    this.show(await post(`phones/${this.phoneId}/${what}`, body), true);
    this.trouble.hidden = true;
  }

  // Says on the phone itself what did not work; gives whether it did.
  async attempt(act) {
    try {
      await act();
      return true;
    } catch (error) {
      this.trouble.textContent = error.message;
      this.trouble.hidden = false;
      this.screen.showEnd();
      return false;
    }
  }

  // Puts a line in its place; gives whether it is new. A form that is not newer than the one shown
  // is ignored: the answer of a request, the event stream and a new connection all bring it.
  // `news` is false while the page is filled: then `settle` scrolls once for all.
  show(line, news) {
    const known = this.known.get(line.id);
    if (known && known.line.changed >= line.changed) return false;
    const follow = news && (this.screen.follows() || (!known && line.direction === "in"));
    const item = element(line, {
      press: (...of) => this.press(...of),
      reply: (of) => this.reply(of),
    });
    // The event stream may be ahead of the answer.
    if (!known && line.direction === "in" && this.waiting?.text === line.text) this.waiting.end();
    item.dataset.line = line.id;
    item.dataset.day = dayOf(line.at);
    for (const control of item.querySelectorAll("button")) control.disabled = !this.usable;
    item.querySelector("img")?.addEventListener("load", () => { if (follow) this.screen.showNewest(); });
    if (known) this.replace(known.item, item);
    else this.insert(item);
    if (!known && news) appear(item);
    this.known.set(line.id, { line, item });
    this.offer();
    this.quote(line.id);
    if (line.reply_to) this.quote(line.reply_to);
    if (this.answering?.id === line.id) this.reply(line.withdrawn ? null : line);
    this.root.querySelector(".empty").hidden = true;
    if (follow && line.pressed) this.screen.showNote();
    else if (follow) this.screen.showNewest();
    return !known;
  }

  // Before all is read anew.
  forget() {
    this.known.clear();
    this.list.replaceChildren();
  }

  // What the last message asks for below the text box, unless somebody has written since.
  offer() {
    const box = this.root.querySelector(".reply-keys");
    if (!box) return;
    const lines = [...this.known.values()].map(({ line }) => line).sort((a, b) => a.id - b.id);
    const asked = lines.findLast((line) => line.ask_location && !line.withdrawn);
    const open = asked && !lines.some((line) => line.id > asked.id && line.direction === "in");
    if (open && box.dataset.line === `${asked.id} ${asked.changed}`) return;
    box.dataset.line = open ? `${asked.id} ${asked.changed}` : "";
    box.replaceChildren(...(open ? [asking(asked, () => this.shareLocation())] : []));
    box.hidden = !open;
    for (const control of box.children) control.disabled = !this.usable;
  }

  // A pressed button that goes away with its message leaves the keyboard's place on the screen.
  replace(old, item) {
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(item);
    if (hadFocus) this.screen.root.focus({ preventScroll: true });
  }

  // Lines may arrive out of order: the answer of a request and the event stream race.
  insert(item) {
    let after = this.list.lastElementChild;
    while (after && (!after.dataset.line || Number(after.dataset.line) > Number(item.dataset.line))) {
      after = after.previousElementSibling;
    }
    if (after) after.after(item);
    else this.list.prepend(item);
    if (after?.dataset.day !== item.dataset.day && item.previousElementSibling?.dataset.of !== item.dataset.day) {
      const day = clone("t-day");
      day.dataset.of = item.dataset.day;
      day.querySelector("span").textContent = item.dataset.day;
      item.before(day);
    }
  }

  fit() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 120)}px`;
  }

  able(usable) {
    this.usable = usable;
    for (const control of this.root.querySelectorAll("form button, form textarea, .keys button, .reply-keys button, .reply, .try")) {
      control.disabled = !usable;
    }
    this.root.classList.toggle("cannot", !usable);
  }
}

const to = (line) => (line ? { reply_to: line.id } : {});

// Only a new line moves in, once, and only where it can be seen: a style that stayed on the line
// would play again whenever its conversation is shown.
function appear(item) {
  if (!item.offsetParent) return;
  item.classList.add("new");
  for (const end of ["animationend", "animationcancel"]) {
    item.addEventListener(end, () => item.classList.remove("new"), { once: true });
  }
}
