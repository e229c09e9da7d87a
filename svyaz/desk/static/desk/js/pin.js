// Pins. Each is a checkbox that belongs to the composer's form, so it works without a script; here a pinned fact also
// becomes a chip in the composer, which outlives the thread's fragments being loaded anew.
const composer = () => document.getElementById("composer");
const chips = () => [...document.querySelectorAll("#composer [data-grounds] .ground[data-ref]")];
const pins = () => document.querySelectorAll("[data-pin]");

function chipOf(ref) {
  return chips().find((chip) => chip.dataset.ref === ref);
}

function add(ref, label) {
  const place = composer()?.querySelector("[data-grounds]");
  if (!place || chipOf(ref)) return;
  const chip = document.getElementById("ground-chip").content.firstElementChild.cloneNode(true);
  chip.dataset.ref = ref;
  chip.querySelector("span").textContent = label;
  chip.querySelector("input").value = ref;
  const button = chip.querySelector("[data-unpin]");
  button.setAttribute("aria-label", `${button.getAttribute("aria-label")}: ${label}`);
  place.append(chip);
}

function changed() {
  mark();
  composer()?.dispatchEvent(new CustomEvent("desk:grounds", { bubbles: true }));
}

// The chip carries the value to the server; the checkbox then must not send it a second time.
function mark() {
  for (const pin of pins()) {
    const pinned = Boolean(chipOf(pin.value));
    pin.checked = pinned;
    if (pinned) pin.removeAttribute("name");
    else pin.setAttribute("name", "ground");
  }
}

document.addEventListener("change", (event) => {
  const pin = event.target.closest?.("[data-pin]");
  if (!pin || !composer()) return;
  if (pin.checked) add(pin.value, pin.dataset.pinLabel);
  else chipOf(pin.value)?.remove();
  changed();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches?.("[data-pin]")) {
    event.preventDefault();
    event.target.click();
  }
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest?.("[data-unpin]")?.closest(".ground");
  if (!chip) return;
  const next = chip.nextElementSibling?.querySelector("button") ?? composer()?.querySelector("textarea");
  chip.remove();
  next?.focus();
  changed();
});

document.addEventListener("desk:restore-grounds", (event) => {
  for (const { ref, label } of event.detail) add(ref, label);
  mark();
});

document.addEventListener("htmx:afterSettle", mark);
for (const pin of pins()) if (pin.checked) add(pin.value, pin.dataset.pinLabel);
mark();
