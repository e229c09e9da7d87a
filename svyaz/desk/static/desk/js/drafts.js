// Every typed word is kept on the server within a second: form[data-composer] with data-draft (the draft's address) sends
// all its fields after a pause, when a field or the page is left, and once more where the network had failed.
const PAUSE = 300;
const LONGEST_WAIT = 1000;
const AGAIN = 3000;
const OWN = new Set(["csrfmiddlewaretoken", "draft", "draft_version"]);
const NO_WORDS = new Set(["submit", "button", "file", "password", "image", "reset"]);
const keepers = new WeakMap();
const composer = () => document.querySelector("form[data-composer][data-draft]");

// What the form holds: also in the parts that are folded away now, which a save would not send.
function wordsOf(form) {
  const pairs = [];
  for (const field of form.elements) {
    if (!field.name || OWN.has(field.name) || NO_WORDS.has(field.type) || !field.value) continue;
    if (["checkbox", "radio"].includes(field.type) && !field.checked) continue;
    pairs.push([field.name, field.value]);
  }
  const labels = {};
  for (const chip of form.querySelectorAll("[data-grounds] .ground[data-ref]")) {
    labels[chip.dataset.ref] = chip.querySelector("span").textContent;
  }
  return JSON.stringify({ pairs, labels });
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.kept = wordsOf(form);
    this.since = 0;
    this.flight = null;
  }

  say(what) {
    const place = this.form.querySelector("[data-draft-state]");
    if (!place) return;
    place.textContent = place.dataset[what] ?? "";
    place.classList.toggle("bad", what !== "kept");
  }

  typed() {
    const now = Date.now();
    this.since ||= now;
    clearTimeout(this.timer);
    const wait = Math.max(0, Math.min(PAUSE, this.since + LONGEST_WAIT - now));
    this.timer = setTimeout(() => this.keep(), wait);
  }

  // One at a time: what is typed meanwhile goes with the next.
  async keep({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    if (this.flight) await this.flight;
    const words = wordsOf(this.form);
    if (this.isOver || words === this.kept) return;
    this.since = 0;
    this.flight = this.send(words, keepalive).finally(() => (this.flight = null));
    await this.flight;
  }

  async send(words, keepalive) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    body.set("version", this.form.elements.draft_version.value);
    body.set("party", this.form.dataset.party ?? "");
    body.set("written", words);
    try {
      const answer = await fetch(this.form.dataset.draft, { method: "POST", body, keepalive });
      await this.took(answer, words);
    } catch {
      this.say("offline");
      this.timer = setTimeout(() => this.keep(), AGAIN);
    }
  }

  async took(answer, words) {
    if (answer.redirected || answer.status === 403) {
      this.say("locked");
      this.timer = setTimeout(() => this.keep(), AGAIN);
    } else if (answer.status === 409) {
      this.ask(await answer.text(), answer.headers);
    } else if (answer.ok) {
      this.kept = words;
      if (answer.status !== 200) return;
      this.form.elements.draft_version.value = answer.headers.get("Draft-Version");
      this.say("kept");
      showTabs(await answer.text());
      this.nameInAddress();
    } else {
      this.say("offline");
      this.timer = setTimeout(() => this.keep(), AGAIN);
    }
  }

  // A contact of nobody known yet has no page of its own: its draft stands in the address, for a reload.
  nameInAddress() {
    if (this.form.dataset.party) return;
    const address = new URL(location.href);
    address.searchParams.set("draft", this.form.elements.draft.value);
    history.replaceState(history.state, "", address);
    document.dispatchEvent(new CustomEvent("desk:address"));
    for (const link of document.querySelectorAll("a[data-takes-draft]")) {
      link.search = `?draft=${this.form.elements.draft.value}`;
    }
  }

  // Another window wrote too: both texts are shown, and whoever sits here says which one stands.
  ask(html, headers) {
    const body = document.getElementById("conflict-body");
    body.innerHTML = html;
    const dialog = body.closest("dialog");
    if (!dialog.open) dialog.showModal();
    this.other = { uid: headers.get("Draft-Uid"), version: headers.get("Draft-Version") };
  }

  choose(which) {
    const text = document.querySelector("#conflict-body [data-other-text]")?.textContent;
    document.getElementById("conflict").close();
    if (which === "other") {
      this.isOver = true;
      location.reload();
      return;
    }
    if (which === "both" && text) this.form.querySelector("textarea[name=text]").value += `\n${text}`;
    this.form.dataset.draft = this.form.dataset.draft.replace(this.form.elements.draft.value, this.other.uid);
    this.form.elements.draft.value = this.other.uid;
    this.form.elements.draft_version.value = this.other.version;
    this.kept = "";
    this.keep();
  }
}

function showTabs(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("tasks");
  const shown = document.getElementById("tasks");
  if (!fresh || !shown || fresh.innerHTML === shown.dataset.was) return;
  const was = fresh.innerHTML;
  fresh.dataset.was = was;
  shown.replaceWith(fresh);
  window.htmx?.process(fresh);
}

function keeperOf(form) {
  if (!keepers.has(form)) keepers.set(form, new Keeper(form));
  return keepers.get(form);
}

const inHand = () => {
  const form = composer();
  return form ? keeperOf(form) : null;
};
const flush = (options) => inHand()?.keep(options) ?? Promise.resolve();

function typed(event) {
  const form = event.target.form ?? event.target;
  if (form === composer()) keeperOf(form).typed();
}

document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("desk:grounds", typed);
document.addEventListener("focusout", (event) => {
  if (event.target.form && event.target.form === composer()) flush();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") flush({ keepalive: true });
});
addEventListener("pagehide", () => flush({ keepalive: true }));

// Whoever takes the page away waits until the last word is kept: event.detail is a list of promises.
document.addEventListener("desk:leave", (event) => event.detail.push(flush()));
document.addEventListener("htmx:confirm", (event) => {
  const { elt, target } = event.detail;
  const isLeaving = elt.closest("[data-flush]") || target?.id === "composer";
  if (!isLeaving || !composer()) return;
  event.preventDefault();
  flush().finally(() => event.detail.issueRequest(true));
});

// A save takes over from here: what is on its way arrives first, and nothing is kept after it.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target !== composer()) return;
    const keeper = keeperOf(event.target);
    clearTimeout(keeper.timer);
    if (keeper.flight) {
      event.preventDefault();
      event.stopImmediatePropagation();
      keeper.flight.finally(() => keeper.form.requestSubmit(event.submitter));
      return;
    }
    keeper.isOver = true;
  },
  true,
);
// The save failed: the words are still a draft.
document.addEventListener("htmx:afterRequest", (event) => {
  const keeper = keepers.get(event.target);
  if (keeper && !event.detail.successful) keeper.isOver = false;
});

document.addEventListener("click", (event) => {
  const choice = event.target.closest?.("[data-choose]");
  if (choice) inHand()?.choose(choice.dataset.choose);
});

const begin = () => inHand();
begin();
document.addEventListener("htmx:afterSettle", begin);
