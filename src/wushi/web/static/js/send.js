// Bytes to `live` by a one-time ticket; a photo made small before it goes.
const LONG_SIDE = 2048;
const QUALITY = 0.8;

function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

async function address(ticketUrl) {
  const answer = await fetch(ticketUrl, { method: "POST", headers: { "X-CSRFToken": token() } });
  if (!answer.ok) throw new Error("ticket");
  return (await answer.json()).url;
}

// Resolves to what was kept; rejects with {message} where the server said why not, else with a lost line.
export async function send(ticketUrl, file, onProgress) {
  const url = await address(ticketUrl);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      let said = {};
      try {
        said = JSON.parse(request.responseText);
      } catch { /* not from us */ }
      if (request.status < 300) resolve(said);
      else reject(Object.assign(new Error("refused"), { message: said.message ?? "" }));
    };
    request.onerror = request.ontimeout = () => reject(Object.assign(new Error("line"), { message: "" }));
    request.send(file);
  });
}

// The original where it is smaller already, or of a kind this browser cannot draw.
export async function smaller(file) {
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return made && made.size < file.size ? made : file;
  } catch {
    return file;
  }
}

// What was chosen and has not reached `live`: found again by the form's queue when there is no line.
const unsent = new WeakMap();
export const hold = (element, kind, blob) => unsent.set(element, { kind, blob });
export const release = (element) => unsent.delete(element);
export const held = (form) => [...form.querySelectorAll("[data-held]")].filter((e) => unsent.has(e)).map((e) => unsent.get(e));
