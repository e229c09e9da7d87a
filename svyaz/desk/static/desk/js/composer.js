// The composer: parts that belong to some kinds only, and no typed word lost while the tab lives.
// <form id="composer" data-composer="KEY">; [data-kinds="call email"] shows for those values of the checked
// radio [data-kind-of]; a checkbox [data-reveals=ID] shows the part with that id.
const KEEP = "svyaz.composer.";

function setUp(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "1";
  const key = KEEP + form.dataset.composer;

  const show = () => {
    const kind = form.querySelector(".kinds input[type=radio]:checked")?.value;
    for (const part of form.querySelectorAll("[data-kinds]")) {
      toggle(part, part.dataset.kinds.split(" ").includes(kind));
    }
    for (const box of form.querySelectorAll("[data-reveals]")) {
      const part = document.getElementById(box.dataset.reveals);
      if (part) toggle(part, box.checked);
    }
  };

  const keep = () => {
    const fields = {};
    for (const field of form.elements) {
      if (!field.name || ["hidden", "password", "file", "submit"].includes(field.type)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) (fields[field.name] ??= []).push(field.value);
      } else if (field.value) fields[field.name] = [field.value];
    }
    const grounds = [...form.querySelectorAll("[data-grounds] .ground[data-ref]")].map((chip) => ({
      ref: chip.dataset.ref,
      label: chip.querySelector("span").textContent,
    }));
    const isWritten = grounds.length > 0 || [...form.querySelectorAll("textarea")].some((area) => area.value.trim());
    if (isWritten) sessionStorage.setItem(key, JSON.stringify({ fields, grounds }));
    else sessionStorage.removeItem(key);
  };

  const restore = () => {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (!kept || form.dataset.bound) return;
    for (const field of form.elements) {
      const values = kept.fields[field.name];
      if (!values || ["hidden", "submit", "file"].includes(field.type)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else field.value = values[0];
    }
    document.dispatchEvent(new CustomEvent("desk:restore-grounds", { detail: kept.grounds }));
  };

  restore();
  show();
  form.addEventListener("input", keep);
  form.addEventListener("change", () => (show(), keep()));
  form.addEventListener("desk:grounds", keep);
  // A key chooses the kind: what is wanted next is to write. Later, when what the kind reveals is there.
  form.addEventListener("click", (event) => {
    if (event.isTrusted || !event.target.matches(".kinds input")) return;
    const { checked, dataset } = event.target;
    setTimeout(() => {
      const part = checked && dataset.reveals && document.getElementById(dataset.reveals);
      const field = part && part.querySelector("input:not([type=hidden]), textarea, select");
      (field || form.querySelector("textarea"))?.focus();
    });
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === form && event.detail.successful) sessionStorage.removeItem(key);
  });
}

function toggle(part, shown) {
  part.hidden = !shown;
  // What is not shown is not sent.
  for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !shown;
}

// The server's word that something was saved by a plain form: forget what was kept for it.
for (const saved of document.querySelectorAll("[data-composer-saved]")) {
  sessionStorage.removeItem(KEEP + saved.dataset.composerSaved);
}
const setUpAll = () => document.querySelectorAll("form[data-composer]").forEach(setUp);
setUpAll();
document.addEventListener("htmx:afterSettle", setUpAll);
