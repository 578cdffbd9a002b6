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

// Those of whoever uses this browser now, and those nobody signed; another's stay locked and unnamed.
export async function entries() {
  const who = await whoIs();
  const able = await hasKey(who);
  const rows = (await all("queue")).filter((row) => row.who === "" || (able && row.who === who));
  return Promise.all(rows.sort((a, b) => a.at - b.at).map(open));
}

export async function waiting() {
  const who = await whoIs();
  return (await all("queue")).filter((row) => ["", who].includes(row.who) && row.state !== "sent").length;
}

// What signing out locks: his own. What nobody signed stays as it is.
export async function locked() {
  const who = await whoIs();
  return (await all("queue")).filter((row) => who && row.who === who && row.state !== "sent").length;
}

// fields: [[name, value]]; files: [{kind: "photo"|"sound", blob}]. A complaint about an official is kept nowhere: null.
// tried: it went out already and the answer was lost.
export async function enqueue(url, fields, files = [], label = "", tried = false) {
  const kept = fields.filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string");
  if (kept.some(([name, value]) => name === "about_official" && value === "yes")) return null;
  const who = await whoIs();
  const blobs = [];
  for (const { kind, blob } of files) {
    blobs.push({ kind, type: blob.type, sealed: await seal(who, await blob.arrayBuffer()) });
  }
  const title = label || kept.find(([name]) => name === "text" || name === "words")?.[1] || "";
  const entry = { id: crypto.randomUUID(), who, at: Date.now(), state: "waiting", url, fields: kept, label: title.slice(0, 60), blobs, ids: [], tried };
  await save(entry);
  const worker = (await globalThis.navigator.serviceWorker?.getRegistration?.()) ?? globalThis.registration;
  await worker?.sync?.register("wushi-queue").catch(() => {});
  return entry;
}

// One at a time: nothing is changed or thrown away while it is being sent.
const alone = (deed) => navigator.locks.request("wushi-queue", deed);

export const remove = (id) => alone(() => drop("queue", id));

// What went out and has no answer may have arrived: another body would be a second matter.
export const mayChange = (entry) => entry.state === "refused" || (entry.state === "waiting" && entry.tried === false);

// Said anew after a refusal: another body needs another key. What never went out keeps its own.
export async function change(id, fields) {
  return alone(async () => {
    const entry = await one(id);
    if (!entry || !mayChange(entry)) return;
    const anew = entry.state === "refused";
    const fresh = fields.map(([name, value]) => [name, anew && name === "key" ? crypto.randomUUID() : value]);
    await save({ ...entry, fields: fresh, state: "waiting", message: "", tried: false });
  });
}

// What was written by nobody is sent by nobody, whoever has signed in meanwhile.
function proof(entry, csrf) {
  return { "X-CSRFToken": csrf, "X-Queue": entry.who ? "1" : "anonymous" };
}

async function upload(entry, csrf) {
  const area = entry.fields.find(([name]) => name === "area_code")?.[1] ?? "";
  for (const [n, one] of entry.blobs.entries()) {
    if (entry.ids[n]) continue;
    const where = `/upload-ticket/?kind=${one.kind}&county=${area.slice(0, 6)}`;
    const ticket = await fetch(where, { method: "POST", headers: proof(entry, csrf) });
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
  entry.tried = true;
  await save(entry);
  const answer = await fetch(entry.url, { method: "POST", body, headers: proof(entry, csrf) });
  if (LATER.has(answer.status)) throw new Error("line");
  const told = await answer.json();
  if (answer.ok) return save({ ...entry, blobs: [], fields: [], state: "sent", result: told.url });
  // files nobody claimed for a day are gone there; they are still here
  if ((told.code ?? "").endsWith("gone")) entry.ids = [];
  return save({ ...entry, state: "refused", message: told.message });
}

// In the order it was written, one after the other, by one tab or the worker. Stops at a bad line, goes on after a refusal.
export async function sync() {
  return alone(async () => {
    const kept = await all("queue");
    for (const row of kept) if (row.state === "sent" && Date.now() - row.at > WEEK) await drop("queue", row.id);
    const rows = kept.filter((row) => row.state === "waiting");
    if (!rows.length) return;
    try {
      const me = await ask();
      for (const entry of await entries()) {
        if (entry.state === "waiting" && ["", me.who].includes(entry.who)) await send(entry, me.csrf);
      }
    } catch { /* no line: it stays and is tried again */ }
    new BroadcastChannel("wushi-queue").postMessage("changed");
  });
}

export async function one(id) {
  const row = await get("queue", id);
  return row ? open(row) : null;
}
