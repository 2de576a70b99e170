// A phone as a card: who holds it, its switches, and a panel for each channel.

import { post } from "./api.js";
import { Call } from "./call.js";
import { hourOf } from "./clock.js";
import { askNewName, askRemoval } from "./dialogs.js";
import { clone } from "./line.js";
import { Panel } from "./panel.js";

export class Phone {
  // `told` hears `unread(count)`, `rings(now)`, `fresh()` when something came, `named(data)`,
  // `aside()` and `gone()`.
  constructor(data, told) {
    this.root = clone("t-phone");
    this.told = told;
    this.turning = 0;
    this.unread = { telegram: 0, sms: 0, voice: 0 };
    const id = data.id;
    this.root.dataset.phone = id;
    this.root.querySelector("h2").id = `name-${id}`;
    this.root.setAttribute("aria-labelledby", `name-${id}`);
    this.root.querySelector(".number span").textContent = spaced(data.number);
    this.root.querySelector(".chat-id b").textContent = data.chat_id;
    this.root.querySelector(".face").classList.add(`face-${id % 6}`);
    this.root.querySelector(".bar-time").textContent = document.getElementById("now").textContent;
    this.panels = {};
    for (const panel of this.root.querySelectorAll(".panel")) {
      this.panels[panel.dataset.channel] = new Panel(panel, id);
    }
    this.call = new Call(this.root.querySelector(".call"), id, {
      shown: (line, last) => {
        this.show(line, true);
        if (last) this.choose("voice"); // There stand the last words.
      },
      rings: (now) => this.ring(now),
    });
    this.wireTabs(id);
    this.wireMenu(id);
    for (const touch of ["pointerdown", "focusin"]) {
      this.root.addEventListener(touch, () => this.freshen(null));
    }
    this.update(data);
    this.choose("telegram");
  }

  wireTabs(id) {
    this.tabs = [...this.root.querySelectorAll("[role=tab]")];
    this.root.querySelector("[role=tablist]").setAttribute("aria-labelledby", `name-${id}`);
    for (const tab of this.tabs) {
      const panel = this.panels[tab.dataset.channel].root;
      tab.id = `tab-${id}-${tab.dataset.channel}`;
      panel.id = `panel-${id}-${tab.dataset.channel}`;
      tab.setAttribute("aria-controls", panel.id);
      panel.setAttribute("aria-labelledby", `name-${id} ${tab.id}`);
      tab.addEventListener("click", () => this.choose(tab.dataset.channel));
      tab.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        const step = event.key === "ArrowRight" ? 1 : this.tabs.length - 1;
        const next = this.tabs[(this.tabs.indexOf(tab) + step) % this.tabs.length];
        this.choose(next.dataset.channel);
        next.focus();
      });
    }
  }

  wireMenu(id) {
    const menu = this.root.querySelector(".menu");
    const more = this.root.querySelector(".more");
    menu.id = `menu-${id}`;
    more.setAttribute("aria-controls", menu.id);
    const open = (wanted) => {
      menu.hidden = !wanted;
      more.setAttribute("aria-expanded", String(wanted));
    };
    more.addEventListener("click", () => open(menu.hidden));
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || menu.hidden) return;
      open(false);
      more.focus();
    });
    // It lies over the conversation, so it goes when a person turns to anything else.
    const leave = (event) => {
      if (!menu.contains(event.target) && !more.contains(event.target)) open(false);
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    for (const box of menu.querySelectorAll("input")) {
      box.addEventListener("change", () => this.turn({ [box.name]: box.checked }));
    }
    menu.querySelector(".aside").addEventListener("click", () => this.told.aside());
    menu.querySelector(".rename").addEventListener("click", () =>
      askNewName(this.data.name, async (name) => this.update(await post(`phones/${id}/name`, { name }))));
    menu.querySelector(".remove").addEventListener("click", () =>
      askRemoval(this.data.name, async () => {
        await post(`phones/${id}/remove`, {});
        this.told.gone();
      }));
    for (const button of this.root.querySelectorAll("[data-switch]")) {
      button.addEventListener("click", async () => {
        await this.turn({ [button.dataset.switch]: false });
        this.panels[this.channel].text?.focus();
      });
    }
  }

  async turn(switches) {
    const panel = this.panels[this.channel];
    const what = "on_duty" in switches ? "duty" : "switch";
    this.turning += 1;
    await panel.attempt(async () => {
      this.update(await post(`phones/${this.root.dataset.phone}/${what}`, switches));
    });
    this.turning -= 1;
    this.sync(); // A switch that could not be turned goes back.
  }

  sync() {
    if (this.turning) return;
    for (const box of this.root.querySelectorAll(".menu input")) box.checked = this.data[box.name];
  }

  choose(channel) {
    this.channel = channel;
    for (const tab of this.tabs) {
      const chosen = tab.dataset.channel === channel;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      this.panels[tab.dataset.channel].root.hidden = !chosen;
    }
    this.seen();
    this.settle();
  }

  // The event stream may still bring what an answer has already overtaken.
  update(data) {
    if (this.data && this.data.changes > data.changes) return;
    this.data = data;
    this.sync();
    this.root.querySelector("h2").textContent = data.name;
    this.root.querySelector(".face").textContent = initials(data.name);
    this.root.querySelector(".state-duty").hidden = !data.on_duty;
    this.root.querySelector(".bar use").setAttribute("href", data.no_signal ? "#i-no-signal" : "#i-signal");
    this.told.named(data);
    for (const note of this.root.querySelectorAll(".off-signal, .state-signal")) {
      note.hidden = !data.no_signal;
    }
    this.root.querySelector(".off-blocked").hidden = !data.blocked || data.no_signal;
    this.root.querySelector(".off-stopped").hidden = !data.stopped || data.no_signal;
    this.panels.telegram.able(!data.no_signal && !data.blocked);
    this.panels.sms.able(!data.no_signal);
  }

  // `news` is false for what stood there when the page was opened.
  show(line, news) {
    const panel = this.panels[line.channel];
    const before = panel.known.get(line.id)?.line.call;
    const isNew = panel.show(line, news);
    if (line.call) this.call.show(line);
    if (!news || line.direction === "in") return;
    // A call counts when it is missed: while it rings it is over the whole screen.
    const missed = line.call === "missed" && before !== "missed";
    if (line.call ? missed : isNew) this.unread[line.channel] += 1;
    if (isNew || missed) this.freshen(line.at);
    this.seen();
  }

  ring(now) {
    this.root.classList.toggle("ringing", now);
    this.told.rings(now);
  }

  // Marks the phone as one that just got something, until somebody turns to it.
  freshen(at) {
    this.root.classList.toggle("fresh", Boolean(at));
    const note = this.root.querySelector(".fresh-note");
    note.hidden = !at;
    if (!at) return;
    note.querySelector("time").textContent = hourOf(at);
    this.told.fresh();
  }

  // The keyboard goes to where one writes, or to the call that lies over it.
  focus() {
    const call = this.root.querySelector(".call:not([hidden])");
    const tab = this.root.querySelector("[role=tab][aria-selected=true]");
    const box = this.panels[this.channel].text;
    if (call) call.querySelector(call.dataset.call === "ringing" ? ".take" : "[data-digit='1']").focus();
    else (box && !box.disabled ? box : tab).focus();
  }

  get visible() {
    return !this.root.hidden;
  }

  set visible(wanted) {
    this.root.hidden = !wanted;
    this.seen();
    if (wanted) this.settle();
  }

  forget() {
    for (const panel of Object.values(this.panels)) panel.forget();
    this.freshen(null); // With an hour that has not come yet.
  }

  settle() {
    this.panels[this.channel].screen.showNewest();
  }

  // What stands on an open screen is read.
  seen() {
    if (this.visible) this.unread[this.channel] = 0;
    for (const tab of this.tabs) badge(tab, this.unread[tab.dataset.channel]);
    this.told.unread(this.unread.telegram + this.unread.sms + this.unread.voice);
  }
}

export function badge(holder, count) {
  const shown = holder.querySelector(".badge");
  shown.querySelector("b").textContent = count;
  shown.hidden = count === 0;
}

const spaced = (number) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");

function initials(name) {
  const words = name.replace(/\(.*\)/, "").trim().split(/\s+/).map((word) => [...word]);
  const signs = words.length > 1 ? [words[0][0], words.at(-1)[0]] : words[0].slice(0, 2);
  return signs.join("").toUpperCase();
}
