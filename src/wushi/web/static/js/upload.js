// Photos: taken or chosen, several at once, sent to `live` while one still types. <div data-upload>
const LARGEST = 10 * 1024 * 1024;

function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

async function address(box) {
  const answer = await fetch(box.dataset.ticketUrl, { method: "POST", headers: { "X-CSRFToken": token() } });
  if (!answer.ok) throw new Error("ticket");
  return (await answer.json()).url;
}

function send(url, file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => (request.status < 300 ? resolve(JSON.parse(request.responseText)) : reject(new Error(String(request.status))));
    request.onerror = request.ontimeout = () => reject(new Error("line"));
    request.send(file);
  });
}

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

  add(file) {
    const word = this.box.dataset;
    if (file.type && !file.type.startsWith("image/")) return this.say(word.wordKind);
    if (file.size > LARGEST) return this.say(word.wordLarge);
    if (this.pics.querySelectorAll(".shot, input[name=photos]").length >= Number(word.limit)) return this.say(word.wordMany);
    const shot = document.createElement("div");
    shot.className = "shot";
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "x", ariaLabel: word.wordRemove });
    remove.append(this.cross());
    remove.addEventListener("click", () => shot.remove());
    shot.append(remove);
    this.pics.querySelector(".takephoto").before(shot);
    preview(shot, file);
    this.try(shot, file);
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
    this.sending += 1;
    try {
      const kept = await send(await address(this.box), file, (part) => (bar.value = part));
      const input = Object.assign(document.createElement("input"), { type: "hidden", name: "photos", value: kept.id });
      // Inside the shot: removing the photo removes its id, and a dropped shot never counts twice.
      shot.append(input);
      this.status.textContent = this.box.dataset.wordSent;
    } catch {
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
