// Going from screen to screen without loading the frame anew: a plain link is fetched, and the page part, the title, the
// address, the rail and the tabs are taken from it. What is no page of the desk is loaded as ever, and so is everything
// without this file. A link with download, target, data-plain or an hx- request of its own stays as it is.
const PARTS = ["page", "rail", "tasks"];
let at = location.pathname + location.search;
let going = null;

// The browser would restore the place on the page before the page is there.
history.scrollRestoration = "manual";

function isOurs(link, event) {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
  if (!link || link.target || link.hasAttribute("download") || link.closest("[data-plain], [hx-get], [hx-boost=false]")) return false;
  if (link.origin !== location.origin || link.pathname.startsWith("/static/")) return false;
  return link.pathname + link.search !== location.pathname + location.search || !link.hash;
}

async function go(address, { isBack = false, scroll = 0 } = {}) {
  const waits = [];
  document.dispatchEvent(new CustomEvent("desk:leave", { detail: waits }));
  await Promise.all(waits);
  going?.abort();
  const mine = (going = new AbortController());
  document.documentElement.classList.add("going");
  try {
    const answer = await fetch(address, { headers: { "Desk-Go": "1" }, signal: mine.signal });
    const page = await read(answer);
    if (going !== mine) return;
    if (page) arrive(page, new URL(answer.url), new URL(address, location.href).hash, isBack, scroll);
    else location.assign(address);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  } finally {
    if (going === mine) {
      going = null;
      document.documentElement.classList.remove("going");
    }
  }
}

// A page of this very desk, as it is drawn now: another language, theme or version of the files is loaded whole.
async function read(answer) {
  if (!answer.headers.get("content-type")?.startsWith("text/html") || answer.headers.has("content-disposition")) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const isSame = PARTS.every((id) => page.getElementById(id));
  const [theirs, ours] = [page, document].map((one) => one.documentElement.lang + one.querySelector("link[rel=stylesheet]")?.getAttribute("href"));
  return isSame && theirs === ours ? page : null;
}

function arrive(page, url, hash, isBack, scroll) {
  if (!isBack) {
    history.replaceState({ ...history.state, y: scrollY }, "");
    history.pushState({ y: 0 }, "", url.pathname + url.search + hash);
  }
  at = url.pathname + url.search;
  document.title = page.title;
  for (const script of page.querySelectorAll("script[src]")) {
    if (document.querySelector(`script[src="${CSS.escape(script.getAttribute("src"))}"]`)) continue;
    const fresh = document.createElement("script");
    fresh.type = script.type;
    fresh.src = script.getAttribute("src");
    document.head.append(fresh);
  }
  for (const id of PARTS) document.getElementById(id).replaceWith(page.getElementById(id));
  document.getElementById("toasts").append(...page.querySelectorAll("#toasts > *"));
  for (const id of PARTS) window.htmx?.process(document.getElementById(id));
  settle(hash, scroll);
}

function settle(hash, scroll) {
  const shown = document.getElementById("page");
  shown.dispatchEvent(new CustomEvent("htmx:afterSettle", { bubbles: true, detail: { target: shown } }));
  document.dispatchEvent(new CustomEvent("desk:arrived"));
  document.getElementById("announce").textContent = document.title;
  const wanted = shown.querySelector("[autofocus]");
  wanted?.focus();
  const place = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (place) place.scrollIntoView({ block: "nearest" });
  else window.scrollTo(0, scroll);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!isOurs(link, event) || !document.getElementById("page")) return;
  event.preventDefault();
  go(link.href);
});

// Somebody chose an address without a link: event.detail.
document.addEventListener("desk:go", (event) => {
  const address = new URL(event.detail, location.href);
  if (address.hash && address.pathname + address.search === at) return;
  event.preventDefault();
  go(address.href);
});

addEventListener("popstate", (event) => {
  if (event.state?.htmx || location.pathname + location.search === at) return;
  go(location.href, { isBack: true, scroll: event.state?.y ?? 0 });
});
document.addEventListener("htmx:pushedIntoHistory", () => (at = location.pathname + location.search));
document.addEventListener("htmx:replacedInHistory", () => (at = location.pathname + location.search));
document.addEventListener("desk:address", () => (at = location.pathname + location.search));
