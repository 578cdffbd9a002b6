// What makes a call impossible to miss: two tones without a file, vibration, a screen that stays lit. One tab sounds, not all of them.
const EVERY = 1600;
const PAUSE = 300;
let context = null;
let timer = null;
let lit = null;
let letGo = null;

// Whether the browser lets us be heard; false until somebody has touched the page where it insists on that.
export async function wake() {
  if (!("AudioContext" in window)) return false;
  context ??= new AudioContext();
  if (context.state !== "running") {
    // without a touch this promise never settles
    await Promise.race([context.resume().catch(() => {}), new Promise((done) => setTimeout(done, PAUSE))]);
  }
  return context.state === "running";
}

function tone(at, pitch, length) {
  const source = context.createOscillator();
  const loudness = context.createGain();
  source.type = "square";
  source.frequency.value = pitch;
  loudness.gain.setValueAtTime(0.0001, at);
  loudness.gain.exponentialRampToValueAtTime(0.28, at + 0.02);
  loudness.gain.setValueAtTime(0.28, at + length - 0.04);
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + length);
  source.connect(loudness).connect(context.destination);
  source.start(at);
  source.stop(at + length);
}

// An emergency is faster and higher than a call for help.
export function once(urgent) {
  if (context?.state !== "running") return false;
  const pitches = urgent ? [988, 740, 988, 740] : [659, 523];
  const length = urgent ? 0.22 : 0.4;
  pitches.forEach((pitch, n) => tone(context.currentTime + n * (length + 0.04), pitch, length));
  return true;
}

async function keepLit() {
  try {
    lit = document.visibilityState === "visible" ? await navigator.wakeLock?.request("screen") : null;
  } catch {
    lit = null;
  }
}

export async function start(urgent) {
  stop();
  const round = () => {
    once(urgent);
    navigator.vibrate?.(urgent ? [300, 100, 300, 100, 300] : [500, 300, 500]);
  };
  keepLit();
  document.addEventListener("visibilitychange", keepLit);
  const heard = await wake();
  if (heard && navigator.locks) {
    // held for as long as it rings here; another tab of this browser stays silent meanwhile
    const mine = new Promise((done) => (letGo = done));
    navigator.locks.request("wushi-ring", { ifAvailable: true }, (lock) => {
      if (!lock || !letGo) return undefined;
      round();
      clearInterval(timer);
      timer = setInterval(round, EVERY);
      return mine;
    });
  } else {
    round();
    timer = setInterval(round, EVERY);
  }
  return heard;
}

export function stop() {
  clearInterval(timer);
  timer = null;
  letGo?.();
  letGo = null;
  document.removeEventListener("visibilitychange", keepLit);
  lit?.release?.().catch(() => {});
  lit = null;
  navigator.vibrate?.(0);
}
