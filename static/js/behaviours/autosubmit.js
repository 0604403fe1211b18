// A filter form that sends itself when a choice changes; its own button hides.
export function start(form) {
  for (const button of form.querySelectorAll("[data-autosubmit-hide]")) button.hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
