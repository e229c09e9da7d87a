// Imports: a word dragged onto a column chooses it in the column's list; a chosen file is loaded at once.
let dragged = "";

document.addEventListener("dragstart", (event) => {
  const chip = event.target instanceof Element && event.target.closest("[data-target]");
  if (!chip) return;
  dragged = chip.dataset.target;
  event.dataTransfer.effectAllowed = "copy";
  event.dataTransfer.setData("text/plain", dragged);
});

document.addEventListener("dragend", () => {
  dragged = "";
  for (const column of document.querySelectorAll("[data-drop].over")) column.classList.remove("over");
});

const columnUnder = (event) => dragged && event.target instanceof Element && event.target.closest("[data-drop]");

document.addEventListener("dragover", (event) => {
  const column = columnUnder(event);
  for (const other of document.querySelectorAll("[data-drop].over")) other.classList.toggle("over", other === column);
  if (!column) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  column.classList.add("over");
});

document.addEventListener("drop", (event) => {
  const column = columnUnder(event);
  if (!column) return;
  event.preventDefault();
  const list = column.querySelector("select");
  list.value = dragged;
  list.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-drop] select")) field.closest("[data-drop]").classList.toggle("known", field.value !== "");
  if (field.matches("[data-submits] input[type=file]") && field.files.length) field.form.requestSubmit();
});
