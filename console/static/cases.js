// The board and the page of a case. Both work without it: it adds sound, keys, and who writes.

// Sound for a new case, once a person has turned it on: browsers let no page sound before a touch.
const button = document.getElementById("sound");
let audio = null;
const tone = (pitch, at, long) => {
  const wave = audio.createOscillator(), volume = audio.createGain();
  wave.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, audio.currentTime + at);
  volume.gain.exponentialRampToValueAtTime(0.25, audio.currentTime + at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + long);
  wave.connect(volume).connect(audio.destination);
  wave.start(audio.currentTime + at);
  wave.stop(audio.currentTime + at + long);
};
const sounds = () => audio !== null && audio.state === "running";
const showSound = () => {
  // A board that is to be heard goes on while another page lies before it.
  if (board) { if (sounds()) board.dataset.awake = "yes"; else delete board.dataset.awake; }
  button.setAttribute("aria-pressed", String(sounds()));
  button.querySelector("span").textContent = sounds() ? button.dataset.on : button.dataset.off;
};
const ring = (isNew) => {
  button.dataset.rang = String(Number(button.dataset.rang ?? 0) + 1);
  if (!sounds()) return;
  if (isNew) { tone(880, 0, 0.18); tone(1175, 0.2, 0.18); tone(880, 0.4, 0.25); } else { tone(660, 0, 0.15); }
};
if (button && window.AudioContext) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (sounds()) { await audio.suspend(); } else { audio ??= new AudioContext(); await audio.resume(); tone(880, 0, 0.15); }
    showSound();
  });
}

// What is new on the board: a case that nobody has, or words in one of mine.
const board = document.getElementById("board");
if (board) {
  const cards = () => [...board.querySelectorAll("[data-folio]")];
  // Also of those that the view does not show: who looks at their own hears of a new one all the same.
  const free = () => new Set((board.querySelector("[data-free]")?.dataset.free ?? "").split(" ").filter(Boolean));
  const mine = () => new Map(cards().filter((one) => one.dataset.mine !== undefined).map((one) => [one.dataset.folio, Number(one.dataset.unread)]));
  let wasFree = free(), wasMine = mine(), at = null;
  board.addEventListener("htmx:beforeSwap", () => { at = document.activeElement?.dataset?.folio ?? null; });
  board.addEventListener("htmx:afterSwap", () => {
    const isFree = free(), isMine = mine();
    const fresh = [...isFree].filter((folio) => !wasFree.has(folio));
    const said = [...isMine].some(([folio, count]) => count > (wasMine.get(folio) ?? count));
    if (fresh.length && button) ring(true); else if (said && button) ring(false);
    const news = document.getElementById("news");
    if (fresh.length) news.textContent = `${news.dataset.words} ${fresh.join(", ")}`;
    wasFree = isFree; wasMine = isMine;
    if (at) board.querySelector(`[data-folio="${at}"]`)?.focus();
  });
}

// What a person has opened stays open when a part is drawn anew.
const shown = new Set(), opened = new Set();
document.addEventListener("click", (event) => {
  const photo = event.target.closest?.("a.photo[data-covered]");
  if (!photo) return;
  event.preventDefault();
  photo.removeAttribute("data-covered");
  shown.add(photo.id);
});
document.addEventListener("toggle", (event) => {
  if (event.target.id) { if (event.target.open) opened.add(event.target.id); else opened.delete(event.target.id); }
}, true);
const restore = () => {
  for (const id of shown) document.getElementById(id)?.removeAttribute("data-covered");
  if (opened.has("all-past")) document.getElementById("all-past")?.setAttribute("open", "");
};

// Who goes by keys is left where they were.
let held = null;
const hold = (inside) => {
  const at = document.activeElement;
  if (!at || !inside?.contains(at)) return;
  if (at.id) held = `#${CSS.escape(at.id)}`;
  else if (at.getAttribute("href")) held = `[href="${CSS.escape(at.getAttribute("href"))}"]`;
  else if (at.matches("summary")) held = `#${CSS.escape(at.parentElement.id)} > summary`;
};
document.addEventListener("htmx:beforeSwap", (event) => hold(event.detail.target));
document.addEventListener("htmx:oobBeforeSwap", (event) => hold(event.detail.target));
const letGo = () => { if (held) document.querySelector(held)?.focus({ preventScroll: true }); held = null; };

// The page of a case: what can be done changes with it. Words that are being written stay.
const place = document.querySelector("[data-case]");
if (place) {
  const acts = () => document.querySelector("#status [data-acts]")?.dataset.acts;
  const before = acts();
  const talk = document.getElementById("talk");
  const newest = () => talk?.querySelector("li:last-child")?.id;
  let last = newest();
  // What is new comes before whoever has the end of the conversation in sight; nobody else is moved.
  let reads = false;
  document.addEventListener("htmx:beforeSwap", () => {
    const end = talk?.querySelector("li:last-child")?.getBoundingClientRect();
    reads = Boolean(end) && end.bottom > 0 && end.top < window.innerHeight;
  });
  // Who hears the page is told whose the case is now, and that the person wrote; not what.
  const news = document.getElementById("news");
  const whose = () => document.querySelector("#status .whose")?.textContent.trim();
  const heard = () => [...(talk?.querySelectorAll("li.theirs") ?? [])].at(-1)?.id;
  let owner = whose(), wrote = heard();
  const tell = () => {
    const told = [whose() !== owner && whose(), heard() !== wrote && news.dataset.words].filter(Boolean);
    owner = whose(); wrote = heard();
    if (!told.length) return;
    // The same words again would not be heard.
    news.textContent = "";
    setTimeout(() => { news.textContent = told.join(". "); }, 100);
  };
  document.addEventListener("htmx:oobAfterSwap", () => { restore(); letGo(); });
  document.addEventListener("htmx:afterSwap", () => {
    restore();
    letGo();
    tell();
    if (newest() !== last) {
      last = newest();
      if (reads) talk?.querySelector("li:last-child")?.scrollIntoView({ block: "nearest" });
    }
    // What stands before somebody's eyes for a moment counts as seen by the forms.
    const known = document.querySelector("#status [data-newest]")?.dataset.newest;
    setTimeout(() => {
      if (known && document.visibilityState === "visible") for (const one of document.querySelectorAll("input[name=seen]")) one.value = known;
    }, 3000);
    if (acts() === before) return;
    const typed = [...document.querySelectorAll("main textarea, main input:not([type=hidden])")].some((one) => one.value && one.value !== one.defaultValue);
    if (typed || document.querySelector("dialog[open]")) document.getElementById("changed").hidden = false;
    // Never by loading anew: this page may be the answer to a form, which would be sent again.
    else location.replace(place.dataset.here);
  });

  // Colleagues see that somebody writes, so that two do not answer at once.
  const form = document.querySelector("form[data-writing]");
  let told = 0;
  form?.querySelector("textarea").addEventListener("input", () => {
    if (Date.now() - told < 4000) return;
    told = Date.now();
    fetch(form.dataset.writing, { method: "POST", headers: { "x-csrf": form.elements.csrf.value } }).catch(() => {});
  });
}

// Cases that look alike come part by part: each new one goes to its place by likeness.
const alikes = document.querySelector(".alikes");
if (alikes) {
  const score = (one) => Number(one.dataset.score);
  const rank = () => {
    for (const one of alikes.querySelectorAll("article:not([data-placed])")) {
      one.dataset.placed = "";
      const less = [...alikes.querySelectorAll("article[data-placed]")].find((other) => score(other) < score(one));
      if (less && less.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) less.before(one);
    }
    if (alikes.querySelector("article")) alikes.querySelector(".none")?.remove();
  };
  rank();
  document.addEventListener("htmx:afterSwap", rank);
}

// Keys: one letter each, never while somebody writes.
const keys = document.getElementById("keys");
const opener = document.getElementById("keys-open");
if (keys && opener) {
  opener.hidden = false;
  opener.addEventListener("click", () => keys.showModal());
}
const step = (by) => {
  const all = [...document.querySelectorAll(".case-card")];
  const now = all.indexOf(document.activeElement);
  all[Math.min(all.length - 1, Math.max(0, now + by))]?.focus();
};
const unfold = (id) => {
  const fold = document.getElementById(id);
  if (!fold) return;
  fold.open = true;
  fold.querySelector("select, textarea, input:not([type=hidden])")?.focus();
};
const go = (id) => { const link = document.getElementById(id); if (link) location.assign(link.href); };
const does = board ? { j: () => step(1), k: () => step(-1), s: () => button?.click() } : {
  a: () => (document.getElementById("main-act") ?? document.querySelector("#take > summary, #reopen > summary"))?.focus(),
  r: () => document.getElementById("words")?.focus(),
  n: () => document.getElementById("note")?.focus(),
  c: () => unfold("close"),
  p: () => go("people-link"),
  u: () => location.assign("/casos"),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select, dialog")) return;
  if (event.key === "?" && keys) { event.preventDefault(); keys.showModal(); return; }
  const act = does[event.key];
  if (act && (board || place)) { event.preventDefault(); act(); }
});
