// A table of many buttons [data-grid] is one stop of the Tab key; the arrows walk within it, Home and End along a row.
function rows(grid) {
  return [...grid.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("button")]).filter((found) => found.length);
}

function settle(grid) {
  const all = rows(grid).flat();
  if (!all.length) return;
  const here = all.find((button) => button.tabIndex === 0 && button.hasAttribute("tabindex")) ?? all[0];
  all.forEach((button) => {
    button.tabIndex = button === here ? 0 : -1;
  });
}

function take(grid, button) {
  rows(grid).flat().forEach((other) => {
    other.tabIndex = other === button ? 0 : -1;
  });
  button.focus();
}

function target(event, grid) {
  const found = rows(grid);
  const y = found.findIndex((row) => row.includes(event.target));
  if (y < 0) return null;
  const x = found[y].indexOf(event.target);
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (step) return found[y + step[0]]?.[x + step[1]] ?? null;
  if (event.key === "Home") return found[y][0];
  if (event.key === "End") return found[y].at(-1);
  return null;
}

document.addEventListener("keydown", (event) => {
  const grid = event.target.closest?.("[data-grid]");
  if (!grid || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const next = target(event, grid);
  if (!next) return;
  event.preventDefault();
  take(grid, next);
});

// A cell that came back from the server takes the place, and the focus, of the one that was pressed.
let pressed = "";
document.addEventListener("htmx:beforeRequest", (event) => {
  pressed = event.target.closest?.("[data-grid], .may") ? event.target.id : "";
});
document.addEventListener("htmx:afterRequest", () => {
  const cell = pressed && document.getElementById(pressed);
  pressed = "";
  if (!cell) return;
  const grid = cell.closest("[data-grid]");
  if (grid) take(grid, cell);
  else cell.focus();
});

document.querySelectorAll("[data-grid]").forEach(settle);
