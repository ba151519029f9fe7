// What scripts add; every page works without them. Loads after the page, as a module.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();
document.querySelectorAll("[data-scrutiny-progress]").forEach((part) => watch(part.id));
document.querySelectorAll("[data-cite-source]").forEach(citeFrom);

// Progress: ask for this very page again and put in the new part, until it says that nothing runs any more.
// The wait grows, so that a page left open overnight does not knock every second.
function watch(id, wait = 1000) {
  setTimeout(async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(id);
      if (!answer.ok || answer.redirected || !fresh || !("scrutinyProgress" in fresh.dataset)) {
        window.location.assign(answer.redirected ? answer.url : window.location.href);
        return;
      }
      document.getElementById(id).replaceWith(document.adoptNode(fresh));
    } catch {
      // The network is away for a moment: try again.
    }
    watch(id, Math.min(wait * 1.2, 10000));
  }, wait);
}

// Select to cite. [data-cite-source] holds the document; inside it [data-page] and [data-cell] say where a passage stands.
// [data-cite-form] is the form that works without scripts too: a selection fills its fields named quotation, page and cell.
function citeFrom(source) {
  const form = document.querySelector("[data-cite-form]");
  if (!form) return;
  const put = (name, value) => {
    const field = form.elements[name];
    if (field && value) field.value = value;
  };
  const take = () => {
    const selection = window.getSelection();
    if (selection.isCollapsed || !source.contains(selection.anchorNode)) return;
    const at = selection.anchorNode.parentElement;
    put("quotation", selection.toString().replace(/\s+/g, " ").trim());
    put("page", at.closest("[data-page]")?.dataset.page);
    put("cell", at.closest("[data-cell]")?.dataset.cell);
    form.classList.add("scrutiny-cite--ready");
  };
  source.addEventListener("mouseup", take);
  source.addEventListener("keyup", take);
  source.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || !window.getSelection().isCollapsed) return;
    put("quotation", cell.textContent.trim());
    put("cell", cell.dataset.cell);
    put("page", cell.closest("[data-page]")?.dataset.page);
    form.classList.add("scrutiny-cite--ready");
  });
}
