// One connection per browser. The tab that holds the lock listens and tells the others; a change re-reads the piece it concerns.
const meta = document.querySelector("meta[name=live-ticket]");
const url = document.body.dataset.liveUrl;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("wushi-live") : null;
const tickets = new Set(meta?.content ? [meta.content] : []);
let source = null;
let wait = 1000;

function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

// ---- what a change does here ----
function busy(element) {
  const form = document.activeElement?.closest?.("[data-live-hold]");
  if (form && element.contains(form) && document.activeElement.matches("input, textarea, select")) return true;
  const chosen = "[data-pick], [data-live-hold] :is(input[type=radio], input[type=checkbox])";
  if ([...element.querySelectorAll(chosen)].some((box) => box.checked !== box.defaultChecked)) return true;
  return [...element.querySelectorAll("[data-live-hold] :is(textarea, input[type=text])")].some((field) => field.value !== field.defaultValue);
}

function afterwards(element) {
  element.addEventListener("focusout", () => setTimeout(refresh, 200, element), { once: true });
}

async function refresh(element) {
  if (busy(element)) return afterwards(element);
  let answer;
  try {
    answer = await fetch(element.dataset.liveSrc ?? location.href, { headers: { "X-Piece": element.dataset.piece } });
  } catch {
    return;
  }
  if (!answer.ok || answer.redirected) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  // something was chosen or typed while the answer was on its way
  if (busy(element)) return afterwards(element);
  const first = holder.content.firstElementChild;
  let fresh = element;
  if (first?.matches("[data-live]")) {
    fresh = first;
    element.replaceWith(holder.content);
  } else {
    element.replaceChildren(holder.content);
  }
  window.htmx?.process(fresh);
  fresh.dispatchEvent(new CustomEvent("wushi:swapped", { bubbles: true }));
}

const soon = new Map();
function changed(topic) {
  document.dispatchEvent(new CustomEvent("wushi:live", { detail: { topic } }));
  for (const element of document.querySelectorAll("[data-live]")) {
    if (topic !== "*" && !element.dataset.live.split(" ").includes(topic)) continue;
    clearTimeout(soon.get(element));
    // A little apart, so that a thousand open pages do not ask in the same instant.
    soon.set(element, setTimeout(refresh, 50 + Math.random() * 250, element));
  }
}

// ---- the one connection ----
async function freshTicket() {
  const body = new URLSearchParams([...tickets].map((ticket) => ["ticket", ticket]));
  const answer = await fetch("/live-ticket/", { method: "POST", body, headers: { "X-CSRFToken": token() } });
  if (answer.status === 403 && tickets.size > 1) {
    // one of the other tabs' tickets is too old; they offer theirs again when they are read
    tickets.clear();
    tickets.add(meta.content);
  } else if (answer.status === 403) {
    // signed out, or a duty has ended: what is shown is no longer his to see, and only reading the page again helps
    document.dispatchEvent(new CustomEvent("wushi:lost"));
  }
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).ticket;
}

function tell(topic) {
  changed(topic);
  channel?.postMessage({ topic });
}

function listen(ticket) {
  source?.close();
  source = new EventSource(`${url}?ticket=${encodeURIComponent(ticket)}`);
  source.onopen = () => {
    document.dispatchEvent(new CustomEvent("wushi:found"));
    if (wait > 1000) tell("*");
    wait = 1000;
  };
  source.onmessage = (event) => {
    const { topic } = JSON.parse(event.data);
    if (topic) tell(topic);
  };
  source.onerror = () => {
    source.close();
    later();
  };
}

// Three tries in vain: what is shown may be old.
function later() {
  if (wait >= 8000) document.dispatchEvent(new CustomEvent("wushi:lost"));
  setTimeout(again, wait * (0.5 + Math.random()));
  wait = Math.min(wait * 2, 60000);
}

async function again() {
  try {
    listen(await freshTicket());
  } catch {
    later();
  }
}

function lead() {
  channel?.addEventListener("message", (event) => {
    if (!event.data.ticket || tickets.has(event.data.ticket)) return;
    tickets.add(event.data.ticket);
    again();
  });
  channel?.postMessage({ who: true });
  listen(meta.content);
  return new Promise(() => {});
}

if (meta?.content && url && "EventSource" in window) {
  channel?.addEventListener("message", (event) => {
    if (event.data.topic) changed(event.data.topic);
    if (event.data.who) channel.postMessage({ ticket: meta.content });
  });
  if (channel && navigator.locks) {
    channel.postMessage({ ticket: meta.content });
    navigator.locks.request("wushi-live", lead);
  } else {
    lead();
  }
}
