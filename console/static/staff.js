// What all pages of staff share. Pages work without it; it only adds.

// Where this page can be read. One that answers a form stands at the form's own address, and to
// load that anew would send the form a second time: it is left for the page that was read before.
const last = "address";
const address = document.body.dataset.address || sessionStorage.getItem(last) || "/inicio";
if (document.body.dataset.address) sessionStorage.setItem(last, address);
const anew = () => location.replace(address);

// A form that is on its way is not sent twice, and says so.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "yes") { event.preventDefault(); return; }
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) button.setAttribute("aria-busy", "true");
});
// Back by the browser's button: the form can be sent again.
window.addEventListener("pageshow", (event) => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  // A page kept by the browser may show what is no longer this person's to see.
  if (event.persisted) anew();
});

// What is being written survives a lost session or line, in this tab alone: forms with data-keep.
// Under whose name: on a machine that is shared, a colleague does not find it. And by where the form
// is sent, which is the same on its page and on the one that says why it was refused.
const goal = (form) => new URL(form.getAttribute("action") || location.pathname, location.origin).pathname;
const kept = (form) => `keep:${document.body.dataset.who ?? ""}:${goal(form)}:${form.dataset.keep}`;
const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "password", "submit", "file", "button"].includes(one.type));
const sent = "sent:";
// The page after a form that was taken says so: only then it is forgotten, and before anything is
// put back, or what was just sent would stand there ready to be sent again. That is the very next
// page: after a refusal the sentence of another page is about something else.
const before = sessionStorage.getItem(sent);
sessionStorage.removeItem(sent);
if (before && document.querySelector(".said, [data-taken]")) sessionStorage.removeItem(before);
for (const form of document.querySelectorAll("form[data-keep]")) {
  const name = kept(form);
  const isNew = form.dataset.fresh !== undefined;
  if (isNew) sessionStorage.removeItem(name);
  let saved = null;
  try { saved = JSON.parse(sessionStorage.getItem(name)); } catch { /* nothing that can be used */ }
  if (saved && !isNew) {
    const list = fields(form);
    let changed = false;
    list.forEach((one, place) => {
      const value = saved[`${one.name}#${place}`];
      if (value === undefined) return;
      if (one.type === "checkbox" || one.type === "radio") { changed ||= one.checked !== value; one.checked = value; }
      else if (one.value !== value) { changed = true; one.value = value; }
    });
    if (changed) form.querySelector("[data-kept]")?.removeAttribute("hidden");
    if (changed) form.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.addEventListener("input", () => {
    const values = {};
    fields(form).forEach((one, place) => { values[`${one.name}#${place}`] = one.type === "checkbox" || one.type === "radio" ? one.checked : one.value; });
    try { sessionStorage.setItem(name, JSON.stringify(values)); } catch { /* full: the text stays in the page */ }
  });
  form.addEventListener("submit", () => sessionStorage.setItem(sent, name));
}

// No line: say it, and ask again when it is back.
const offline = document.getElementById("offline");
const show = (isOff) => { if (offline) offline.hidden = !isOff; };
window.addEventListener("offline", () => show(true));
window.addEventListener("online", () => { show(false); hear(); refresh(); });
document.addEventListener("htmx:sendError", () => show(true));
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) show(false); });
// What a proxy says of a platform that does not answer is no sentence of ours.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status > 500) { event.detail.shouldSwap = false; show(true); }
});

// Parts that change by themselves: <div data-stream="/…" hx-get="/…" hx-trigger="changed">. A page
// that nobody looks at asks for nothing, for who has a case before their eyes counts as being there;
// only what has data-awake, as the board with its sound on, goes on.
const MINUTE = 60_000, FIRST = 2_000, LONGEST = 30_000;
const streamed = [...document.querySelectorAll("[data-stream]")];
const isSeen = () => document.visibilityState === "visible";
const isAwake = (one) => isSeen() || one.dataset.awake !== undefined;
const ask = (one) => { if (isAwake(one)) window.htmx?.trigger(one, "changed"); };
const refresh = () => streamed.forEach(ask);
const lines = new Map();
for (const one of streamed) {
  const path = one.dataset.stream;
  if (!lines.has(path)) lines.set(path, { path, parts: [], source: null, wait: FIRST, later: 0 });
  lines.get(path).parts.push(one);
}
const listen = (line) => {
  clearTimeout(line.later);
  line.source?.close();
  const source = line.source = new EventSource(line.path);
  source.addEventListener("open", () => { line.wait = FIRST; show(false); });
  source.addEventListener("error", () => {
    if (line.source !== source) return;
    show(true);
    // Answered with anything but a stream, as by a proxy whose platform is away, a browser gives up.
    if (source.readyState !== EventSource.CLOSED) return;
    line.later = setTimeout(() => { line.parts.forEach(ask); listen(line); }, line.wait);
    line.wait = Math.min(LONGEST, 2 * line.wait);
  });
  source.addEventListener("over", () => { source.close(); anew(); });
  // Also at the first one: what came between the drawing of the page and this would not be told.
  source.addEventListener("changed", () => {
    line.parts.forEach(ask);
    document.dispatchEvent(new CustomEvent("changed", { detail: line.path }));
  });
};
const hear = () => { for (const line of lines.values()) if (!line.source || line.source.readyState === EventSource.CLOSED) listen(line); };
const sleep = () => {
  for (const line of lines.values()) {
    if (line.parts.some(isAwake)) continue;
    clearTimeout(line.later);
    line.source?.close();
    line.source = null;
  }
};
// A browser opens few lines to one host: pages that lie behind others leave them to those in sight.
let asleep = isSeen() ? 0 : setTimeout(sleep, MINUTE);
document.addEventListener("visibilitychange", () => {
  clearTimeout(asleep);
  if (isSeen()) { hear(); refresh(); } else asleep = setTimeout(sleep, MINUTE);
});
hear();
// Also without a line that says so, and to stay true: what is looked at is asked for once a minute.
setInterval(refresh, MINUTE);
window.addEventListener("pagehide", () => { for (const line of lines.values()) { clearTimeout(line.later); line.source?.close(); } });

// Clocks that run: <time data-until="2026-…Z"> counts down, <time data-since> up. The page brings
// the platform's time, which in the trial is not this machine's.
const skew = () => {
  const told = document.querySelector("[data-now]")?.dataset.now;
  return told ? Date.parse(told) - performance.timing.responseEnd : 0;
};
let behind = skew();
document.addEventListener("htmx:afterSwap", (event) => {
  const told = event.target.querySelector?.("[data-now]")?.dataset.now ?? event.target.dataset?.now;
  if (told) behind = Date.parse(told) - Date.now();
});
const two = (value) => String(value).padStart(2, "0");
// Signs that need no translation, and no time of day: "3 d 2 h", "2 h 5 min", "10 min", "4:27 min".
const length = (seconds, isExact) => {
  const all = Math.floor(seconds), d = Math.floor(all / 86400), h = Math.floor(all / 3600) % 24, m = Math.floor(all / 60) % 60, s = all % 60;
  if (d) return h ? `${d} d ${h} h` : `${d} d`;
  if (h) return m ? `${h} h ${m} min` : `${h} h`;
  if (isExact) return `${m}:${two(s)} min`;
  return m ? `${m} min` : `${s} s`;
};
const tick = () => {
  const now = Date.now() + behind;
  for (const one of document.querySelectorAll("[data-until], [data-since]")) {
    const until = one.dataset.until;
    const left = until ? (Date.parse(until) - now) / 1000 : (now - Date.parse(one.dataset.since)) / 1000;
    const words = length(Math.max(0, left), Boolean(until));
    if (one.textContent !== words) one.textContent = words;
    if (until) one.classList.toggle("over", left <= 0);
    if (until) one.classList.toggle("soon", left > 0 && left < 60);
  }
};
setInterval(tick, 1000);
document.addEventListener("htmx:afterSwap", tick);
tick();

// What was refused comes before the eyes, and who hears the page is brought to it: on a page that
// answers a form, and at the door.
const faults = "[role=alert], #faults, .refused, [aria-invalid=true], .invalid-feedback";
if (!document.body.dataset.address) {
  const fault = [...document.querySelectorAll(faults)].find((one) => one.getClientRects().length && (one.textContent.trim() || one.matches("input, select, textarea")));
  if (fault) {
    if (!document.querySelector("[autofocus]")) {
      if (!fault.matches("input, select, textarea")) fault.tabIndex = -1;
      fault.focus({ preventScroll: true });
    }
    fault.scrollIntoView({ block: "center" });
  }
}
// The sentence of a part that a person asked for, too; not of what a page asks by itself.
document.addEventListener("htmx:afterSwap", (event) => {
  const asker = event.detail.requestConfig?.elt;
  if (event.target.id === "trouble" && !streamed.includes(asker)) event.target.scrollIntoView({ block: "nearest" });
});

// Who hears the page begins, after an act, where it leads to; what was done is said all the same.
const said = document.querySelector(".said");
if (said) setTimeout(() => said.replaceChildren(...said.childNodes), 500);

// Charts drawn from the table that says the same: <table data-chart="bar|line">, then a canvas.
const draw = (root) => {
  if (!window.Chart) return;
  for (const table of root.querySelectorAll("table[data-chart]:not([data-drawn])")) {
    table.dataset.drawn = "yes";
    const heads = [...table.querySelectorAll("thead th")].slice(1).map((one) => one.textContent.trim());
    const rows = [...table.querySelectorAll("tbody tr")];
    const names = rows.map((row) => row.cells[0].textContent.trim());
    const colours = ["#8f2437", "#27406e", "#b7791f", "#1f6b43", "#65564c"];
    const sets = heads.map((label, place) => ({
      label,
      data: rows.map((row) => { const raw = row.cells[place + 1]?.dataset.value; return raw === undefined || raw === "" ? null : Number(raw); }),
      backgroundColor: colours[place % colours.length],
      borderColor: colours[place % colours.length],
    })).filter((set) => set.data.some((value) => value !== null));
    const box = document.createElement("div");
    box.className = "chart";
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", table.caption?.textContent.trim() ?? "");
    box.append(canvas);
    table.before(box);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const lies = table.dataset.chart === "bars";
    if (lies) box.style.height = `${Math.max(6, names.length * 2 + 3)}rem`;
    new window.Chart(canvas, {
      type: table.dataset.chart === "line" ? "line" : "bar",
      data: { labels: names, datasets: sets },
      options: {
        indexAxis: lies ? "y" : "x", animation: still ? false : undefined, maintainAspectRatio: false,
        plugins: { legend: { display: sets.length > 1 } },
        scales: { [lies ? "x" : "y"]: { beginAtZero: true, ticks: { precision: 0 } } },
      },
    });
  }
};
if (window.Chart) draw(document); else window.addEventListener("load", () => draw(document));
document.addEventListener("htmx:afterSwap", (event) => draw(event.target));
