// A file that is too large is said so before anything travels; one on its way says so, too. The
// page works without this: the server looks at the same.
for (const form of document.querySelectorAll("form[data-upload]")) {
  const most = Number(form.dataset.upload);
  const file = form.querySelector("input[type=file]");
  const large = form.querySelector("#file-large");
  const look = () => {
    const isLarge = [...file.files].some((one) => one.size > most);
    large.hidden = !isLarge;
    file.classList.toggle("is-invalid", isLarge);
    file.toggleAttribute("aria-invalid", isLarge);
    file.setCustomValidity(isLarge ? large.textContent : "");
  };
  file.addEventListener("change", look);
  form.addEventListener("submit", () => { form.querySelector("[data-sending]").hidden = false; });
  window.addEventListener("pageshow", () => { form.querySelector("[data-sending]").hidden = true; look(); });
}
