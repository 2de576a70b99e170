// Questions that need more than a tap: a place, a photo, the name of a new phone.

// Opens a dialog; `send` gets its form and may throw words that the dialog then shows.
function ask(id, send) {
  const dialog = document.getElementById(id);
  const form = dialog.querySelector("form");
  const trouble = form.querySelector(".trouble");
  form.reset();
  if (trouble) trouble.hidden = true;
  form.onsubmit = async (event) => {
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    if (!button) return dialog.close(); // One that only tells.
    button.disabled = true;
    try {
      await send(form);
      dialog.close();
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
    } finally {
      button.disabled = false;
    }
  };
  form.querySelector("[data-close]").onclick = () => dialog.close();
  dialog.showModal();
  return form;
}

export function askLocation(send) {
  const form = ask("d-location", () =>
    send({ lat: Number(form.elements.lat.value), lon: Number(form.elements.lon.value) }));
  const fill = () => {
    [form.elements.lat.value, form.elements.lon.value] = form.elements.place.value.split(",");
  };
  form.elements.place.onchange = fill;
  fill();
}

export function askPhoto(send) {
  const form = ask("d-photo", async () => {
    const file = form.elements.image.files[0];
    await send(file ? await base64(file) : null);
  });
  const chosen = document.getElementById("chosen");
  chosen.textContent = "";
  form.elements.image.onchange = () => {
    chosen.textContent = form.elements.image.files[0]?.name ?? "";
  };
}

export function askName(send) {
  ask("d-phone", (form) => send(form.elements.name.value));
}

export function askNewName(name, send) {
  const form = ask("d-name", (filled) => send(filled.elements.name.value));
  form.elements.name.value = name;
  form.elements.name.select();
}

export function askRemoval(name, send) {
  const form = ask("d-remove", () => send());
  form.querySelector(".named").textContent = name;
}

export function showKeys() {
  ask("d-keys", () => {});
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
