// What could not be sent: kept on this phone, sent once when there is a line. Every entry carries the key of its form.
import { all, drop, get, put } from "./store.js";
import { ask, hasKey, seal, unseal, whoIs } from "./vault.js";

const NOT_KEPT = new Set(["csrfmiddlewaretoken", "next"]);
const LATER = new Set([401, 408, 429, 500, 502, 503, 504]);
// what was sent stands in the list for a while, with the way to its receipt
const WEEK = 7 * 24 * 3600 * 1000;
const text = new TextEncoder();

async function save(entry) {
  const { id, who, at, blobs, state, ...said } = entry;
  const inner = await seal(who, text.encode(JSON.stringify(said)).buffer);
  await put("queue", { id, who, at, state, inner, blobs });
}

async function open(row) {
  const said = JSON.parse(new TextDecoder().decode(await unseal(row.who, row.inner)));
  return { ...said, id: row.id, who: row.who, at: row.at, state: row.state, blobs: row.blobs };
}

// Those of whoever uses this browser now; another's stay locked and unnamed.
export async function entries() {
  const who = await whoIs();
  if (!(await hasKey(who))) return [];
  const rows = (await all("queue")).filter((row) => row.who === who).sort((a, b) => a.at - b.at);
  return Promise.all(rows.map(open));
}

export async function waiting() {
  const who = await whoIs();
  return (await all("queue")).filter((row) => row.who === who && row.state !== "sent").length;
}

// fields: [[name, value]]; files: [{kind: "photo"|"sound", blob}]. A complaint about an official is kept nowhere: null.
export async function enqueue(url, fields, files = [], label = "") {
  const kept = fields.filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string");
  if (kept.some(([name, value]) => name === "about_official" && value === "yes")) return null;
  const who = await whoIs();
  const blobs = [];
  for (const { kind, blob } of files) {
    blobs.push({ kind, type: blob.type, sealed: await seal(who, await blob.arrayBuffer()) });
  }
  const title = label || kept.find(([name]) => name === "text" || name === "words")?.[1] || "";
  const entry = { id: crypto.randomUUID(), who, at: Date.now(), state: "waiting", url, fields: kept, label: title.slice(0, 60), blobs, ids: [] };
  await save(entry);
  const worker = (await globalThis.navigator.serviceWorker?.getRegistration?.()) ?? globalThis.registration;
  await worker?.sync?.register("wushi-queue").catch(() => {});
  return entry;
}

export const remove = (id) => drop("queue", id);

// Said anew after a refusal: another body needs another key.
export async function change(entry, fields) {
  const fresh = fields.map(([name, value]) => [name, name === "key" ? crypto.randomUUID() : value]);
  await save({ ...entry, fields: fresh, state: "waiting", message: "" });
}

async function upload(entry, csrf) {
  const area = entry.fields.find(([name]) => name === "area_code")?.[1] ?? "";
  for (const [n, one] of entry.blobs.entries()) {
    if (entry.ids[n]) continue;
    const where = `/upload-ticket/?kind=${one.kind}&county=${area.slice(0, 6)}`;
    const ticket = await fetch(where, { method: "POST", headers: { "X-CSRFToken": csrf, "X-Queue": "1" } });
    if (!ticket.ok) throw new Error("line");
    const body = await unseal(entry.who, one.sealed);
    const answer = await fetch((await ticket.json()).url, { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } });
    if (!answer.ok && LATER.has(answer.status)) throw new Error("line");
    const kept = await answer.json();
    if (!answer.ok) return kept.message;
    // written down before the form goes: sent twice, it names the same files and is the same request
    entry.ids[n] = kept.id;
    await save(entry);
  }
  return "";
}

async function send(entry, csrf) {
  const refusal = await upload(entry, csrf);
  if (refusal) return save({ ...entry, state: "refused", message: refusal });
  const body = new URLSearchParams(entry.fields);
  entry.blobs.forEach((one, n) => body.append(one.kind === "photo" ? "photos" : "recordings", entry.ids[n]));
  const answer = await fetch(entry.url, { method: "POST", body, headers: { "X-CSRFToken": csrf, "X-Queue": "1" } });
  if (LATER.has(answer.status)) throw new Error("line");
  const told = await answer.json();
  if (answer.ok) return save({ ...entry, blobs: [], fields: [], state: "sent", result: told.url });
  // files nobody claimed for a day are gone there; they are still here
  if ((told.code ?? "").endsWith("gone")) entry.ids = [];
  return save({ ...entry, state: "refused", message: told.message });
}

// In the order it was written, one after the other, by one tab or the worker. Stops at a bad line, goes on after a refusal.
export async function sync() {
  return navigator.locks.request("wushi-queue", async () => {
    const kept = await all("queue");
    for (const row of kept) if (row.state === "sent" && Date.now() - row.at > WEEK) await drop("queue", row.id);
    const rows = kept.filter((row) => row.state === "waiting");
    if (!rows.length) return;
    try {
      const me = await ask();
      for (const entry of await entries()) {
        if (entry.state === "waiting" && entry.who === me.who) await send(entry, me.csrf);
      }
    } catch { /* no line: it stays and is tried again */ }
    new BroadcastChannel("wushi-queue").postMessage("changed");
  });
}

export async function one(id) {
  const row = await get("queue", id);
  return row ? open(row) : null;
}
