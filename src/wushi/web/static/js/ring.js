// The alarm of every office page: a sheet over everything while a call rings here; gone on every screen once somebody has it.
import { once, start, stop, wake } from "./sound.js";
import "./ticks.js";

const POLL = 10000;
const FLASH = 1000;
const sheet = document.querySelector("[data-ring]");
const bar = document.querySelector("[data-ring-bar]");
const title = document.title;
let flashing = null;
let sounding = "";
let audible = true;
let polling = null;

const calls = () => [...sheet.querySelectorAll("[data-calling]")];

// What was put aside on this screen stays so until somebody calls anew or presses again.
function aside(keys) {
  try {
    if (keys) sessionStorage.setItem("ring-aside", JSON.stringify(keys));
    return JSON.parse(sessionStorage.getItem("ring-aside") ?? "[]");
  } catch {
    return keys ?? [];
  }
}

function flash(words) {
  clearInterval(flashing);
  document.title = title;
  if (!words) return;
  let on = false;
  flashing = setInterval(() => {
    on = !on;
    document.title = on ? words : title;
  }, FLASH);
}

function sayWhetherHeard() {
  for (const note of sheet.querySelectorAll("[data-ring-blocked]")) note.hidden = audible;
}

async function sound(key) {
  if (sounding !== key) {
    sounding = key;
    audible = await start(key === "urgent");
  }
  sayWhetherHeard();
}

function silent() {
  sounding = "";
  stop();
}

function look() {
  const found = calls();
  const words = sheet.querySelector("[data-ring-title]")?.textContent ?? "";
  const known = aside();
  const fresh = found.some((call) => !known.includes(call.dataset.calling));
  if (bar) {
    bar.hidden = !found.length;
    bar.querySelector("b").textContent = words;
  }
  flash(words);
  if (!found.length || !fresh) {
    if (sheet.open) sheet.close();
    return silent();
  }
  if (!sheet.open) sheet.showModal();
  sound(found.some((call) => "urgent" in call.dataset) ? "urgent" : "plain");
}

function put() {
  aside(calls().map((call) => call.dataset.calling));
  look();
}

// What rings now: asked when a page opens on a call, and every ten seconds while the stream is lost.
async function ask() {
  try {
    const answer = await fetch(sheet.dataset.liveSrc, { headers: { "X-Piece": "ringing" } });
    if (!answer.ok || answer.redirected) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    sheet.replaceChildren(holder.content);
    look();
  } catch { /* no line at all: the page says so itself */ }
}

if (sheet?.showModal) {
  // a copy kept for a day without signal does not know what rings now
  if (document.documentElement.dataset.cached) bar.hidden = true;
  else if (!bar.hidden) ask();
  document.addEventListener("wushi:swapped", (event) => event.target === sheet && look());
  document.addEventListener("wushi:lost", () => (polling ??= setInterval(ask, POLL)));
  document.addEventListener("wushi:found", () => {
    clearInterval(polling);
    polling = null;
  });
  // Escape does not end an alarm: it puts it aside, and the bar stays
  sheet.addEventListener("cancel", (event) => {
    event.preventDefault();
    put();
  });
  // where the browser waits for a touch, any touch lets the sound out; the button only says so
  document.addEventListener("click", () => {
    const key = sounding;
    if (!key || audible) return;
    sounding = "";
    sound(key);
  });
  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-ring-aside]")) return put();
    if (event.target.closest("[data-ring-bar]") && calls().length) {
      event.preventDefault();
      aside([]);
      return look();
    }
    const trial = event.target.closest("[data-ring-try]");
    if (!trial) return;
    const heard = (await wake()) && once(true);
    const says = trial.parentElement.querySelector("[data-ring-says]");
    says.textContent = heard ? trial.dataset.heard : trial.dataset.silent;
  });
}
