// What every page does: say that scripts run, print, notice the lost connection, forget drafts that were sent or are not his.
import { dropDraft, dropOthers } from "./drafts.js";

const root = document.documentElement;
root.classList.add("js");

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.open = menu.contains(event.target);
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A draft lives until it was sent: draft.js remembers the name at submit; a page without that form means it arrived.
try {
  const sent = sessionStorage.getItem("sent");
  if (sent && !document.querySelector(`form[data-draft="${CSS.escape(sent)}"]`)) {
    dropDraft(sent);
    sessionStorage.removeItem("sent");
  }
} catch { /* storage may be switched off */ }
// A copy does not know who is here now.
if (!root.dataset.cached) dropOthers();

// After a refusal one stands at the first thing that is missing, and it is read out with its field.
const fault = document.querySelector("#main .err[id]:not([hidden])");
const box = fault?.closest(".field, .say, form");
const field = box?.querySelector("textarea, select, input:not([type=hidden], [type=file])");
if (field) {
  field.setAttribute("aria-invalid", "true");
  const said = (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  field.setAttribute("aria-describedby", [...new Set([fault.id, ...said])].join(" "));
  field.focus({ preventScroll: true });
  box.scrollIntoView({ block: "center" });
}

// A lamp is never green on stale data: without a connection it is grey and says that it cannot tell.
function stale(is) {
  root.classList.toggle("stale", is);
  for (const lamp of document.querySelectorAll("[data-stale-word]")) {
    const word = lamp.querySelector("h1, h2, b");
    if (is) lamp.dataset.freshWord ??= word.textContent;
    if (lamp.dataset.freshWord) word.textContent = is ? lamp.dataset.staleWord : lamp.dataset.freshWord;
    if (!is) delete lamp.dataset.freshWord;
  }
}
document.addEventListener("wushi:lost", () => stale(true));
document.addEventListener("wushi:found", () => stale(false));

let bar = null;
function connection() {
  if (navigator.onLine === root.classList.contains("stale")) stale(!navigator.onLine);
  if (navigator.onLine) {
    bar?.remove();
    bar = null;
  } else if (!bar) {
    bar = document.createElement("p");
    bar.className = "livebar";
    bar.setAttribute("role", "status");
    bar.textContent = document.body.dataset.wordOffline ?? "";
    document.body.append(bar);
  }
}
addEventListener("online", connection);
addEventListener("offline", connection);
connection();

// A second tap on a slow line must not send twice. The server's key makes it harmless; this makes it visible.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) return void event.preventDefault();
  form.dataset.sending = "1";
  setTimeout(() => delete form.dataset.sending, 8000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});
