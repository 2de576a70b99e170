// Talks to the platform. A refusal comes back as `Told`, with words for the person.

export class Told extends Error {}

const SILENCE = 40_000; // Milliseconds; a beat comes every 15 s.
const offline = document.getElementById("offline");

export async function get(path) {
  return answered(await fetch(`/handset/${path}`, { headers: { Accept: "application/json" } }));
}

export async function post(path, body) {
  let response;
  try {
    response = await fetch(`/handset/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Told(offline.textContent);
  }
  return answered(response);
}

async function answered(response) {
  const content = await response.json().catch(() => ({}));
  if (!response.ok) throw new Told(content.error?.message ?? offline.textContent);
  return content;
}

// Listens to what changes. `ready` is called at each new connection: then read the whole state.
export function listen(told) {
  const source = new EventSource("/handset/events");
  const on = (name, handle) =>
    source.addEventListener(name, (event) => { heard(); handle(JSON.parse(event.data)); });
  for (const name of ["ready", "phone", "line", "gone", "clock"]) on(name, told[name]);
  on("beat", () => {});
  const again = (after) => {
    source.close();
    clearTimeout(silence);
    setTimeout(() => listen(told), after);
  };
  // A line that died without a word: nothing comes any more, not even a beat.
  let silence = 0;
  const heard = () => {
    offline.hidden = true;
    clearTimeout(silence);
    silence = setTimeout(() => { offline.hidden = false; again(0); }, SILENCE);
  };
  source.addEventListener("open", heard);
  source.addEventListener("error", () => {
    offline.hidden = false;
    // The browser tries again by itself, but not after an answer that was no stream.
    if (source.readyState === EventSource.CLOSED) again(2000);
  });
}
