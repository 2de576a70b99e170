// A call over a phone's screen: it rings, is answered, says its words, and takes keys.

import { post } from "./api.js";
import * as sound from "./ring.js";

export class Call {
  // `shown(line, last)` gets every line that an answer brings, and whether it is the call's last; `rings` whether this phone rings now.
  constructor(root, phoneId, { shown, rings }) {
    this.root = root;
    this.phoneId = phoneId;
    this.shown = shown;
    this.rings = rings;
    this.line = null;
    this.changed = new Map(); // By call: an event may still bring what is past.
    this.said = root.querySelector(".call-said");
    this.trouble = root.querySelector(".trouble");
    this.keys = [...root.querySelectorAll("[data-digit]")];
    this.again = this.keys.at(-1).querySelector("span").textContent;
    root.querySelector(".take").addEventListener("click", () => this.do("answer"));
    root.querySelector(".drop").addEventListener("click", () => this.do("hang-up"));
    for (const key of this.keys) {
      key.addEventListener("click", () => this.do("key", { digit: Number(key.dataset.digit) }));
    }
  }

  show(line) {
    if ((this.changed.get(line.id) ?? -1) >= line.changed) return;
    this.changed.set(line.id, line.changed);
    const goesOn = line.call === "ringing" || line.call === "talking";
    if (goesOn) this.turn(line);
    else if (this.line?.id === line.id) this.close();
  }

  turn(line) {
    const had = this.root.contains(document.activeElement);
    this.line = line;
    this.root.hidden = false;
    this.root.dataset.call = line.call;
    this.trouble.hidden = true;
    const talking = line.call === "talking";
    this.said.textContent = talking ? line.text : "";
    for (const key of this.keys) {
      const found = line.keys.find(({ digit }) => String(digit) === key.dataset.digit);
      key.querySelector("span").textContent = found?.label ?? (key.dataset.digit === "9" ? this.again : "");
    }
    if (had && talking) this.said.focus({ preventScroll: true });
    if (talking) sound.hush(line.id);
    else sound.ring(line.id);
    this.rings(!talking);
  }

  close() {
    const had = this.root.contains(document.activeElement);
    sound.hush(this.line.id);
    this.line = null;
    this.root.hidden = true;
    this.said.textContent = "";
    this.rings(false);
    if (had) this.root.closest(".phone").querySelector("[role=tab][aria-selected=true]").focus();
  }

  async do(what, more = {}) {
    const call = this.line;
    if (!call) return;
    try {
      const line = await post(`phones/${this.phoneId}/${what}`, { line_id: call.id, ...more });
      // A key without a meaning changes nothing: the voice begins again.
      if (line.id === call.id && line.changed === call.changed) this.repeat();
      else this.shown(line, what === "key");
    } catch (error) {
      this.trouble.textContent = error.message;
      this.trouble.hidden = false;
    }
  }

  // Taken out and put back, so that whoever listens to the page hears it once more.
  repeat() {
    this.said.textContent = "";
    setTimeout(() => {
      if (this.line?.call === "talking") this.said.textContent = this.line.text;
    }, 150);
  }
}
