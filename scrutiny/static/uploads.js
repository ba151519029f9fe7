// Progress while files are sent. Without scripts the browser sends the form by itself and shows its own progress.
import { sendFiles, watchForms, watchTables } from "./scrutiny.js";
import { delivered } from "./unsaved.js";
import { initAll } from "./vendor/govuk-frontend.min.js";
import { filled } from "./words.js";

watch(document);
window.addEventListener("popstate", () => window.location.reload());

function watch(part) {
  part.querySelectorAll('form[enctype="multipart/form-data"]').forEach((form) => form.addEventListener("submit", send));
}

function send(event) {
  const form = event.currentTarget;
  const place = form.querySelector("[data-upload-progress]");
  const files = [...form.querySelectorAll('input[type="file"]')].flatMap((input) => [...input.files]);
  if (!place || files.length === 0 || event.defaultPrevented) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const buttons = [...form.querySelectorAll("button, input[type=submit]")].filter((button) => !button.disabled);
  const stay = () => {
    buttons.forEach((button) => { button.disabled = false; });
    delete form.dataset.uploading;
    form.dispatchEvent(new Event("scrutiny:stayed"));
  };
  // A second press would send everything twice.
  form.dataset.uploading = "yes";
  buttons.forEach((button) => { button.disabled = true; });
  const bar = document.createElement("progress");
  const words = document.createElement("p");
  bar.className = "scrutiny-progress__bar";
  bar.max = 1;
  bar.setAttribute("aria-label", place.dataset.sending);
  words.className = "govuk-body scrutiny-progress__words";
  words.setAttribute("role", "status");
  place.replaceChildren(bar, words);
  place.hidden = false;
  const call = new XMLHttpRequest();
  call.open("POST", form.action || window.location.href);
  let whole = false;
  call.upload.onload = () => { whole = true; };
  call.upload.onprogress = (progress) => {
    if (!progress.lengthComputable) return;
    const share = progress.loaded / progress.total;
    bar.value = share;
    words.textContent = share < 1 ? filled(place.dataset.share, { share: Math.floor(share * 100) }) : place.dataset.allSent;
  };
  const refuse = (sentence) => {
    bar.remove();
    words.className = "govuk-error-message";
    words.setAttribute("role", "alert");
    words.textContent = filled(place.dataset.refused, { fault: sentence });
    stay();
    words.scrollIntoView({ block: "nearest" });
  };
  call.onload = () => {
    if (call.status >= 400 && call.status !== 409) {
      // Too large, or cut off: say so here, and leave what was typed where it is.
      const page = new DOMParser().parseFromString(call.responseText, "text/html");
      refuse(page.querySelector("#main-content p")?.textContent ?? place.dataset.notTaken);
      return;
    }
    // A redirect has been followed already. Asking for its page again would lose the notice it carries, so it is shown as it came.
    const from = window.location.href;
    if (call.responseURL && call.responseURL !== window.location.href) history.pushState(null, "", call.responseURL);
    show(call.responseText, from);
  };
  call.onerror = () => refuse(whole ? place.dataset.lostAfter : place.dataset.lostBefore);
  call.send(data);
}

// Put the answered page's main part in place of this one: its scripts and styles are the same.
function show(text, from) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("main-content");
  if (!fresh) return;
  delivered(from);
  document.title = page.title;
  const main = document.adoptNode(fresh);
  document.getElementById("main-content").replaceWith(main);
  initAll({ scope: main });
  main.querySelectorAll('form[enctype="multipart/form-data"]').forEach(sendFiles);
  watch(main);
  watchForms(main);
  watchTables(main);
  window.scrollTo(0, 0);
}
