// Lists [data-list]: rows are walked by j and k, selected by x, Shift+x and Shift+click, all of them by the head's box;
// what was open in the bar (order, groups, columns) stays open when the list is drawn anew.
const list = () => document.querySelector("[data-list]");
const boxes = () => [...(list()?.querySelectorAll('input[name="pick"]') ?? [])];
const rows = () => [...(list()?.querySelectorAll("[data-step]") ?? [])];
let last = null;
let open = new Set();

function tell() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  for (const count of document.querySelectorAll("[data-picked]")) count.textContent = chosen;
  const head = list()?.querySelector("[data-pick-all]");
  if (!head) return;
  head.checked = chosen > 0 && chosen === all.length;
  head.indeterminate = chosen > 0 && chosen < all.length;
  if (chosen < all.length) for (const box of list().querySelectorAll("[data-pick-every]")) box.checked = false;
}

function range(to) {
  const all = boxes();
  const [from, end] = [all.indexOf(last ?? to), all.indexOf(to)].sort((one, other) => one - other);
  for (const box of all.slice(Math.max(from, 0), end + 1)) box.checked = to.checked;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.('input[name="pick"]');
  if (box) {
    if (event.shiftKey && last) range(box);
    last = box;
    tell();
  }
  if (event.target.closest?.("[data-unpick]")) unpick();
  if (event.target.closest?.("[data-closes-menu]")) event.target.closest("details").open = false;
  if (event.target.closest?.("[data-closes-editor]")) {
    event.preventDefault();
    event.stopPropagation();
    document.getElementById("editor").replaceChildren();
    document.querySelector("#add-filter > summary")?.focus();
  }
}, true);

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-pick-all]")) return;
  for (const box of boxes()) box.checked = event.target.checked;
  tell();
});

function unpick() {
  for (const box of boxes()) box.checked = false;
  last = null;
  tell();
}

function isTyping(target) {
  return Boolean(target.closest?.("textarea, select, dialog, details[open], [role=listbox], input:not([type=checkbox])"));
}

function walk(step) {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[here < 0 ? 0 : here + step];
  const target = next?.querySelector("a[href]") ?? next?.querySelector("input");
  if (!target) return false;
  target.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!list() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target)) return;
  const row = rows().find((one) => one.contains(document.activeElement));
  if (event.code === "KeyJ" && !event.shiftKey && walk(1)) event.preventDefault();
  if (event.code === "KeyK" && !event.shiftKey && walk(-1)) event.preventDefault();
  if (event.code === "KeyX" && event.shiftKey && row) {
    event.preventDefault();
    const box = row.querySelector('input[name="pick"]');
    box.checked = true;
    range(box);
    last = box;
    tell();
  }
  if (event.key === "Escape" && boxes().some((box) => box.checked)) unpick();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "list") open = new Set([...list().querySelectorAll("details#display[open]")].map((one) => one.id));
});

document.addEventListener("htmx:afterSettle", () => {
  for (const id of open) {
    const menu = document.getElementById(id);
    if (menu) menu.open = true;
  }
  open.clear();
  tell();
});
tell();
