// Who uses this browser, and his key: held only while he is signed in, never readable by a script, gone at sign-out.
import { all, drop, get, put } from "./store.js";

const OWN = "pages-";

// '' for nobody. What nobody wrote is not locked: there is no key without a sign-in, and no sign-out to wait for.
export async function whoIs() {
  return (await get("keys", "who"))?.value ?? "";
}

// One question to the server: who is signed in, a fresh proof of origin for what is going to be sent, his key.
export async function ask() {
  const answer = await fetch("/offline/me/", { headers: { "X-Queue": "1" }, cache: "no-store" });
  if (!answer.ok) throw new Error("line");
  const me = await answer.json();
  await become(me.who);
  if (me.who && !(await get("keys", me.who))) {
    const raw = Uint8Array.from(atob(me.key), (sign) => sign.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    await put("keys", { id: me.who, key });
  }
  return me;
}

// Somebody else, or nobody: what the one before left readable goes. What he has not sent stays, locked.
export async function become(who) {
  if (who === (await whoIs())) return;
  await forget();
  await put("keys", { id: "who", value: who });
}

export async function forget() {
  for (const row of await all("keys")) if (row.id !== "last") await drop("keys", row.id);
  for (const name of await caches.keys()) if (name.startsWith(OWN)) await caches.delete(name);
}

// Nobody is woken here any more for the one who has gone. Bound in time: leaving must not hang on the vendor's service.
export async function quiet() {
  const worker = globalThis.registration ?? (await globalThis.navigator.serviceWorker?.getRegistration());
  const told = async () => (await worker?.pushManager?.getSubscription())?.unsubscribe();
  await Promise.race([told(), new Promise((done) => setTimeout(done, 2000))]).catch(() => {});
}

// A session that ended keeps its owner's waking on his own phone, until somebody else signs in there.
export async function another(who) {
  const last = (await get("keys", "last"))?.value;
  if (last === who) return;
  if (last) await quiet();
  await put("keys", { id: "last", value: who });
}

export async function seal(who, bytes) {
  if (!who) return { data: bytes };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const { key } = await get("keys", who);
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

export async function unseal(who, sealed) {
  if (!sealed.iv) return sealed.data;
  const { key } = await get("keys", who);
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data);
}

export async function hasKey(who) {
  return !who || Boolean(await get("keys", who));
}
