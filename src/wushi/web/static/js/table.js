// A table goes to `live` by a ticket; then the page of its batch opens. <form data-table>
import { send } from "./send.js";

function bind(form) {
  const word = form.dataset;
  const error = form.querySelector(".err[role=alert]");
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const button = form.querySelector("button");

  function say(words) {
    error.textContent = words;
    error.hidden = !words;
    box.hidden = true;
    button.disabled = false;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = form.elements.file.files[0];
    const source = form.elements.source.value.trim();
    if (!source) return say(word.wordSource);
    if (!file) return say(word.wordFile);
    if (file.size > Number(word.most)) return say(word.wordLarge);
    say("");
    box.hidden = false;
    button.disabled = true;
    const asked = new URLSearchParams({ kind: form.elements.kind.value, source, name: file.name });
    try {
      const kept = await send(`/work/imports/ticket/?${asked}`, file, (part) => {
        bar.value = part;
        box.querySelector("[data-sent]").hidden = part >= 1;
        box.querySelector("[data-read]").hidden = part < 1;
      });
      location.assign(`/work/imports/${kept.id}/`);
    } catch (fault) {
      say(fault.message || word.wordLine);
    }
  });
}

for (const form of document.querySelectorAll("form[data-table]")) bind(form);
