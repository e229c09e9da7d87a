// Keys by physical place (event.code), so that they work in every layout. An element says which key presses it:
// data-key="KeyD", "Slash", "Shift+Slash", "Mod+KeyK" (Mod is Ctrl or Cmd), "KeyG>KeyD" (one after the other), several
// with spaces between. A field gets the focus, anything else a click. Never inside a text field, except with Mod or Alt.
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const NO_TEXT = new Set(["button", "checkbox", "radio", "submit", "reset", "range", "color", "file", "image"]);

function isTyping(target) {
  if (target.isContentEditable || target.matches?.("textarea, select")) return true;
  return Boolean(target.matches?.("input")) && !NO_TEXT.has(target.type);
}

function pressed(event) {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  return [mod && "Mod", event.altKey && "Alt", event.shiftKey && "Shift", event.code].filter(Boolean).join("+");
}

function place() {
  return document.querySelector("dialog:modal") ?? document;
}

// What stands in a row [data-step] is meant for that row alone: it is pressed only while the focus is in the row.
function isMeant(element) {
  const row = element.closest("[data-step]");
  return !row || row.contains(document.activeElement);
}

function bearer(keys) {
  const found = [...place().querySelectorAll(`[data-key~="${CSS.escape(keys)}"]`)].filter(isMeant);
  const usable = found.filter((element) => !element.disabled && (element.checkVisibility?.() ?? true));
  return usable.find((element) => element.closest("[data-step]")) ?? usable[0];
}

// The first of two keys waits a moment for the second; a screen's link needs not be seen to be gone to.
const SECOND_WITHIN = 1500;
let first = "";
let forgets = 0;

function sequence(keys) {
  const wanted = first && `${first}>${keys}`;
  first = "";
  clearTimeout(forgets);
  if (wanted) return document.querySelector(`[data-key~="${CSS.escape(wanted)}"]`);
  if (document.querySelector(`[data-key^="${CSS.escape(keys)}>"]`)) {
    first = keys;
    forgets = setTimeout(() => (first = ""), SECOND_WITHIN);
  }
  return null;
}

function use(element) {
  if (isTyping(element)) {
    element.focus();
    element.select?.();
    return;
  }
  element.click();
  const next = element.dataset.keyFocus && document.querySelector(element.dataset.keyFocus);
  next?.focus();
}

function submitForm(event) {
  const form = event.target.form ?? event.target.closest?.("form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[type=submit][data-default]") ?? form.querySelector("[type=submit]:not(:disabled)"));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) {
    submitForm(event);
    return;
  }
  if (event.code === "Escape" && isTyping(event.target) && place() === document) event.target.blur();
  const keys = pressed(event);
  const isHeld = /^(Mod|Alt)\+/.test(keys);
  if (!isHeld && (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey)) return;
  const isSecond = Boolean(first);
  const element = (!isHeld && place() === document && sequence(keys)) || (isSecond ? null : bearer(keys));
  if (!element) return;
  event.preventDefault();
  use(element);
});
