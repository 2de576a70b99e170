// What was typed and not sent yet: it stays in this tab over a reload.

const name = (phone, channel) => `handset.draft.${phone}.${channel}`;

export function read(phone, channel) {
  try {
    return sessionStorage.getItem(name(phone, channel)) ?? "";
  } catch {
    return "";
  }
}

export function keep(phone, channel, text) {
  try {
    if (text) sessionStorage.setItem(name(phone, channel), text);
    else sessionStorage.removeItem(name(phone, channel));
  } catch {
    // A browser that keeps nothing loses it with a reload.
  }
}
