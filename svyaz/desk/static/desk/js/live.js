// What happens elsewhere shows here without asking: one EventSource a page, that tells what happened and never what it
// says; the page then fetches what it may see by its own addresses. A lost stream comes back by itself and names the last
// position that it heard of, so nothing is missed. Of all hidden tabs only one keeps its stream: browsers open six
// connections to one address and no more.
import { refreshCard, showColleagues } from "./live-card.js";
import { closeIncoming, openIncoming } from "./live-incoming.js";

const { live, liveSince } = document.body.dataset;
const LONGEST_PAUSE = 30000;
const TOGETHER = 60;
let source = null;
let position = "";
let pause = 1000;
let retry = 0;
let letGo = null;

const card = () => document.querySelector("[data-live-party]");

function address() {
  const query = new URLSearchParams();
  if (!document.hidden && card()) query.set("party", card().dataset.liveParty);
  if (position) query.set("after", position);
  else query.set("since", liveSince);
  return `${live}?${query}`;
}

function listen() {
  hush();
  source = new EventSource(address());
  source.addEventListener("open", () => {
    pause = 1000;
    document.documentElement.dataset.live = "on";
  });
  source.addEventListener("message", (event) => {
    position = event.lastEventId;
    hear(JSON.parse(event.data));
  });
  source.addEventListener("tick", (event) => (position = event.data));
  source.addEventListener("reset", (event) => {
    position = event.data;
    later("card", refreshCard);
    later("people", showColleagues);
    later("notices", () => news([]));
  });
  // The log-in is over: the next click says so, a stream need not.
  source.addEventListener("bye", () => {
    hush();
    document.documentElement.dataset.live = "over";
  });
  source.addEventListener("error", () => {
    document.documentElement.dataset.live = "off";
    if (source?.readyState !== EventSource.CLOSED) return;
    retry = setTimeout(listen, pause + Math.random() * pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  });
}

function hush() {
  clearTimeout(retry);
  source?.close();
  source = null;
}

// Several things at once are fetched once.
const waiting = new Map();
function later(name, what) {
  if (waiting.has(name)) return;
  waiting.set(
    name,
    setTimeout(() => {
      waiting.delete(name);
      what();
    }, TOGETHER),
  );
}

const given = new Set();
function hear(said) {
  document.dispatchEvent(new CustomEvent("desk:live", { detail: said }));
  if (said.kind === "incoming") openIncoming(said);
  else if (said.kind === "incoming.taken") closeIncoming(said.subject);
  else if (said.kind === "card.people") later("people", showColleagues);
  else if (said.kind.startsWith("notice.")) {
    if (said.kind === "notice.given" && isNew(said.subject)) given.add(said.subject);
    later("notices", () => {
      news([...given]);
      given.clear();
    });
  } else if (String(said.party) === card()?.dataset.liveParty) later("card", refreshCard);
}

// A page asks a little further back than it was drawn: what was told on the page before is not told again.
function isNew(id) {
  const told = (sessionStorage.getItem("live-told") ?? "").split(" ").filter(Boolean);
  if (told.includes(String(id))) return false;
  sessionStorage.setItem("live-told", [...told, id].slice(-100).join(" "));
  return true;
}

function news(ids) {
  const body = document.getElementById("notices-body");
  if (!body) return;
  const query = new URLSearchParams(ids.map((id) => ["id", id]));
  if (card()) query.set("party", card().dataset.liveParty);
  htmx.ajax("GET", `${body.dataset.news}?${query}`, { source: body, target: body, swap: "none" });
  if (body.closest("details").open) htmx.trigger(document.body, "live-notices");
}

// Whoever opens what a notice tells of has read it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-notices-read]");
  const body = document.getElementById("notices-body");
  if (!link || !body) return;
  const form = new FormData();
  for (const id of link.dataset.noticesRead.split(" ").filter(Boolean)) form.append("notice", id);
  form.append("silent", "1");
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(body.dataset.read, { method: "POST", body: form, headers, keepalive: true });
});

// A hidden tab queues for the one stream that hidden tabs have; without locks it listens again when it is seen.
function hide() {
  hush();
  if (!navigator.locks) return;
  const asked = new AbortController();
  letGo = () => asked.abort();
  navigator.locks
    .request("svyaz-live-hidden", { signal: asked.signal }, () => {
      listen();
      return new Promise((done) => (letGo = done));
    })
    .catch(() => {});
}

function show() {
  letGo?.();
  letGo = null;
  listen();
}

if (live && window.EventSource) {
  document.addEventListener("visibilitychange", () => (document.hidden ? hide() : show()));
  window.addEventListener("pagehide", hush);
  window.addEventListener("pageshow", (event) => event.persisted && show());
  // Another card in the same page (a task's tab, a saved contact): the stream follows it.
  let shown = card()?.dataset.liveParty;
  document.addEventListener("htmx:afterSettle", () => {
    if (card()?.dataset.liveParty === shown) return;
    shown = card()?.dataset.liveParty;
    if (!document.hidden) listen();
  });
  if (document.hidden) hide();
  else listen();
}
