// "I am there", borne out by the phone's position: asked for by this tap alone, once; it is neither sent nor kept.
const WAIT = 10000;

function arrive(button) {
  button.form.requestSubmit();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fix]");
  if (!button) return;
  const says = button.form.querySelector("[data-fix-says]");
  const refused = () => {
    button.disabled = false;
    says.textContent = button.dataset.refused;
  };
  if (!navigator.geolocation) return refused();
  button.disabled = true;
  says.textContent = button.dataset.asking;
  navigator.geolocation.getCurrentPosition(() => arrive(button), refused, {
    enableHighAccuracy: true,
    timeout: WAIT,
    maximumAge: 0,
  });
});
