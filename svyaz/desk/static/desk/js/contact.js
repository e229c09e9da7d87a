// Writing a contact: K a second time saves, rows can be added, a link presses the composer's button, grounds that were
// sent and came back with an error are pinned again.
const composer = () => document.getElementById("composer");

// K once marks "keep all"; once more, with something written, saves.
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-keep-all]");
  if (!box || box.checked || event.detail > 0) return;
  if (!composer()?.querySelector("#contact-text")?.value.trim()) return;
  event.preventDefault();
  setTimeout(() => {
    box.checked = true;
    composer().requestSubmit();
  });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-press]");
  const button = link && composer()?.querySelector(link.dataset.press);
  if (!button) return;
  event.preventDefault();
  if (!button.checked) button.click();
  composer().scrollIntoView({ block: "nearest" });
});

// One more row: the last one copied, emptied, with the next number in its names.
document.addEventListener("click", (event) => {
  const more = event.target.closest?.("[data-repeat-more]");
  if (!more) return;
  const list = more.closest("[data-repeat]");
  const rows = list.querySelectorAll("[data-row]");
  const row = rows[rows.length - 1].cloneNode(true);
  row.querySelectorAll(".errorlist").forEach((error) => error.remove());
  const first = new RegExp(`^${list.dataset.repeat}-\\d+-`);
  for (const field of row.querySelectorAll("[name]")) {
    field.name = field.name.replace(first, `${list.dataset.repeat}-${rows.length}-`);
    if (field.type === "radio") field.checked = field.defaultChecked;
    else field.value = "";
  }
  more.before(row);
  row.querySelector("input").focus();
  if (rows.length >= 7) more.hidden = true;
});

// What was kept of the fields that stand outside of the form: kept one by one, overridden and why.
function press() {
  for (const kept of document.querySelectorAll("[data-pressed]")) {
    const fields = [...composer().elements].filter((field) => field.name === kept.dataset.pressed);
    for (const field of fields) {
      if (field.type === "checkbox") field.checked ||= field.value === kept.value;
      else field.value = kept.value;
      const fold = field.closest("details");
      if (fold) fold.open = true;
    }
    kept.remove();
  }
}

function settle() {
  press();
  for (const more of document.querySelectorAll("[data-repeat-more]")) more.hidden = false;
  const sent = [...document.querySelectorAll("[data-sent-ground]")];
  if (!sent.length) return;
  const pins = [...document.querySelectorAll("[data-pin]")];
  const grounds = sent.map(({ value, dataset }) => ({
    ref: value,
    label: pins.find((pin) => pin.value === value)?.dataset.pinLabel ?? (dataset.label || value),
  }));
  sent.forEach((field) => field.remove());
  document.dispatchEvent(new CustomEvent("desk:restore-grounds", { detail: grounds }));
}

settle();
document.addEventListener("htmx:afterSettle", settle);

// After an error the first wrong field has the focus.
document.addEventListener("htmx:afterSettle", (event) => {
  const wrong = event.detail?.xhr?.status === 422 && composer()?.querySelector("[aria-invalid=true], .field.wrong input, .field.wrong select");
  wrong?.focus?.();
});

// After a save the whole page is new: the keys work again at once, and a screen reader begins at the content.
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.detail?.target?.matches?.(".page") && !event.target.matches?.(".page")) return;
  document.getElementById("main")?.focus({ preventScroll: true });
});
