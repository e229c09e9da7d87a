// Correcting facts where they stand. A pencil [data-edit] brings its form beside the fact (htmx); here: one form at a
// time, the focus goes in and comes back, Escape closes, E opens the form of the fact that is focused or pointed at.
const editor = () => document.getElementById("editor");
const opener = (form) => document.getElementById(form.dataset.editor);

function close(form) {
  const pencil = opener(form);
  form.remove();
  pencil?.focus();
}

// Which fact is meant: the one under the pointer if the pointer moved last, else the one that has the focus.
let isPointing = false;
document.addEventListener("pointermove", () => (isPointing = true), { passive: true });
document.addEventListener("focusin", () => (isPointing = false));

function isTyping(target) {
  return target.isContentEditable || Boolean(target.matches?.("textarea, select, input:not([type=checkbox], [type=radio])"));
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.code === "Escape" && event.target.closest?.("#editor")) {
      event.preventDefault();
      close(editor());
      return;
    }
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (event.code !== "KeyE" || !bare || event.repeat || isTyping(event.target) || document.querySelector("dialog:modal")) return;
    const focused = document.activeElement?.closest("[data-editable]");
    const under = [...document.querySelectorAll("[data-editable]:hover")].pop();
    const pointed = isPointing ? (under ?? focused) : (focused ?? under);
    const pencil = pointed?.querySelector("[data-edit]");
    if (!pencil) return;
    event.preventDefault();
    pencil.click();
  },
  true,
);

// A click on the same pencil closes; on another moves the form there.
document.addEventListener("htmx:beforeRequest", (event) => {
  const pencil = event.target.closest?.("[data-edit]");
  const open = editor();
  if (!pencil || !open) return;
  const isSame = opener(open) === pencil;
  open.remove();
  if (isSame) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-editor-close]");
  if (!link || !link.closest("form[hx-post]")) return;
  event.preventDefault();
  close(link.closest("form"));
});

document.addEventListener("htmx:afterSettle", (event) => {
  const form = editor();
  if (!form || !(event.target.contains(form) || form.contains(event.target))) return;
  if (form.contains(document.activeElement)) return;
  const wrong = form.querySelector(".wrong input, .wrong select");
  const first = form.querySelector("input:not([type=hidden]), select, button[data-default]");
  (wrong ?? first)?.focus();
  if (!wrong) first?.select?.();
  form.scrollIntoView({ block: "nearest" });
});

// The facts scroll by themselves: drawn anew they stay where they were.
let scrolled = 0;
document.addEventListener("htmx:beforeSwap", () => {
  scrolled = document.getElementById("customer-facts")?.scrollTop ?? 0;
});

// Head and facts were drawn anew: the focus returns to the pencil of what was corrected, so that the keys go on from there.
document.addEventListener("desk:edited", (event) => {
  // The key takes back the last change: an earlier one gives way.
  [...document.querySelectorAll("#toasts .toast:has(form)")].slice(0, -1).forEach((toast) => toast.remove());
  const { focus } = event.detail;
  const facts = document.getElementById("customer-facts");
  if (facts) facts.scrollTop = scrolled;
  const place = (focus && document.getElementById(focus)) || document.getElementById("main");
  place?.focus({ preventScroll: true });
});
