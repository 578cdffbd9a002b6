// Words to begin an answer with: a tap puts them into the field; only those of the chosen outcome are offered.
for (const box of document.querySelectorAll("[data-begin]")) {
  const form = box.closest("form");
  const lines = [...box.querySelectorAll("[data-outcome]")];

  const narrow = () => {
    const chosen = form.querySelector("input[name=outcome]:checked")?.value;
    for (const line of lines) line.hidden = Boolean(chosen && line.dataset.outcome && line.dataset.outcome !== chosen);
    box.hidden = lines.every((line) => line.hidden);
  };
  form.addEventListener("change", narrow);
  narrow();

  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    const field = form.elements[button.dataset.fill];
    const words = button.parentElement.querySelector("p").textContent;
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n${words}` : words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    box.open = false;
  });
}
