// The desk: J and K open the next and the one before, digits choose a tray, Enter assigns, / searches. Only from 1100 px; never while typing.
const wide = matchMedia("(min-width: 68.75em)");
const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.offsetParent);
const current = () => rows().find((row) => row.classList.contains("sel"));

function select(row) {
  for (const other of rows()) other.classList.toggle("sel", other === row);
  row.scrollIntoView({ block: "nearest" });
}

function open(row) {
  const link = row?.querySelector("[data-open]");
  if (!link) return;
  select(row);
  if (window.htmx) window.htmx.trigger(link, "desk-open");
  else location.assign(link.href);
}

function move(step) {
  const all = rows();
  const next = all[all.indexOf(current()) + step] ?? all[step > 0 ? 0 : all.length - 1];
  if (next) open(next);
}

// On the desk a click fills the right half and keeps the list where it is.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open]");
  if (!link || !wide.matches || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (!document.querySelector("[data-list]")) return;
  event.preventDefault();
  open(link.closest("[data-row]"));
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (!event.target.matches("[data-case]")) return;
  event.target.scrollIntoView({ block: "nearest" });
  const title = event.target.querySelector("h1");
  if (title) document.title = title.textContent;
  const topic = event.target.querySelector("[data-topic]")?.dataset.topic;
  event.target.dataset.live = topic ?? "";
  event.target.dataset.piece = "detail";
  document.querySelector(".desk.lists")?.classList.add("showing");
  event.target.dispatchEvent(new CustomEvent("wushi:swapped", { bubbles: true }));
});

function typing(target) {
  return target.isContentEditable || (target.matches("input, textarea, select") && !target.matches("[type=radio], [type=checkbox]"));
}

function digit(key) {
  const radio = document.querySelectorAll("[data-assign] input[type=radio]")[Number(key) - 1];
  if (!radio) return false;
  radio.checked = true;
  radio.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!wide.matches || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && event.target.matches("[data-find]")) return void event.target.blur();
  if (typing(event.target)) return;
  const button = document.querySelector("[data-assign] [data-enter]");
  if (event.key === "/") document.querySelector("[data-find]")?.focus();
  else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  else if (/^[1-9]$/.test(event.key) && digit(event.key)) { /* chosen */ }
  else if (event.key === "Enter" && button && !event.target.closest("a, button")) button.click();
  else return;
  event.preventDefault();
});
