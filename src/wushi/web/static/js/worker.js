// The service worker's own part. Served at /sw.js behind a line with VERSION, ASSETS, PAGES and behind store, vault, queue.
const SHELL = `shell-${VERSION}`;
const STATIC = `static-${VERSION}`;
const ACT = "/offline/act/";
const CASE = /^\/work\/cases\/[0-9a-f-]{36}\/$/;
const CASE_FORM = /^\/work\/cases\/[0-9a-f-]{36}\/(contact|words|handle)\/$/;
const KEEPS = /^\/(report|work\/new)\/$|^\/work\/cases\/[0-9a-f-]{36}\/(claim|contact|words|handle)\/$/;
const OUT = /^\/(work\/)?sign-(out|in)\/$/;

// The shell is everybody's: a page that was made for somebody lies with his own pages, and goes with them.
async function keep(path, answer) {
  const who = answer.headers.get("x-who");
  await (await caches.open(who ? `pages-${who}` : SHELL)).put(path, answer);
}

// What was asked for before somebody left, and comes afterwards, is not kept.
let turn = 0;
async function keepPage(path, credentials = "same-origin") {
  const asked = turn;
  const answer = await fetch(path, { credentials }).catch(() => null);
  if (answer?.ok && !answer.redirected && asked === turn) await keep(path, answer);
}

async function keepShell() {
  const cache = await caches.open(SHELL);
  for (const path of PAGES) {
    await keepPage(path);
    // signed in from the first visit: for when he has gone, as a stranger gets it
    if (!(await cache.match(path, { ignoreVary: true }))) await keepPage(path, "omit");
  }
}

function leave() {
  turn += 1;
  return forget().then(quiet);
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(STATIC).then((cache) => cache.addAll(ASSETS)).then(keepShell).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then(async (names) => {
      const old = names.filter((name) => /^(shell|static)-/.test(name) && name !== SHELL && name !== STATIC);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    }),
  );
});

// A copy says that it is one and how old it is: the page shows it, and asks nobody who is signed in.
async function copyOf(answer) {
  const at = answer.headers.get("date") ?? "";
  const body = (await answer.text()).replace("<html ", `<html data-cached="${at}" `);
  return new Response(body, { status: 200, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": answer.headers.get("content-security-policy") ?? "" } });
}

async function kept(path) {
  const his = (await caches.keys()).filter((name) => name.startsWith("pages-"));
  for (const name of [...his, SHELL]) {
    const found = await (await caches.open(name)).match(path, { ignoreVary: true });
    if (found) return copyOf(found);
  }
  return null;
}

async function keepSeen(url, answer) {
  const who = answer.headers.get("x-who");
  if (who && answer.ok && (CASE.test(url.pathname) || (/^\/work\/(new\/)?$/.test(url.pathname) && !url.search))) {
    const his = await caches.open(`pages-${who}`);
    await his.put(url.pathname, answer);
    // his name stands on it, so it goes with his pages
    if (!(await his.match(ACT, { ignoreVary: true }))) await keepPage(ACT);
  }
  if (url.pathname === "/report/" && !url.search && answer.ok && !answer.redirected) await keep("/report/", answer);
}

async function page(event, url) {
  try {
    const answer = await fetch(event.request);
    if (/sign-in\/$/.test(url.pathname) && answer.ok) event.waitUntil(forget().then(keepShell));
    else event.waitUntil(keepSeen(url, answer.clone()));
    return answer;
  } catch {
    const fallback = CASE_FORM.test(url.pathname) ? ACT : "/offline/";
    const found = (await kept(url.pathname)) ?? (await kept(fallback));
    return found ?? Response.error();
  }
}

// A form that met no line is kept and sent later. What is about an official is kept nowhere.
async function form(event, url) {
  const copy = event.request.clone();
  const out = OUT.test(url.pathname) && url.pathname.includes("out");
  try {
    const answer = await fetch(event.request);
    if (out) await leave();
    if (out || url.pathname === "/prefs/") event.waitUntil(keepShell());
    return answer;
  } catch (error) {
    if (OUT.test(url.pathname)) await (out ? leave() : forget());
    if (!KEEPS.test(url.pathname)) return Response.redirect("/offline/", 303);
    const fields = [...(await copy.formData())];
    const entry = await enqueue(url.pathname, fields, [], "", true); // it may have arrived
    return Response.redirect(entry ? "/offline/" : "/report/official/", 303);
  }
}

async function file(request) {
  const found = await caches.match(request, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(STATIC)).put(request, answer.clone());
  return answer;
}

// A piece of a page cannot be had: the whole page as it was last seen.
async function piece(request, url) {
  try {
    return await fetch(request);
  } catch (error) {
    if (!request.headers.get("HX-Request")) throw error;
    return new Response("", { headers: { "HX-Redirect": url.pathname } });
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && request.method === "POST") event.respondWith(form(event, url));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (request.method === "GET" && request.headers.get("X-Piece")) event.respondWith(piece(request, url));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "wushi-queue") event.waitUntil(sync());
});

// Pages a grid worker is likely to need without signal, asked for by the page while there is one.
self.addEventListener("message", (event) => {
  if (event.data?.shell) event.waitUntil(keepShell());
  if (!Array.isArray(event.data?.keep)) return;
  const paths = event.data.keep.filter((one) => CASE.test(one) || one === "/work/new/");
  event.waitUntil(paths.reduce((before, path) => before.then(() => keepPage(path)), Promise.resolve()));
});
