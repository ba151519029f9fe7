// What scripts add; every page works without them. Loads after the page, as a module.
import { dropPins } from "./pin.js";
import { solve } from "./puzzle.js";
import { keepWords, sendOnce } from "./unsaved.js";
import { initAll } from "./vendor/govuk-frontend.min.js";
import { filled } from "./words.js";

initAll();
document.querySelectorAll("[data-scrutiny-progress]").forEach((part) => watch(part.id));
document.querySelectorAll("[data-cite-source]").forEach(citeFrom);
document.querySelectorAll("svg[data-east]").forEach(dropPins);
document.querySelectorAll("form[enctype='multipart/form-data']").forEach(sendFiles);
document.querySelectorAll("[data-puzzle]").forEach(solve);
watchForms(document.getElementById("main-content"));
watchTables(document.getElementById("main-content"));

// Every form of a page: sent once, and its words kept while they are typed.
export function watchForms(main) {
  main?.querySelectorAll("form[method=post]").forEach((form) => {
    sendOnce(form);
    if (main.dataset.keep) keepWords(form, main.dataset);
  });
}

// A table wider than its place: a line above it says that there is more, as long as there is.
export function watchTables(main) {
  main?.querySelectorAll(".scrutiny-scroll").forEach((part) => {
    const line = document.createElement("p");
    line.className = "govuk-body-s scrutiny-scroll__hint";
    line.textContent = main.dataset.moreColumns;
    part.before(line);
    const look = () => { line.hidden = part.scrollWidth <= part.clientWidth + 1; };
    new ResizeObserver(look).observe(part);
    look();
  });
}

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
  const fill = (quotation, at) => {
    const found = { quotation, page: at.closest("[data-page]")?.dataset.page, cell: at.closest("[data-cell]")?.dataset.cell };
    for (const [name, value] of Object.entries(found)) {
      const field = form.elements[name];
      if (field && (value || name === "cell")) field.value = value || "";
    }
    source.querySelector(".scrutiny-chosen")?.classList.remove("scrutiny-chosen");
    if (found.cell) at.closest("[data-cell]").classList.add("scrutiny-chosen");
    form.classList.add("scrutiny-cite--ready");
    form.querySelector("button").scrollIntoView({ block: "nearest" });
  };
  const finding = form.elements.finding;
  const title = form.elements.title.closest(".govuk-form-group");
  const ask = () => { title.hidden = finding.value !== "new"; };
  finding.addEventListener("change", ask);
  ask();
  const words = (text) => text.replace(/\s+/g, " ").trim();
  const take = () => {
    const selection = window.getSelection();
    if (selection.isCollapsed || !source.contains(selection.anchorNode)) return;
    const at = selection.anchorNode instanceof Element ? selection.anchorNode : selection.anchorNode.parentElement;
    if (words(selection.toString())) fill(words(selection.toString()), at);
  };
  source.addEventListener("mouseup", take);
  source.addEventListener("keyup", take);
  source.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (cell && window.getSelection().isCollapsed) fill(words(cell.dataset.shown ?? cell.textContent), cell);
  });
}

// Files: refuse one that is too large before it is sent, and say that sending has begun. The server checks again.
export function sendFiles(form) {
  const say = (field, words) => {
    let line = document.getElementById(`${field.id}-size`);
    if (!line) {
      line = document.createElement("p");
      line.id = `${field.id}-size`;
      line.className = "govuk-error-message";
      line.setAttribute("role", "alert");
      field.before(line);
    }
    line.textContent = words;
  };
  const fields = [...form.querySelectorAll("input[type=file]")];
  const large = (field) => [...field.files].find((file) => file.size > Number(field.dataset.largest || Infinity));
  const check = (field) => {
    const file = large(field);
    const many = !file && together() > Number(field.dataset.largest || Infinity);
    say(field, file ? filled(field.dataset.tooLarge, { file: file.name }) : many ? field.dataset.tooMany : "");
    return !file && !many;
  };
  const together = () => fields.flatMap((field) => [...field.files]).reduce((sum, file) => sum + file.size, 0);
  fields.forEach((field) => field.addEventListener("change", () => check(field)));
  form.addEventListener("submit", (event) => {
    if (!fields.every(check)) {
      event.preventDefault();
      (fields.find(large) || fields[0]).focus();
      return;
    }
    // Where another script sends the files it shows their progress itself.
    if (!fields.some((field) => field.files.length) || form.querySelector("[data-upload-progress]")) return;
    const bar = document.createElement("div");
    bar.className = "scrutiny-progress";
    bar.innerHTML = '<p class="govuk-body" role="status"></p><progress class="scrutiny-progress__bar"></progress>';
    bar.firstElementChild.textContent = fields[0].dataset.sending;
    form.append(bar);
  });
}
