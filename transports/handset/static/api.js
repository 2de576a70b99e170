// Talks to the platform. A refusal comes back as `Told`, with words for the person.

export class Told extends Error {}

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
export function listen({ ready, phone, line, clock }) {
  const source = new EventSource("/handset/events");
  const on = (name, handle) =>
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  on("ready", ready);
  on("phone", phone);
  on("line", line);
  on("clock", clock);
  source.addEventListener("open", () => { offline.hidden = true; });
  source.addEventListener("error", () => {
    offline.hidden = false;
    // The browser tries again by itself, but not after an answer that was no stream.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => listen({ ready, phone, line, clock }), 2000);
    }
  });
}
