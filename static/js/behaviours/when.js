// Date and time are asked only when "at a time" is chosen; touching them chooses it.
export function start(radio) {
  if (radio.dataset.when !== "at") return;
  const form = radio.closest("form");
  const fields = form.querySelector(".when-fields");
  const draw = () => {
    fields.hidden = !radio.checked;
  };
  form.addEventListener("change", draw);
  draw();
}
