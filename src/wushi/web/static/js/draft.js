// Keeps what is typed on this phone until it was sent: <form data-draft="name">. Nothing secret, nothing hidden is kept.
import { dropDraft, names } from "./drafts.js";

const KEPT = "textarea, select, input[type=text], input[type=tel], input[type=radio]";
const DAYS = 7;

function fields(form) {
  return [...form.querySelectorAll(KEPT)].filter((field) => field.name && field.name !== "about_official");
}

// What is about an official is kept nowhere, not even here.
function official(form) {
  return form.querySelector("input[name=about_official]:checked")?.value === "yes";
}

function save(form) {
  if (official(form)) return dropDraft(form.dataset.draft);
  const values = {};
  for (const field of fields(form)) {
    if (field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
    } else if (field.value) values[field.name] = field.value;
  }
  try {
    localStorage.setItem(names(form.dataset.draft)[0], JSON.stringify({ at: Date.now(), values }));
  } catch {
    return;
  }
  const note = form.querySelector("[data-draft-note]");
  if (!note) return;
  const clock = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", hour12: false });
  note.textContent = `${note.dataset.word} ${clock}`;
  note.hidden = false;
}

function restore(form) {
  let kept = null;
  try {
    const found = names(form.dataset.draft).map((name) => localStorage.getItem(name)).find(Boolean);
    kept = JSON.parse(found ?? "null");
  } catch { /* a broken draft is no draft */ }
  if (!kept || Date.now() - kept.at > DAYS * 864e5) return;
  for (const field of fields(form)) {
    const value = kept.values[field.name];
    if (value === undefined) continue;
    if (field.type === "radio") field.checked = field.value === value;
    else if (!field.value || field.tagName === "SELECT") field.value = value;
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  let timer = 0;
  restore(form);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => save(form), 400);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    save(form);
    try {
      sessionStorage.setItem("sent", form.dataset.draft);
    } catch { /* storage may be switched off */ }
  });
}
