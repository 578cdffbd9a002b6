// The page of what waits: told, sent again, mended or thrown away. <ul data-waiting-list> with a <template>.
import { change, entries, mayChange, remove, sync } from "./queue.js";

const list = document.querySelector("[data-waiting-list]");
const empty = document.querySelector("[data-waiting-none]");
const model = document.querySelector("[data-waiting-model]");
const MENDED = ["text", "words", "place", "name", "phone"];

function editor(row, entry) {
  const form = row.querySelector("form");
  const holder = form.querySelector("[data-fields]");
  for (const [name, value] of entry.fields) {
    if (!MENDED.includes(name)) continue;
    const label = Object.assign(document.createElement("label"), { className: "field", textContent: list.dataset[`label${name[0].toUpperCase()}${name.slice(1)}`] });
    const long = name === "text" || name === "words";
    const input = Object.assign(document.createElement(long ? "textarea" : "input"), { name, value, className: "input" });
    label.append(input);
    holder.append(label);
  }
  row.querySelector("[data-edit]").addEventListener("click", () => (form.hidden = !form.hidden));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = new FormData(form);
    await change(entry.id, entry.fields.map(([name, value]) => [name, said.get(name) ?? value]));
    await again();
  });
}

function draw(entry) {
  const row = model.content.cloneNode(true).firstElementChild;
  const word = list.dataset[entry.state];
  const at = new Date(entry.at).toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", hour12: false });
  row.querySelector("[data-title]").textContent = entry.label || list.dataset.untitled;
  row.querySelector("[data-state]").textContent = `${word} · ${at}`;
  row.classList.add(entry.state);
  const message = row.querySelector("[data-message]");
  message.textContent = entry.message ?? "";
  message.hidden = !entry.message;
  const link = row.querySelector("[data-link]");
  const target = entry.result ?? (/^\/work\/cases\/[^/]+\//.exec(entry.url)?.[0] ?? "");
  link.href = target;
  link.hidden = !target || entry.state === "waiting";
  if (target.startsWith("/report/done/")) link.textContent = list.dataset.receipt;
  row.querySelector("[data-edit]").hidden = !mayChange(entry) || !entry.fields.some(([name]) => MENDED.includes(name));
  const retry = row.querySelector("[data-again]");
  retry.hidden = entry.state !== "refused";
  retry.addEventListener("click", () => change(entry.id, entry.fields).then(again));
  row.querySelector("[data-drop]").addEventListener("click", () => remove(entry.id).then(show));
  if (mayChange(entry)) editor(row, entry);
  row.querySelector("[data-maybe]").hidden = entry.state !== "waiting" || mayChange(entry);
  return row;
}

async function show() {
  const found = await entries();
  list.replaceChildren(...found.map(draw));
  empty.hidden = found.length > 0;
}

async function again() {
  await show();
  await sync();
  await show();
}

document.querySelector("[data-send-all]").addEventListener("click", again);
new BroadcastChannel("wushi-queue").addEventListener("message", show);
show();
