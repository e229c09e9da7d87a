// Keys by physical place (event.code), so that they work in every layout. An element says which key presses it:
// data-key="KeyD", "Slash", "Shift+Slash", "Mod+KeyK" (Mod is Ctrl or Cmd), several with spaces between.
// A field gets the focus, anything else a click. Never inside a text field, except those with Mod.
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
  if (isTyping(event.target) && !keys.startsWith("Mod+")) return;
  if (!keys.startsWith("Mod+") && (event.ctrlKey || event.metaKey || event.altKey)) return;
  const element = bearer(keys);
  if (!element) return;
  event.preventDefault();
  use(element);
});

// The list of keys is made of what this very page offers, when it is opened.
const CAPS = { Slash: "/", Enter: "↵", Mod: isMac ? "⌘" : "Ctrl" };

function caps(keys) {
  if (keys === "Shift+Slash") return "?";
  return keys
    .split("+")
    .map((key) => CAPS[key] ?? key.replace(/^(Key|Digit)/, ""))
    .join(" ");
}

function name(element) {
  if (element.dataset.keyName) return element.dataset.keyName;
  const words = element.closest("label") ?? element;
  const copy = words.cloneNode(true);
  copy.querySelectorAll("kbd, svg").forEach((part) => part.remove());
  return element.getAttribute("aria-label") ?? copy.textContent.trim();
}

function row(words, keys) {
  const term = document.createElement("dt");
  term.textContent = words;
  const value = document.createElement("dd");
  for (const one of keys) {
    const cap = document.createElement("kbd");
    cap.textContent = caps(one);
    value.append(cap, " ");
  }
  return [term, value];
}

function listKeys(list) {
  const seen = new Set();
  const rows = [];
  for (const element of document.querySelectorAll("[data-key]")) {
    if (seen.has(element.dataset.key) || element.closest("dialog")) continue;
    seen.add(element.dataset.key);
    rows.push(...row(name(element), element.dataset.key.split(" ")));
  }
  rows.push(...row(list.dataset.save, ["Mod+Enter"]), ...row(list.dataset.closeName, ["Esc"]));
  list.replaceChildren(...rows);
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.('[data-dialog="keys"]')) {
    const list = document.querySelector("[data-keys]");
    if (list) listKeys(list);
  }
});
