// Writing a campaign. The page works without any of this; it only adds.

const form = () => document.getElementById("editor");
const OURS = ["csrf", "once", "seen", "do"];
// Kept as staff.js keeps other forms: under whose name, and by where the form is sent, which is the
// same on the page that answers it.
const goal = form() ? new URL(form().getAttribute("action"), location.origin).pathname : "";
const name = `keep:${document.body.dataset.who ?? ""}:${goal}:editor`;

// What is being written is kept in this tab, with its conditions, languages and buttons, until it
// was saved: a lost session or line loses no word.
const pairs = () => [...new FormData(form())].filter(([one]) => !OURS.includes(one));
const packed = () => JSON.stringify(pairs());
let drawn = form() ? packed() : "";
const keep = () => {
  try {
    const now = packed();
    if (now === drawn) sessionStorage.removeItem(name); else sessionStorage.setItem(name, now);
  } catch { /* full: the text stays in the page */ }
};

const restore = () => {
  const saved = sessionStorage.getItem(name);
  // A page that tells faults or another's changes already holds what was typed.
  if (!saved || saved === drawn || !window.htmx || document.getElementById("faults") || document.getElementById("conflict")) return;
  let values;
  try { values = JSON.parse(saved); } catch { return; }
  const body = new URLSearchParams(values);
  for (const one of ["csrf", "once", "seen"]) body.append(one, form().elements[one].value);
  body.append("do", "again");
  fetch(form().action, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "error" })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((text) => {
      const box = document.createElement("template");
      box.innerHTML = text;
      const next = box.content.getElementById("editor");
      if (!next) return;
      form().replaceWith(next);
      window.htmx.process(next);
      next.querySelector("[data-restored]")?.removeAttribute("hidden");
      ready(next);
    })
    .catch(() => { /* the words stay kept; the next visit tries again */ });
};

document.addEventListener("input", (event) => { if (event.target.closest?.("#editor")) keep(); });
document.addEventListener("change", (event) => { if (event.target.closest?.("#editor")) keep(); });
document.addEventListener("submit", (event) => {
  if (event.target.id !== "editor") return;
  keep();
  // Forgotten by the page that says that it was taken.
  if (["save", "submit"].includes(event.submitter?.value)) sessionStorage.setItem("sent:", name);
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-forget]")) sessionStorage.removeItem(name);
});

// Enter in a line of the form keeps and sends nothing; beside a value it adds that.
const adds = (one) => one.name?.endsWith(".more") && document.getElementById(one.name.replace(/more$/, "put"));
let byKeys = false;
document.addEventListener("pointerdown", () => { byKeys = false; }, true);
document.addEventListener("keydown", (event) => {
  byKeys = true;
  const one = event.target;
  if (event.key !== "Enter" || !["INPUT", "SELECT"].includes(one.tagName) || !one.closest("#editor")) return;
  if (!["text", "date", "time", "url"].includes(one.getAttribute("type") ?? "text")) return;
  event.preventDefault();
  if (one.value && adds(one)) adds(one).click();
  else if (one.tagName === "INPUT") one.dispatchEvent(new Event("change", { bubbles: true }));
}, true);
// What is pointed at in a list is added at once. By the keyboard each letter would be a choice.
document.addEventListener("change", (event) => {
  const one = event.target;
  if (!byKeys && one.value && one.closest?.("#editor") && adds(one)) adds(one).click();
});

// A part that is being drawn anew waits for it: its buttons cannot be pressed meanwhile, and what is
// typed into it is still there afterwards.
const before = new Map();
const value = (one) => (one.type === "checkbox" || one.type === "radio" ? one.checked : one.value);
const fieldsOf = (root) => [...root.querySelectorAll("input[id], textarea[id], select[id]")];
const isPart = (one) => one?.id === "audience" || one?.id === "words";
const wait = (part, isOn) => {
  if (!part) return;
  part.setAttribute("aria-busy", String(isOn));
  if (part.id === "audience") part.inert = isOn;
  else for (const one of part.querySelectorAll("button[name=do]")) one.disabled = isOn;
};
let focused = "", pressed = "";
document.addEventListener("htmx:beforeRequest", (event) => {
  const { target, elt } = event.detail;
  if (!isPart(target)) return;
  pressed = elt.name === "do" ? elt.value : "";
  focused = document.activeElement?.id ?? "";
  before.set(target.id, new Map(fieldsOf(target).map((one) => [one.id, value(one)])));
  wait(target, true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { target, successful } = event.detail;
  if (isPart(target) && !successful) wait(document.getElementById(target.id), false);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail, known = before.get(target?.id);
  if (!isPart(target) || !known) return;
  const edited = fieldsOf(target).filter((one) => known.has(one.id) && known.get(one.id) !== value(one));
  before.set(target.id, edited.map((one) => [one.id, value(one)]));
});
document.addEventListener("htmx:afterSettle", (event) => {
  const id = event.detail.target?.id, edits = before.get(id);
  if (!isPart(event.detail.target) || edits === undefined) return;
  before.delete(id);
  for (const [which, typed] of edits) {
    const one = document.getElementById(which);
    if (!one) continue;
    if (typeof typed === "boolean") one.checked = typed; else one.value = typed;
  }
  ready(form());
  keep();
  // Whoever speaks a language that is written now gets it in that.
  const count = document.getElementById("count");
  if (id === "words" && count) window.htmx.trigger(count, "recount");
  // After "add" the new thing has the focus; after "remove" what stands before it.
  const [act, on] = pressed.split(":");
  const last = (selector) => [...document.querySelectorAll(selector)].at(-1);
  const to = {
    row_add: () => last(".condition :is(select, input:not([type=hidden]))[name$='.more'], .condition .chips input") ?? last(".condition"),
    row_remove: () => document.getElementById("row_new"),
    language_add: () => last(".wording textarea[name$='.text']"),
    language_remove: () => document.getElementById("language_new"),
    button_add: () => last(`[id="words.${CSS.escape(on ?? "")}"] .button-row [name$=".label"]`),
    button_remove: () => document.getElementById(`words.${on.split(".")[1]}`)?.querySelector("[value^=button_add]"),
    as_text: () => document.getElementById("audience-text"),
    as_rows: () => document.getElementById("row_new") ?? document.getElementById("audience-text"),
  }[act]?.() ?? (focused && document.getElementById(focused));
  to?.focus?.();
  pressed = focused = "";
});

// Marks at the cursor.
const put = (area, text, from, to) => {
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  if (from !== undefined) area.setSelectionRange(from, to);
  area.dispatchEvent(new Event("input", { bubbles: true }));
};
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-tools] button");
  if (!button) return;
  const area = document.getElementById(button.closest("[data-tools]").dataset.tools);
  const start = area.selectionStart, chosen = area.value.slice(start, area.selectionEnd);
  const { wrap, link, put: placeholder } = button.dataset;
  if (wrap) put(area, `${wrap}${chosen}${wrap}`, start + wrap.length, start + wrap.length + chosen.length);
  else if (link) { const at = start + chosen.length + 3; put(area, `[${chosen}](${link})`, chosen ? at + link.length : start + 1, chosen ? at + link.length : start + 1); }
  else put(area, placeholder);
});

const ready = (root) => {
  for (const tools of root.querySelectorAll("[data-tools]")) tools.hidden = false;
};
if (form()) {
  ready(form());
  document.getElementById("faults")?.focus();
  document.getElementById("conflict")?.focus();
  if (window.htmx) restore(); else window.addEventListener("load", restore);
}
