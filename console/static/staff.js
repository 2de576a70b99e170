// What all pages of staff share. Pages work without it; it only adds.

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
  if (event.persisted) location.reload();
});

// What is being written survives a lost session or line, in this tab alone: forms with data-keep.
// Under whose name: on a machine that is shared, a colleague does not find it.
const kept = (form) => `keep:${document.body.dataset.who ?? ""}:${location.pathname}:${form.dataset.keep}`;
const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "password", "submit", "file", "button"].includes(one.type));
const sent = "sent:";
// The page after a form that was taken says so: only then it is forgotten, and before anything is
// put back, or what was just sent would stand there ready to be sent again.
if (document.querySelector(".said, [data-taken]")) {
  const name = sessionStorage.getItem(sent);
  if (name) { sessionStorage.removeItem(name); sessionStorage.removeItem(sent); }
}
for (const form of document.querySelectorAll("form[data-keep]")) {
  const name = kept(form);
  const isNew = form.dataset.fresh !== undefined;
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
window.addEventListener("online", () => { show(false); refresh(); });
document.addEventListener("htmx:sendError", () => show(true));
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) show(false); });

// Parts that change by themselves: <div data-stream="/…" hx-get="/…" hx-trigger="changed">.
const streamed = [...document.querySelectorAll("[data-stream]")];
const refresh = () => { for (const one of streamed) window.htmx?.trigger(one, "changed"); };
const open = new Map();
for (const one of streamed) {
  const path = one.dataset.stream;
  if (!open.has(path)) {
    const source = new EventSource(path);
    source.addEventListener("open", () => show(false));
    source.addEventListener("error", () => { if (source.readyState !== EventSource.CLOSED) show(!navigator.onLine || source.readyState === EventSource.CONNECTING); });
    source.addEventListener("over", () => { source.close(); location.reload(); });
    open.set(path, source);
  }
  let first = true;
  open.get(path).addEventListener("changed", () => {
    // The first one tells what the page was drawn with, unless the page was away.
    if (first) { first = false; if (one.dataset.stale === undefined) return; }
    window.htmx?.trigger(one, "changed");
    document.dispatchEvent(new CustomEvent("changed", { detail: path }));
  });
  open.get(path).addEventListener("error", () => { first = false; });
}
window.addEventListener("pagehide", () => { for (const source of open.values()) source.close(); });

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
const length = (seconds) => {
  const all = Math.floor(seconds), h = Math.floor(all / 3600), m = Math.floor(all / 60) % 60, s = all % 60;
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
};
const tick = () => {
  const now = Date.now() + behind;
  for (const one of document.querySelectorAll("[data-until], [data-since]")) {
    const until = one.dataset.until;
    const left = until ? (Date.parse(until) - now) / 1000 : (now - Date.parse(one.dataset.since)) / 1000;
    one.textContent = length(Math.max(0, left));
    if (until) one.classList.toggle("over", left <= 0);
    if (until) one.classList.toggle("soon", left > 0 && left < 60);
  }
};
setInterval(tick, 1000);
document.addEventListener("htmx:afterSwap", tick);
tick();

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
