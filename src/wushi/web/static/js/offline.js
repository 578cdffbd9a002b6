// Every page: the worker is set up when the page is there, what waits is told and sent, nothing of another stays.
import { dropAll } from "./drafts.js";

const body = document.body;
const cached = document.documentElement.dataset.cached;
const able = window.isSecureContext && "serviceWorker" in navigator && "indexedDB" in window && crypto.subtle;
const AHEAD = 12;

async function bar() {
  const { waiting } = await import("./queue.js");
  const n = await waiting();
  let line = document.querySelector("[data-waits]");
  if (!n) return line?.remove();
  if (!line) {
    line = Object.assign(document.createElement("a"), { className: "note amber waitline", href: "/offline/" });
    line.dataset.waits = "";
    if (!document.querySelector("[data-waiting-list]")) document.querySelector("#main")?.prepend(line);
  }
  line.textContent = body.dataset.wordWaiting.replace("@n", n);
}

// Whose page this is. A copy knows nothing of it: there the one who was here last still is.
async function settle() {
  const vault = await import("./vault.js");
  const who = body.dataset.who ?? "";
  const changed = who !== (await vault.whoIs());
  await vault.become(who);
  if (who) await vault.another(who);
  if (who && !(await vault.hasKey(who))) await vault.ask();
  // with whoever it is now: his own copies, or those that name nobody
  if (changed) navigator.serviceWorker.controller?.postMessage({ shell: true });
}

function copy() {
  for (const hidden of document.querySelectorAll("[data-when-offline]")) hidden.hidden = false;
  // a form, and the list of what waits, are not as they stood: they are what one writes now
  if (document.querySelector("form[data-queue], [data-waiting-list]")) return;
  const at = new Date(cached);
  const clock = at.toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "numeric", minute: "2-digit", hour12: false });
  const line = Object.assign(document.createElement("p"), { className: "note waitline", textContent: `${body.dataset.wordCopy} ${clock}` });
  line.setAttribute("role", "status");
  document.querySelector("#main")?.prepend(line);
}

// Cases of the list, so that they open at the doors without signal too.
function ahead() {
  if (!document.querySelector("main[data-list]") || navigator.connection?.saveData) return;
  const links = [...document.querySelectorAll("[data-list] a[href^='/work/cases/']")].map((link) => new URL(link.href).pathname);
  const keep = [...new Set(links)].slice(0, AHEAD);
  navigator.serviceWorker.controller?.postMessage({ keep: ["/work/new/", ...keep] });
}

async function sending() {
  const { sync } = await import("./queue.js");
  await sync();
  await bar();
}

// ---- a form that may be sent later ----
async function later(form, files) {
  const { enqueue } = await import("./queue.js");
  const fields = [...new FormData(form)].map(([name, value]) => (name === "key" && cached ? [name, crypto.randomUUID()] : [name, value]));
  const entry = await enqueue(new URL(form.action).pathname, fields, files);
  try {
    sessionStorage.setItem("sent", form.dataset.draft ?? "");
  } catch { /* storage may be switched off */ }
  location.assign(entry ? "/offline/" : "/report/official/");
}

function complain(form, words) {
  const line = form.querySelector("[data-lacks]") ?? form.appendChild(Object.assign(document.createElement("p"), { className: "err" }));
  line.dataset.lacks = "";
  line.setAttribute("role", "alert");
  line.textContent = words;
}

// Without signal nobody checks: what every request needs must be there.
function lacks(form, files) {
  const data = new FormData(form);
  const asks = form.querySelector("input[name=about_official]");
  const said = ["text", "words"].some((name) => (data.get(name) ?? "").trim()) || files.length || data.has("photos") || data.has("recordings");
  return !said || (asks && !data.get("about_official")) || [...form.querySelectorAll("[required]")].some((field) => field.name !== "text" && !data.get(field.name));
}

function bindForm(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const files = form.querySelector("[data-held]") ? heldOf(form) : [];
    if (navigator.onLine && !files.length && !cached) return;
    event.preventDefault();
    if (lacks(form, files)) return complain(form, body.dataset.wordLacks);
    later(form, files).catch(() => complain(form, body.dataset.wordNotKept));
  });
}
let heldOf = () => [];

// ---- signing out ----
function bindOut(form) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.sure === "gone") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { locked } = await import("./queue.js");
    const n = form.dataset.sure ? 0 : await locked();
    form.dataset.sure = "warned";
    if (n) return complain(form, form.dataset.wordWaiting.replace("@n", n));
    dropAll();
    const { forget, quiet } = await import("./vault.js");
    await quiet();
    await forget();
    form.dataset.sure = "gone";
    form.requestSubmit();
  });
}

async function begin() {
  if (document.querySelector("form[data-queue]")) heldOf = (await import("./send.js")).held;
  // asked for at once: a question to the server that fails or hangs keeps nobody from working without signal later
  const registered = navigator.serviceWorker.register("/sw.js");
  if (cached) copy();
  else await settle().catch(() => {});
  await registered;
  await bar();
  new BroadcastChannel("wushi-queue").addEventListener("message", bar);
  addEventListener("online", sending);
  if (navigator.onLine) await sending();
  if (!cached) ahead();
}
if (able) {
  // at once: whoever presses a button the moment he sees it is understood too
  for (const form of document.querySelectorAll("form[data-queue]")) bindForm(form);
  for (const form of document.querySelectorAll("form[data-sign-out]")) bindOut(form);
  // the rest lazily: the page itself goes first on a slow line
  const soon = () => setTimeout(() => begin().catch(() => {}), 0);
  document.readyState === "complete" ? soon() : addEventListener("load", soon);
}
