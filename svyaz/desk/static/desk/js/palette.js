// The palette: a combobox whose list comes from the server while one types. The focus stays in the box;
// aria-activedescendant names the chosen option; Enter takes it, even before it has arrived. An option with
// data-press-here presses that control of this very page; where the page has none, it leads to its address.
const PAUSE = 60;

for (const form of document.querySelectorAll("[data-palette]")) {
  const box = form.querySelector("[role=combobox]");
  const list = form.querySelector("[role=listbox]");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");
  let asked = null;
  let shown = null;
  let takesFirst = false;
  let timer = 0;
  let before = null;

  const open = (yes) => {
    const isOpen = yes && list.childElementCount > 0;
    form.classList.toggle("open", isOpen);
    box.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) choose(null);
  };

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };

  const step = (by) => {
    const all = options();
    if (!all.length) return;
    const now = all.indexOf(chosen());
    choose(all[now < 0 ? (by > 0 ? 0 : all.length - 1) : (now + by + all.length) % all.length]);
  };

  const ask = async () => {
    clearTimeout(timer);
    asked?.abort();
    const mine = (asked = new AbortController());
    const text = box.value.trim();
    const question = new URLSearchParams({ q: text, at: location.pathname });
    form.classList.add("asking");
    try {
      const answer = await fetch(`${form.action}?${question}`, { headers: { "HX-Request": "true" }, signal: mine.signal });
      if (answer.headers.get("HX-Refresh")) location.reload();
      if (answer.ok) show(await answer.text(), text);
    } catch {
      takesFirst = false;
    } finally {
      if (asked === mine) {
        asked = null;
        form.classList.remove("asking");
      }
    }
  };

  const show = (html, question) => {
    list.innerHTML = html;
    // Whose answer stands there, for those who wait for it.
    list.dataset.for = shown = question;
    for (const option of options()) {
      const { pressHere } = option.dataset;
      if (pressHere && option.getAttribute("href") === "#main" && !document.querySelector(pressHere)) option.remove();
    }
    for (const group of list.querySelectorAll("[role=group]")) if (!group.querySelector("a")) group.remove();
    options().forEach((option, index) => {
      option.id = `option-${index}`;
      option.tabIndex = -1;
      option.setAttribute("aria-selected", "false");
    });
    open(document.activeElement === box);
    choose(options()[0] ?? null);
    if (takesFirst) take(chosen());
    takesFirst = false;
  };

  const close = () => {
    asked?.abort();
    clearTimeout(timer);
    list.replaceChildren();
    delete list.dataset.for;
    shown = null;
    open(false);
  };

  const take = (option) => {
    if (!option) return;
    const control = option.dataset.pressHere && document.querySelector(option.dataset.pressHere);
    const address = option.href;
    box.value = "";
    close();
    box.blur();
    if (!control) {
      const goes = new CustomEvent("desk:go", { detail: address, cancelable: true });
      if (document.dispatchEvent(goes)) location.assign(address);
    } else if (control.matches("textarea, select, input:not([type=checkbox], [type=radio])")) {
      control.focus();
    } else {
      control.click();
    }
  };

  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Home: () => choose(options()[0]),
    End: () => choose(options().at(-1)),
  };

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      const isOpen = form.classList.contains("open");
      close();
      if (!isOpen || !box.value) {
        box.value = "";
        box.blur();
        before?.focus?.({ preventScroll: true });
      }
    } else if (keys[event.key] && (event.key.startsWith("Arrow") || !box.value)) {
      event.preventDefault();
      if (form.classList.contains("open")) keys[event.key]();
      else ask();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (box.value.trim() === shown) take(chosen());
      else takesFirst = Boolean(box.value.trim());
    }
  });

  box.addEventListener("focus", (event) => {
    before = event.relatedTarget;
    ask();
  });
  box.addEventListener("input", () => {
    takesFirst = false;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    take(option);
  });
}
