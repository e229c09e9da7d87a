// Walking through rows with the arrows: [data-walk] holds the rows, [data-step] is a row, its first link takes the focus.
function steps() {
  return [...document.querySelectorAll("[data-walk] [data-step]")].filter((row) => row.checkVisibility?.() ?? true);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.target.closest?.("input, textarea, select, [role=listbox], dialog, details")) return;
  const rows = steps();
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  // Without a row in hand the arrows scroll, as they do everywhere; Down alone takes the first row at the top of the page.
  if (here < 0 && (event.key === "ArrowUp" || window.scrollY > 0)) return;
  const next = rows[event.key === "ArrowDown" ? here + 1 : here - 1];
  const link = next?.querySelector("a[href], button");
  if (!link) return;
  event.preventDefault();
  link.focus();
});
