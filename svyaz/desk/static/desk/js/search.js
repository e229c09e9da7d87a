// The list under the search box: opens when there are answers, walked with the arrows, closed by Escape or leaving.
// The focus stays in the box; aria-activedescendant names the chosen option.
for (const form of document.querySelectorAll("[data-search]")) {
  const box = form.querySelector("[role=combobox]");
  const list = form.querySelector("[role=listbox]");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const open = (yes) => {
    const shown = yes && list.childElementCount > 0;
    form.classList.toggle("open", shown);
    box.setAttribute("aria-expanded", String(shown));
    if (!shown) choose(null);
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

  const keys = {
    ArrowDown: () => (open(true), step(1)),
    ArrowUp: () => (open(true), step(-1)),
  };

  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && form.classList.contains("open")) {
      event.preventDefault();
      open(false);
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().click();
    }
  });

  box.addEventListener("focus", () => open(Boolean(box.value.trim())));
  box.addEventListener("input", () => {
    if (!box.value.trim()) {
      list.replaceChildren();
      open(false);
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) open(false);
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("htmx:afterSwap", () => {
    options().forEach((option, index) => {
      option.id ||= `option-${index}`;
      option.tabIndex = -1;
      option.setAttribute("aria-selected", "false");
    });
    open(document.activeElement === box && Boolean(box.value.trim()));
    if (box.value.trim()) choose(options()[0] ?? null);
  });
}
