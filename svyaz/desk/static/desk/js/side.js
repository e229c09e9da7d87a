// The side panel: shown or hidden by its button, as the browser remembers it; the server draws it right from the start.
const YEAR = 60 * 60 * 24 * 365;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-side-button]");
  if (!button) return;
  const isHidden = document.documentElement.dataset.side !== "hidden";
  document.documentElement.dataset.side = isHidden ? "hidden" : "shown";
  button.setAttribute("aria-pressed", String(!isHidden));
  document.cookie = `side=${isHidden ? "hidden" : "shown"}; path=/; max-age=${YEAR}; samesite=lax`;
});
