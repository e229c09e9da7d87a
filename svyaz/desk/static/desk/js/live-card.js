// The open card taken up anew: what stands in front is replaced, what is new comes into the thread, and nothing that
// somebody is typing, has marked, has opened or has scrolled to is touched.
const card = () => document.querySelector("[data-live-party]");

// An answer is read to its end even if nobody wants it any more: an unread one keeps its connection.
async function read(address) {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    const words = await answer.text();
    return answer.ok ? words : null;
  } catch {
    return null;
  }
}

export async function showColleagues() {
  const place = card();
  if (!place) return;
  const words = await read(place.dataset.livePeople);
  if (words !== null && place.isConnected) place.innerHTML = words;
}

export async function refreshCard() {
  const place = card();
  if (!place) return;
  // The address holds what of the thread is wanted.
  const words = await read(place.dataset.liveCard + location.search);
  if (words === null || !place.isConnected) return;
  const fresh = new DOMParser().parseFromString(words, "text/html");
  renewFront(fresh.getElementById("front"));
  renewThread(fresh.getElementById("thread"));
  document.dispatchEvent(new CustomEvent("desk:renewed"));
}

function renewFront(fresh) {
  const old = document.getElementById("front");
  if (!old || !fresh || sameWords(old, fresh)) return;
  // Somebody is in the middle of an answer here: it shows when he is done with it.
  if (isBusy(old)) {
    old.addEventListener("focusout", () => setTimeout(refreshCard, 300), { once: true });
    return;
  }
  carryOver(old, fresh);
  put(fresh, (node) => old.replaceWith(node));
}

function isBusy(part) {
  const inside = document.activeElement;
  return part.contains(inside) && inside.matches("input:not([type=checkbox]), textarea, select");
}

function carryOver(old, fresh) {
  const key = (field) => `${field.name}=${field.type === "checkbox" || field.type === "radio" ? field.value : ""}`;
  const known = new Map([...old.querySelectorAll("input, textarea, select")].map((field) => [key(field), field]));
  for (const field of fresh.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    const before = known.get(key(field));
    if (!before) continue;
    field.checked = before.checked;
    if (!["checkbox", "radio"].includes(field.type)) field.value = before.value;
  }
  const open = [...old.querySelectorAll("details")].map((one) => one.open);
  fresh.querySelectorAll("details").forEach((one, index) => (one.open = open[index] ?? one.open));
}

function renewThread(fresh) {
  const old = document.getElementById("thread");
  const list = old?.querySelector("ol.thread");
  const freshList = fresh?.querySelector("ol.thread");
  if (!old || !freshList) return;
  if (!list) {
    put(fresh, (node) => old.replaceWith(node));
    return;
  }
  let next = null;
  for (const entry of [...freshList.children].reverse()) {
    const known = entry.id ? document.getElementById(entry.id) : dayOf(list, entry);
    if (entry.matches(".more")) continue;
    if (known && list.contains(known)) next = renewed(known, entry);
    else next = inserted(entry, next, list);
  }
}

// A day's line has no id; it is the one with the same words.
function dayOf(list, entry) {
  const days = [...list.querySelectorAll(":scope > .day")];
  return days.find((day) => day.textContent.trim() === entry.textContent.trim());
}

function renewed(known, entry) {
  const isOpen = known.querySelector("[aria-expanded=true]");
  if (!entry.id || isOpen || sameWords(known, entry) || known.contains(document.activeElement)) return known;
  return put(entry, (node) => known.replaceWith(node));
}

function inserted(entry, next, list) {
  if (entry.id) entry.classList.add("fresh");
  return put(entry, (node) => (next ? next.before(node) : endOf(list).before(node)));
}

function endOf(list) {
  const more = list.querySelector(":scope > .more");
  if (more) return more;
  const end = document.createComment("");
  list.append(end);
  return end;
}

const sameWords = (one, other) =>
  one.textContent.replace(/\s+/g, " ").trim() === other.textContent.replace(/\s+/g, " ").trim();

function put(node, place) {
  const own = document.adoptNode(node);
  place(own);
  htmx.process(own);
  htmx.trigger(own, "htmx:afterSettle");
  return own;
}
