/* Opens the help inside the page when a risk item is answered above zero; the form goes on. That somebody has been told
   is said only once the server has kept the answer. Without script the page says both when it is next shown. */
export function start(help) {
  const form = help.closest("form") || document;
  const told = help.querySelector("[data-risk-told]");
  const saved = form.querySelector("[data-saved]");

  form.addEventListener("change", (event) => {
    const item = event.target.closest("[data-risk]");
    if (item && Number(event.target.value) > 0) help.hidden = false;
  });
  if (!told || !saved) return;
  new MutationObserver(() => {
    if (help.hidden) return;
    if (saved.dataset.state === "saved") told.hidden = false;
    if (saved.dataset.state === "unsaved") told.hidden = true;
  }).observe(saved, { attributes: true, attributeFilter: ["data-state"] });
}
