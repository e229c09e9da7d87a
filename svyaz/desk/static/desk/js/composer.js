// The composer's parts: [data-kinds="call email"] shows for those values of the checked radio in .kinds; a checkbox
// [data-reveals=ID] shows the part with that id. Keeping what is typed is drafts.js.
function setUp(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "1";

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

  show();
  form.addEventListener("change", show);
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
}

function toggle(part, shown) {
  part.hidden = !shown;
  // What is not shown is not sent.
  for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !shown;
}

const setUpAll = () => document.querySelectorAll("form[data-composer]").forEach(setUp);
setUpAll();
document.addEventListener("htmx:afterSettle", setUpAll);
