// One conversation of a phone: its lines, its text box, its buttons.

import { post } from "./api.js";
import { dayOf } from "./clock.js";
import { askLocation, askPhoto } from "./dialogs.js";
import { clone, element } from "./line.js";
import { Screen } from "./screen.js";

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
    this.text.addEventListener("input", () => this.fit());
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
    this.fit();
    this.text.focus();
    const answered = this.answering;
    this.reply(null);
    this.sending = this.sending.then(async () => {
      const body = { channel: this.channel, text, ...to(answered) };
      const done = await this.attempt(() => this.send("text", body));
      if (!done && !this.text.value) this.text.value = text;
      this.fit();
    });
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
      location: () => this.shareLocation(),
    });
    item.dataset.line = line.id;
    item.dataset.day = dayOf(line.at);
    for (const control of item.querySelectorAll("button")) control.disabled = !this.usable;
    item.querySelector("img")?.addEventListener("load", () => { if (follow) this.screen.showNewest(); });
    if (known) this.replace(known.item, item);
    else this.insert(item);
    if (!known && news) appear(item);
    this.known.set(line.id, { line, item });
    this.quote(line.id);
    if (line.reply_to) this.quote(line.reply_to);
    if (this.answering?.id === line.id) this.reply(line.withdrawn ? null : line);
    this.root.querySelector(".empty").hidden = true;
    if (follow && line.pressed) this.screen.showNote();
    else if (follow) this.screen.showNewest();
    return !known;
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
    for (const control of this.root.querySelectorAll("form button, form textarea, .keys button, .reply, .try")) {
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
