// Who is on the line: what this number told before. Asked by POST, so that the number stands in no address. <div data-earlier>
const LEAST = 7; // digits of the shortest number there is

for (const box of document.querySelectorAll("[data-earlier]")) {
  const form = box.closest("form");
  const { phone, name, place, area_code: area } = form.elements;
  let asked = "";

  const look = async (number) => {
    asked = number;
    const body = new URLSearchParams({ phone: number, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await fetch("/work/new/earlier/", { method: "POST", body, headers: { "X-Piece": "earlier" } });
      if (!answer.ok && answer.status !== 422) throw new Error("line");
      const said = await answer.text();
      // another number was typed meanwhile: its own answer comes
      if (asked === number) box.innerHTML = said;
    } catch {
      if (asked !== number) return;
      asked = "";
      box.textContent = box.dataset.wordLost;
    }
  };

  phone.addEventListener("change", () => {
    const number = phone.value.trim();
    if (number.replace(/\D/g, "").length < LEAST) {
      asked = "";
      box.replaceChildren();
    } else if (number !== asked) look(number);
  });
  form.querySelector("[data-look]").addEventListener("click", (event) => {
    event.preventDefault();
    look(phone.value.trim());
  });
  box.addEventListener("click", (event) => {
    const { dataset } = event.target.closest("[data-take]") ?? {};
    if (!dataset) return;
    if (dataset.name) name.value = dataset.name;
    if (dataset.place) place.value = dataset.place;
    if ([...area.options].some((option) => option.value === dataset.area)) area.value = dataset.area;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
