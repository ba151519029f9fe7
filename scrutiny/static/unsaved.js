// What is typed is kept for its writer while the page is open, so that nothing that happens to the page loses it. It is not
// saved by that: the server keeps it apart, for this person alone, and puts it back when the page is opened again.
import { filled } from "./words.js";

const WAIT = 2500; // after the last key
const MOST = 20000; // while somebody goes on typing
const KEEPALIVE = 60000; // what a browser sends from a page that is going
const SENT = "scrutiny-sent:"; // what is on its way, in this tab: given back where no answer to it came
const came = performance.getEntriesByType("navigation")[0]?.type;

// An answer has come to what was sent from a page of ours: it is on its way no longer.
export function delivered(page) {
  const from = SENT + page.slice(window.location.origin.length).split("#")[0] + " ";
  Object.keys(sessionStorage).forEach((key) => key.startsWith(from) && sessionStorage.removeItem(key));
}

// A page that comes from another is its answer; one that is gone back to is not.
if (came !== "back_forward" && document.referrer.startsWith(window.location.origin + "/")) delivered(document.referrer);

// Put words back into the boxes they were typed in; hidden values stay those of the page.
function fill(form, words) {
  const typed = new URLSearchParams(words);
  const left = Object.fromEntries([...new Set(typed.keys())].map((name) => [name, typed.getAll(name)]));
  for (const box of form.elements) {
    if (!box.name || ["hidden", "file", "password", "submit", "button"].includes(box.type)) continue;
    if (["radio", "checkbox"].includes(box.type)) box.checked = (left[box.name] ?? []).includes(box.value);
    else if (left[box.name]?.length) box.value = left[box.name].shift();
  }
}

// `said` holds the address to keep words at, and what is said of it: the data attributes of <main>.
export function keepWords(form, said) {
  const token = form.elements.csrf_token?.value;
  if (!token || !form.querySelector("textarea")) return;
  const line = document.createElement("p");
  line.className = "govuk-hint scrutiny-kept";
  (form.querySelector(".govuk-button-group") || form.querySelector("button:not([type=button]), input[type=submit]") || form.lastElementChild).before(line);
  const words = () => {
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const box = form.elements[name];
      if (typeof value === "string" && name !== "csrf_token" && box?.type !== "password") typed.append(name, value);
    }
    return typed.toString();
  };
  let kept = words();
  let timer = 0;
  let since = 0;
  let call = null;
  let failed = false;
  let gone = false;
  let first = ""; // said for as long as this page stands, whatever is kept meanwhile
  const say = (words, fault) => {
    const text = first + words;
    if (line.textContent === text) return;
    line.toggleAttribute("role", false);
    if (fault) line.setAttribute("role", "alert");
    line.classList.toggle("govuk-error-message", fault);
    line.classList.toggle("govuk-hint", !fault);
    line.textContent = text;
  };
  const version = () => form.elements.version?.value; // another one: what was sent has arrived, or somebody else saved
  const sent = SENT + window.location.pathname + window.location.search + " " + form.action;
  const session = token.split(".")[0]; // the same in every token of one session, and of no other
  const giveBack = () => {
    const before = JSON.parse(sessionStorage.getItem(sent) ?? "null");
    sessionStorage.removeItem(sent);
    if (before?.session !== session || before.words === words() || before.version !== version()) return;
    fill(form, before.words);
    // The line broke before the answer came: on the way there or on the way back, nobody can tell from here.
    first = `${said.givenBack} `;
    say("", true);
    form.dispatchEvent(new Event("input"));
  };
  const keep = async (leaving = false) => {
    clearTimeout(timer);
    since = 0;
    const now = words();
    if (gone || !form.isConnected || now === kept || (call && !leaving)) return;
    const mine = (call = new AbortController());
    const body = new URLSearchParams(now);
    body.append("unsaved_address", new URL(form.action || window.location.href, window.location.href).href.slice(window.location.origin.length));
    body.append("unsaved_page", window.location.pathname + window.location.search);
    try {
      const answer = await fetch(said.keep, {
        method: "POST",
        headers: { "X-CSRFToken": token, Accept: "application/json" },
        body,
        signal: mine.signal,
        keepalive: leaving && body.toString().length < KEEPALIVE,
        redirect: "error",
      });
      const { at, why, more } = await answer.json();
      failed = !answer.ok;
      if (answer.ok) kept = now;
      say(answer.ok ? filled(said.kept, { at }) + (more ? ` ${more}` : "") : filled(said.notKept, { why }), failed);
    } catch (fault) {
      if (fault.name === "AbortError") return;
      failed = true;
      say(fault.name === "SyntaxError" ? said.notKeptClosed : said.notKeptOffline, true);
    } finally {
      if (call === mine) call = null;
    }
    if (words() !== kept && !gone) timer = setTimeout(keep, failed ? MOST : WAIT);
  };
  form.addEventListener("input", () => {
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(keep, Date.now() - since > MOST ? 0 : WAIT);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (!navigator.onLine) {
      event.preventDefault();
      say(said.notSent, true);
      line.scrollIntoView({ block: "nearest" });
      return;
    }
    try {
      sessionStorage.setItem(sent, JSON.stringify({ session, version: version(), words: words() }));
    } catch {
      // Too much for this browser to remember: it is sent all the same.
    }
    gone = true;
    clearTimeout(timer);
    call?.abort();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep(true));
  window.addEventListener("pagehide", () => keep(true));
  window.addEventListener("pageshow", () => { gone = false; });
  // Whoever leaves is asked first only where what was typed could not be kept.
  window.addEventListener("beforeunload", (event) => {
    if (gone || !form.isConnected) return;
    keep(true);
    if (words() !== kept && (failed || words().length > KEEPALIVE)) event.preventDefault();
  });
  form.addEventListener("scrutiny:stayed", () => { gone = false; });
  giveBack();
}

// A form is sent once: a second press while the first is on its way does nothing.
export function sendOnce(form) {
  const again = () => { delete form.dataset.sending; };
  form.addEventListener("submit", (event) => {
    if (form.dataset.sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sending = "yes";
    // What another script stopped was not sent; and an answer that is kept as a file leaves the page where it is.
    setTimeout(() => event.defaultPrevented && !form.dataset.uploading && again());
    setTimeout(() => form.dataset.uploading || again(), 15000);
  }, { capture: true });
  window.addEventListener("pageshow", again);
  form.addEventListener("scrutiny:stayed", again);
}
