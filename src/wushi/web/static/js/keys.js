// The desk: J/K or the arrows go through the list, digits choose a tray, Enter opens or assigns, S and X choose several, / searches, ? says so.
// Only from 1100 px; never while typing.
const wide = matchMedia("(min-width: 68.75em)");
const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.offsetParent);
const current = () => rows().find((row) => row.classList.contains("sel"));
const bulk = () => document.querySelector("[data-list] [data-bulk]");

function select(row) {
  for (const other of rows()) other.classList.toggle("sel", other === row);
  row.scrollIntoView({ block: "nearest" });
}

function open(row) {
  const link = row?.querySelector("[data-open]");
  if (!link) return false;
  select(row);
  if (window.htmx) window.htmx.trigger(link, "desk-open");
  else location.assign(link.href);
  return true;
}

// While several are being chosen the right half stays as it is.
function move(step) {
  const all = rows();
  const next = all[all.indexOf(current()) + step] ?? all[step > 0 ? 0 : all.length - 1];
  if (next) (bulk() ? select : open)(next);
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

// ---- choosing several ----
const picked = () => document.querySelectorAll("[data-pick]:checked").length;

function count() {
  const said = document.querySelector("[data-picked]");
  if (said) said.textContent = picked() ? ` ${picked()}` : "";
}
// The panel of those chosen before is old now: Enter asks for it again.
function changed() {
  document.querySelector("[data-many]")?.removeAttribute("data-many");
  count();
}
document.addEventListener("change", (event) => event.target.matches("[data-pick]") && changed());
document.addEventListener("wushi:swapped", count);
count();

// At the desk the trays of the chosen ones stand in the right half, beside the list.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-bulk]") || !wide.matches || !window.htmx) return;
  event.preventDefault();
  if (picked()) window.htmx.trigger(event.target, "desk-open");
});

function toggle() {
  const box = current()?.querySelector("[data-pick]");
  if (!box) return false;
  box.checked = !box.checked;
  changed();
  return true;
}

function choosing() {
  const link = document.querySelector("[data-picking]");
  if (!link) return false;
  link.click();
  return true;
}

// ---- keys ----
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

function enter() {
  const button = document.querySelector("[data-assign] [data-enter]");
  if (bulk() && picked() && !document.querySelector("[data-many]")) bulk().requestSubmit();
  else if (button) button.click();
  else return Boolean(bulk()) && open(current());
  return true;
}

function press(key, target) {
  // in the right half the arrows scroll
  const inList = target.closest("[data-list]") && !target.matches("summary, [type=radio]");
  if (key === "/") return document.querySelector("[data-find]")?.focus() ?? true;
  if (key === "?") return document.getElementById("keys")?.togglePopover() ?? true;
  if (key === "j" || (key === "ArrowDown" && inList)) return move(1) ?? true;
  if (key === "k" || (key === "ArrowUp" && inList)) return move(-1) ?? true;
  if (key === "x") return toggle();
  if (key === "s") return choosing();
  if (/^[1-9]$/.test(key)) return digit(key);
  return key === "Enter" && !target.closest("a, button, summary, [data-pick]") && enter();
}

document.addEventListener("keydown", (event) => {
  if (!wide.matches || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && event.target.matches("[data-find]")) return void event.target.blur();
  if (typing(event.target) || (event.key !== "?" && document.querySelector("dialog:popover-open"))) return;
  if (press(event.key, event.target)) event.preventDefault();
});
