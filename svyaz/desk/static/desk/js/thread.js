// The thread by keys: J goes down from anywhere, K up from within it (elsewhere K keeps decisions), End to what lies
// furthest back, Enter opens a line with all that belongs to it; the same once more closes it.
const lines = () => [...document.querySelectorAll("#thread [data-line]")];
const target = (line) => line.querySelector(".event-open") ?? line;

function isTyping(element) {
  return element.isContentEditable || Boolean(element.matches?.("textarea, select, input:not([type=checkbox], [type=radio])"));
}

function go(line) {
  if (!line) return false;
  target(line).focus({ preventScroll: true });
  line.scrollIntoView({ block: "nearest" });
  return true;
}

function step(by) {
  const all = lines();
  const here = all.findIndex((line) => line.contains(document.activeElement));
  if (here < 0) return by > 0 && go(all[0]);
  // At the end more is fetched; the next press goes on there.
  if (by > 0 && here === all.length - 1) document.querySelector("#thread-older a")?.click();
  return go(all[Math.min(Math.max(here + by, 0), all.length - 1)]);
}

function toTheEnd() {
  const older = document.querySelector("#thread-older a");
  older?.scrollIntoView({ block: "end" });
  return go(lines().at(-1));
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTyping(event.target)) return;
    if (!document.getElementById("thread") || document.querySelector("dialog:modal, #list")) return;
    const isInside = document.getElementById("thread").contains(document.activeElement);
    const done =
      (event.code === "KeyJ" && step(1)) || (isInside && event.code === "KeyK" && step(-1)) || (isInside && event.code === "End" && toTheEnd());
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("htmx:beforeRequest", (event) => {
  const link = event.target.closest?.(".event-open");
  if (!link || link.getAttribute("aria-expanded") !== "true") return;
  event.preventDefault();
  link.closest("[data-line]").querySelector(".event-more").replaceChildren();
  link.setAttribute("aria-expanded", "false");
});

document.addEventListener("htmx:afterSwap", (event) => {
  const link = event.target.closest?.("[data-line]")?.querySelector(".event-open");
  if (link && event.target.matches(".event-more")) link.setAttribute("aria-expanded", "true");
});
