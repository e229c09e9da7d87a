// A contact that nobody has taken yet rings in the top bar, until somebody opens its card, waves it away, or it is over.
const LASTS = 180000;
let ringing = null;

export function openIncoming({ party, subject }) {
  const bar = document.getElementById("incoming");
  if (!bar || wavedAway().includes(String(subject))) return;
  const link = bar.querySelector("[data-incoming-open]");
  link.href = party ? `${link.dataset.card}${party}/` : link.dataset.unknown;
  ringing = subject;
  bar.hidden = false;
  setTimeout(() => closeIncoming(subject), LASTS);
}

export function closeIncoming(subject) {
  const bar = document.getElementById("incoming");
  if (!bar || ringing !== subject) return;
  bar.hidden = true;
  ringing = null;
}

const wavedAway = () => (sessionStorage.getItem("live-waved") ?? "").split(" ");

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-incoming-close], [data-incoming-open]") || ringing === null) return;
  sessionStorage.setItem("live-waved", [...wavedAway(), ringing].slice(-30).join(" "));
  closeIncoming(ringing);
});
