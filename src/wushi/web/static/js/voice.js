// Speaking instead of typing: recorded here where the browser lets us, else by the phone's own recorder. <div data-voice>
import { hold, release, send } from "./send.js";

// AAC first: every phone plays it, a browser that cannot make it makes Opus.
const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

class Voice {
  constructor(box) {
    this.box = box;
    this.word = box.dataset;
    this.notes = box.querySelector("[data-notes]");
    this.error = box.querySelector(".err");
    this.button = box.querySelector("[data-record]");
    this.sending = 0;
    // sent before a refusal: still heard, still taken back
    for (const button of this.notes.querySelectorAll("[data-remove]")) button.addEventListener("click", () => button.parentElement.remove());
    const input = box.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      for (const file of input.files) this.add(file);
      input.value = "";
    });
    const able = "MediaRecorder" in window && window.isSecureContext && navigator.mediaDevices;
    this.button.hidden = !able;
    box.querySelector("[data-why-not]").hidden = Boolean(window.isSecureContext);
    this.button.addEventListener("click", () => (this.recorder ? this.recorder.stop() : this.record()));
    box.closest("form")?.addEventListener("submit", (event) => {
      if (!this.sending && !this.recorder) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.say(this.recorder ? this.word.wordStillOn : this.word.wordWait);
    });
  }

  say(words) {
    this.error.textContent = words;
    this.error.hidden = !words;
  }

  async record() {
    this.say("");
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return this.say(this.word.wordNoMicrophone);
    }
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const recorder = new MediaRecorder(stream, { ...(mimeType && { mimeType }), audioBitsPerSecond: 24000 });
    const pieces = [];
    const began = Date.now();
    const label = this.button.querySelector("[data-label]");
    const tick = setInterval(() => {
      const seconds = (Date.now() - began) / 1000;
      label.textContent = `${this.word.wordStop} ${clock(seconds)}`;
      if (seconds >= Number(this.word.seconds)) recorder.stop();
    }, 250);
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.onstop = () => {
      clearInterval(tick);
      for (const track of stream.getTracks()) track.stop();
      this.recorder = null;
      this.button.classList.remove("recording");
      label.textContent = this.word.wordRecord;
      this.add(new Blob(pieces, { type: recorder.mimeType }));
    };
    this.recorder = recorder;
    this.button.classList.add("recording");
    label.textContent = `${this.word.wordStop} ${clock(0)}`;
    recorder.start(1000);
  }

  add(file) {
    this.say("");
    if (file.size > 10 * 1024 * 1024) return this.say(this.word.wordLarge);
    if (this.notes.children.length >= Number(this.word.limit)) return this.say(this.word.wordMany);
    const note = document.createElement("div");
    note.className = "note-row";
    note.dataset.held = "";
    const again = Object.assign(document.createElement("audio"), { controls: true, src: URL.createObjectURL(file), ariaLabel: this.word.wordListen });
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: this.word.wordRemove });
    remove.addEventListener("click", () => {
      URL.revokeObjectURL(again.src);
      note.remove();
    });
    note.append(again, remove);
    this.notes.append(note);
    this.try(note, file);
  }

  async try(note, file) {
    note.querySelector(".again")?.remove();
    hold(note, "sound", file);
    this.sending += 1;
    try {
      if (!navigator.onLine) throw Object.assign(new Error("line"), { message: "" });
      const kept = await send(this.word.ticketUrl, file, () => {});
      release(note);
      note.append(Object.assign(document.createElement("input"), { type: "hidden", name: "recordings", value: kept.id }));
    } catch (error) {
      if (error.message) this.say(error.message);
      const again = Object.assign(document.createElement("button"), { type: "button", className: "btn again", textContent: this.word.wordFailed });
      again.addEventListener("click", () => this.try(note, file));
      note.append(again);
    } finally {
      this.sending -= 1;
    }
  }
}

for (const box of document.querySelectorAll("[data-voice]")) new Voice(box);
