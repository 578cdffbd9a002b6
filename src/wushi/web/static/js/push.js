// Asking this browser to be woken: <section data-push data-key="..." data-url="...">. Says plainly what cannot be had here.
const WAIT = 10000;

function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

function bytes(text) {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function within(promise, ms) {
  return Promise.race([promise, new Promise((_done, fail) => setTimeout(fail, ms, new Error("late")))]);
}

async function wake(box) {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) return box.dataset.wordInsecure;
  if (!("PushManager" in window) || !("Notification" in window)) return box.dataset.wordNone;
  if ((await Notification.requestPermission()) !== "granted") return box.dataset.wordDenied;
  let subscription;
  try {
    const ready = await within(navigator.serviceWorker.ready, WAIT);
    const wanted = { userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key) };
    subscription = await within(ready.pushManager.subscribe(wanted), WAIT);
  } catch {
    // phones without their vendor's services, and intranets: the browser has nobody to be woken by
    return box.dataset.wordUnreachable;
  }
  const body = new URLSearchParams({ subscription: JSON.stringify(subscription) });
  const answer = await fetch(box.dataset.url, { method: "POST", body, headers: { "X-CSRFToken": token() } });
  if (!answer.ok) return box.dataset.wordFailed;
  location.reload();
  return "";
}

for (const box of document.querySelectorAll("[data-push]")) {
  const status = box.querySelector("[role=status]");
  const button = box.querySelector("button[data-wake]");
  button?.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = box.dataset.wordAsking;
    status.textContent = await wake(box).catch(() => box.dataset.wordFailed);
    button.disabled = false;
  });
}
