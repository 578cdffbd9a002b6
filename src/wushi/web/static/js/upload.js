// Photos: taken or chosen, several at once, made small, sent to `live` while one still types. <div data-upload>
import { hold, release, send, smaller } from "./send.js";

const LARGEST = 10 * 1024 * 1024;

// Drawn, not linked: a canvas needs no blob: in the content policy.
async function preview(shot, file) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 168;
  shot.prepend(canvas);
  try {
    const image = await createImageBitmap(file);
    const side = Math.min(image.width, image.height);
    canvas.getContext("2d").drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, 168, 168);
  } catch { /* a kind of photo this browser cannot draw; the server may still read it */ }
}

class Uploader {
  constructor(box) {
    this.box = box;
    this.pics = box.querySelector(".pics");
    this.error = box.querySelector(".err");
    this.status = box.querySelector("[role=status]");
    this.sending = 0;
    const input = box.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      this.say("");
      for (const file of input.files) this.add(file);
      input.value = "";
    });
    box.closest("form")?.addEventListener("submit", (event) => {
      if (!this.sending) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.say(box.dataset.wordWait);
    });
  }

  say(words) {
    this.error.textContent = words;
    this.error.hidden = !words;
  }

  async add(original) {
    const word = this.box.dataset;
    if (original.type && !original.type.startsWith("image/")) return this.say(word.wordKind);
    if (this.pics.querySelectorAll(".shot, input[name=photos]").length >= Number(word.limit)) return this.say(word.wordMany);
    const shot = document.createElement("div");
    shot.className = "shot";
    shot.dataset.held = "";
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "x", ariaLabel: word.wordRemove });
    remove.append(this.cross());
    remove.addEventListener("click", () => shot.remove());
    shot.append(remove);
    this.pics.querySelector(".takephoto").before(shot);
    preview(shot, original);
    this.sending += 1;
    const file = await smaller(original);
    this.sending -= 1;
    if (file.size <= LARGEST) return this.try(shot, file);
    shot.remove();
    return this.say(word.wordLarge);
  }

  cross() {
    const any = this.pics.querySelector(".takephoto svg").cloneNode(true);
    any.firstElementChild.setAttribute("href", any.firstElementChild.getAttribute("href").replace("#i-camera", "#i-x"));
    return any;
  }

  async try(shot, file) {
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: this.box.dataset.wordPhoto });
    shot.querySelector(".again")?.remove();
    shot.append(bar);
    hold(shot, "photo", file);
    this.sending += 1;
    try {
      if (!navigator.onLine) throw Object.assign(new Error("line"), { message: "" });
      const kept = await send(this.box.dataset.ticketUrl, file, (part) => (bar.value = part));
      const input = Object.assign(document.createElement("input"), { type: "hidden", name: "photos", value: kept.id });
      release(shot);
      // Inside the shot: removing the photo removes its id, and a dropped shot never counts twice.
      shot.append(input);
      this.status.textContent = this.box.dataset.wordSent;
    } catch (error) {
      if (error.message) this.say(error.message);
      const again = Object.assign(document.createElement("button"), { type: "button", className: "again", textContent: this.box.dataset.wordFailed });
      again.addEventListener("click", () => this.try(shot, file));
      shot.append(again);
    } finally {
      bar.remove();
      this.sending -= 1;
    }
  }
}

function bind(root) {
  for (const box of root.querySelectorAll("[data-upload]:not([data-bound])")) {
    box.dataset.bound = "1";
    new Uploader(box);
  }
}
bind(document);
document.addEventListener("wushi:swapped", (event) => bind(event.target));
