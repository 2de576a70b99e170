// The sound of a phone that rings: two short tones every three seconds, for as long as any rings.

const EVERY = 3000; // Milliseconds.
const TONES = [[0, 0.35], [0.5, 0.35]]; // Seconds from the beginning, and how long.
const PITCHES = [440, 480]; // Hertz, as a North American phone.

const button = document.getElementById("sound");
const ringing = new Set();
let context = null;
let timer = null;

export function start() {
  let wanted = true;
  try {
    wanted = localStorage.getItem("handset.sound") !== "off";
  } catch {
    // A browser that remembers nothing rings aloud.
  }
  turn(wanted);
  button.addEventListener("click", () => {
    const next = !loud();
    turn(next);
    try {
      localStorage.setItem("handset.sound", next ? "on" : "off");
    } catch {
      // It holds until the page is left.
    }
  });
}

export function ring(id) {
  ringing.add(id);
  if (timer) return;
  timer = setInterval(sound, EVERY);
  sound();
}

export function hush(id) {
  ringing.delete(id);
  if (ringing.size || !timer) return;
  clearInterval(timer);
  timer = null;
  context?.suspend().catch(() => {});
}

const loud = () => button.getAttribute("aria-pressed") === "true";

function turn(on) {
  button.setAttribute("aria-pressed", String(on));
  if (!on) context?.suspend().catch(() => {});
}

function sound() {
  if (!loud()) return;
  try {
    context ??= new AudioContext();
    // A browser lets a page sound only after somebody has touched it: until then this one is mute.
    context.resume().catch(() => {});
    for (const [from, lasts] of TONES) PITCHES.forEach((pitch) => tone(pitch, from, lasts));
  } catch {
    // Without a sound device a phone still shows that it rings.
  }
}

function tone(pitch, from, lasts) {
  const begin = context.currentTime + from;
  const voice = new OscillatorNode(context, { frequency: pitch });
  const volume = new GainNode(context, { gain: 0.05 });
  voice.connect(volume).connect(context.destination);
  voice.start(begin);
  voice.stop(begin + lasts);
}
