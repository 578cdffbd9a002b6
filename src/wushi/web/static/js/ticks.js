// Times that run: since when (data-since) or until when (data-until) in seconds as the server said it, whatever this clock shows.
const seen = new WeakMap();

function said(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function tick() {
  for (const element of document.querySelectorAll("[data-since], [data-until]")) {
    if (!seen.has(element)) seen.set(element, performance.now());
    const passed = (performance.now() - seen.get(element)) / 1000;
    const { since, until } = element.dataset;
    element.textContent = said(since === undefined ? Number(until) - passed : Number(since) + passed);
  }
}

setInterval(tick, 1000);
