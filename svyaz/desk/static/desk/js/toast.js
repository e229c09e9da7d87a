// Toasts: those the server rendered, and those told by an event `desk:toast` with {text, tone} (an HX-Trigger header does it).
// A toast waits while it is pointed at or holds the focus, so that "undo" can be reached without haste.
const region = document.getElementById("toasts");
const LASTS = Number(region?.dataset.lasts ?? 7000);

function dismiss(toast) {
  toast.classList.add("gone");
  setTimeout(() => toast.remove(), 220);
}

function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "1";
  toast.querySelector("[data-toast-close]")?.addEventListener("click", () => dismiss(toast));
  if (toast.classList.contains("bad")) return;
  let timer = setTimeout(() => dismiss(toast), LASTS);
  const wait = () => clearTimeout(timer);
  const go = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dismiss(toast), LASTS / 2);
  };
  toast.addEventListener("pointerenter", wait);
  toast.addEventListener("focusin", wait);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusout", go);
}

function say(text, tone = "") {
  const toast = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = text;
  if (tone) toast.classList.add(tone);
  if (tone === "bad") toast.setAttribute("role", "alert");
  region.append(toast);
}

if (region) {
  region.querySelectorAll("[data-toast]").forEach(watch);
  new MutationObserver(() => region.querySelectorAll("[data-toast]").forEach(watch)).observe(region, { childList: true });
  document.addEventListener("desk:toast", (event) => say(event.detail.text, event.detail.tone));
  document.addEventListener("htmx:sendError", () => say(region.dataset.offline, "bad"));
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    say(status === 403 ? region.dataset.forbidden : status === 404 ? region.dataset.missing : region.dataset.failed, "bad");
  });
}
