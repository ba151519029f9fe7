// Progress while files are sent. Without scripts the browser sends the form by itself and shows its own progress.
import { sendFiles } from "./scrutiny.js";
import { initAll } from "./vendor/govuk-frontend.min.js";

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
  const bar = document.createElement("progress");
  const words = document.createElement("p");
  bar.className = "scrutiny-progress__bar";
  bar.max = 1;
  bar.setAttribute("aria-label", "Sending files");
  words.className = "govuk-body scrutiny-progress__words";
  words.setAttribute("role", "status");
  place.replaceChildren(bar, words);
  place.hidden = false;
  const call = new XMLHttpRequest();
  call.open("POST", form.action || window.location.href);
  call.upload.onprogress = (progress) => {
    if (!progress.lengthComputable) return;
    const share = progress.loaded / progress.total;
    bar.value = share;
    words.textContent = share < 1 ? `${Math.floor(share * 100)} % sent` : "All sent. The files are being checked.";
  };
  call.onload = () => {
    if (call.status >= 400 && call.status !== 409) {
      // Too large, or cut off: say so here, and leave what was typed where it is.
      bar.remove();
      const page = new DOMParser().parseFromString(call.responseText, "text/html");
      words.textContent = page.querySelector("#main-content p")?.textContent ?? "The files could not be taken. Nothing was kept.";
      return;
    }
    // A redirect has been followed already. Asking for its page again would lose the notice it carries, so it is shown as it came.
    if (call.responseURL && call.responseURL !== window.location.href) history.pushState(null, "", call.responseURL);
    show(call.responseText);
  };
  call.onerror = () => {
    bar.remove();
    words.textContent = "The files did not arrive: the connection was lost. Nothing was kept. Save again when you are back online.";
  };
  call.send(data);
}

// Put the answered page's main part in place of this one: its scripts and styles are the same.
function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("main-content");
  if (!fresh) return;
  document.title = page.title;
  const main = document.adoptNode(fresh);
  document.getElementById("main-content").replaceWith(main);
  initAll({ scope: main });
  main.querySelectorAll('form[enctype="multipart/form-data"]').forEach(sendFiles);
  watch(main);
  window.scrollTo(0, 0);
}
