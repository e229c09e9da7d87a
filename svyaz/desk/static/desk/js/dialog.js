// Native dialogs and menus. [data-dialog=ID] opens, [data-close] closes, a click on the veil closes;
// a menu (<details data-menu>) closes by Escape, by a click elsewhere, and gives the focus back.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog && !dialog.open) dialog.showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && isOutside(event.target, event)) event.target.close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

function isOutside(dialog, { clientX, clientY, detail }) {
  if (!detail) return false;
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const items = [...menu.querySelectorAll(".menu-item:not(:disabled)")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
  }
});

// What the server sends into [data-dialog-body] opens its dialog; an empty answer closes it.
document.addEventListener("htmx:afterSwap", (event) => {
  const body = event.target.closest?.("[data-dialog-body]");
  const dialog = body?.closest("dialog");
  if (!dialog) return;
  if (!body.textContent.trim()) dialog.close();
  else if (!dialog.open) dialog.showModal();
});
