// The grid of the week: arrows go from block to block, dragging marks hours or gives them to a
// person. Each leads to the form, which works without all this.
const grid = document.querySelector("table.roster");
const frame = document.querySelector(".roster-frame");
const QUARTERS = 96, STEP = 2;

if (grid && frame) {
  const links = () => [...grid.querySelectorAll("a.block")];
  const place = (one) => one.getBoundingClientRect();

  // One stop for the Tab key; within the grid arrows go on.
  const stop = (chosen) => { for (const one of links()) one.tabIndex = one === chosen ? 0 : -1; };
  const now = grid.querySelector(".today a.block") ?? links()[0];
  if (now) stop(now);
  grid.addEventListener("focusin", (event) => { if (event.target.matches("a.block")) stop(event.target); });
  const across = (from, by) => {
    const row = [...from.closest("tr").querySelectorAll("a.block")];
    return row[row.indexOf(from) + by];
  };
  // Up and down stay at the hour from which they began, also past blocks that are elsewhere.
  let hour = null;
  const along = (from, by) => {
    const rows = [...grid.querySelectorAll("tbody tr")], middle = hour ?? place(from).left + Math.min(place(from).width / 2, 20);
    hour = middle;
    for (let at = rows.indexOf(from.closest("tr")) + by; rows[at]; at += by) {
      const there = [...rows[at].querySelectorAll("a.block")];
      const nearest = there.sort((a, b) => away(a, middle) - away(b, middle))[0];
      if (nearest) return nearest;
    }
    return null;
  };
  const away = (one, x) => Math.max(place(one).left - x, x - place(one).right, 0);
  grid.addEventListener("keydown", (event) => {
    const from = event.target.closest("a.block");
    if (!from || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!event.key.startsWith("Arrow") || event.key === "ArrowLeft" || event.key === "ArrowRight") hour = null;
    const row = () => [...from.closest("tr").querySelectorAll("a.block")];
    const to = {
      ArrowRight: () => across(from, 1), ArrowLeft: () => across(from, -1),
      ArrowDown: () => along(from, 1), ArrowUp: () => along(from, -1),
      Home: () => row()[0], End: () => row().at(-1),
    }[event.key]?.();
    if (to) { event.preventDefault(); to.focus(); }
    if (event.key === " ") { event.preventDefault(); from.click(); }
  });

  // Dragging with a mouse: hours of one row.
  grid.dataset.drags = "";
  const track = (row) => {
    const cells = row.querySelectorAll("td");
    const left = place(cells[0]).left, right = place(cells[cells.length - 1]).right;
    return { left, wide: right - left, box: place(cells[0]) };
  };
  const quarter = (row, x) => {
    const { left, wide } = track(row);
    return Math.min(QUARTERS, Math.max(0, Math.round(((x - left) / wide) * QUARTERS / STEP) * STEP));
  };
  const two = (value) => String(value).padStart(2, "0");
  const wall = (day, at) => {
    const on = new Date(`${day}T00:00:00Z`);
    if (at >= QUARTERS) { on.setUTCDate(on.getUTCDate() + 1); at -= QUARTERS; }
    return `${on.toISOString().slice(0, 10)}T${two(Math.floor(at / 4))}:${two((at % 4) * 15)}`;
  };
  const mark = document.createElement("div");
  mark.className = "marked";
  mark.hidden = true;
  frame.append(mark);
  let drag = null, dragged = false;
  const shown = () => {
    const from = Math.min(drag.from, drag.to), to = Math.max(drag.from, drag.to);
    const { left, wide, box } = track(drag.row), base = place(frame);
    mark.style.left = `${left - base.left + (from / QUARTERS) * wide}px`;
    mark.style.width = `${((to - from) / QUARTERS) * wide}px`;
    mark.style.top = `${box.top - base.top}px`;
    mark.style.height = `${box.height}px`;
    mark.textContent = `${wall(drag.row.dataset.day, from).slice(11)} – ${wall(drag.row.dataset.day, to).slice(11)}`;
    mark.hidden = to === from;
  };
  const over = () => { drag = null; mark.hidden = true; };
  grid.addEventListener("pointerdown", (event) => {
    hour = null;
    dragged = false;
    const row = event.target.closest("td")?.closest("tr");
    if (event.button !== 0 || event.pointerType === "touch" || !row) return;
    const at = quarter(row, event.clientX);
    drag = { row, from: at, to: at, x: event.clientX };
  });
  window.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!dragged && Math.abs(event.clientX - drag.x) < 8) return;
    dragged = true;
    drag.to = quarter(drag.row, event.clientX);
    shown();
  });
  window.addEventListener("pointerup", () => {
    if (!drag) return;
    const { row, from, to } = drag;
    over();
    if (!dragged || from === to) return;
    const query = new URLSearchParams({
      desde: wall(row.dataset.day, Math.min(from, to)), hasta: wall(row.dataset.day, Math.max(from, to)),
    });
    if (row.dataset.rota) query.set("rotacion", row.dataset.rota);
    location.assign(`/guardias/turno?${query}`);
  });
  window.addEventListener("pointercancel", over);
  window.addEventListener("keydown", (event) => { if (event.key === "Escape") over(); });
  grid.addEventListener("click", (event) => { if (dragged) { event.preventDefault(); dragged = false; } }, true);
  grid.addEventListener("dragstart", (event) => event.preventDefault());

  // Dragging a person onto a block gives the form both.
  const chips = document.querySelector(".chips");
  if (chips) chips.hidden = false;
  let held = null, ghost = null;
  const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("table.roster a.block");
  const unmark = () => { for (const one of grid.querySelectorAll(".drop")) one.classList.remove("drop"); };
  const letGo = () => { held?.classList.remove("held"); ghost?.remove(); held = ghost = null; unmark(); };
  chips?.addEventListener("pointerdown", (event) => {
    const chip = event.target.closest("[data-person]");
    if (!chip || event.button !== 0) return;
    event.preventDefault();
    held = chip;
    held.classList.add("held");
    ghost = document.createElement("div");
    ghost.className = "ghost";
    ghost.textContent = chip.textContent;
    ghost.hidden = true;
    document.body.append(ghost);
  });
  window.addEventListener("pointermove", (event) => {
    if (!held) return;
    ghost.hidden = false;
    ghost.style.left = `${event.clientX + 10}px`;
    ghost.style.top = `${event.clientY + 10}px`;
    unmark();
    under(event)?.classList.add("drop");
  });
  window.addEventListener("pointerup", (event) => {
    if (!held) return;
    const person = held.dataset.person, to = under(event);
    letGo();
    if (to) location.assign(`${to.getAttribute("href")}&persona=${person}`);
  });
  window.addEventListener("pointercancel", letGo);
}
