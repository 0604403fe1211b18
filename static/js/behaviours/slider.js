// A slider that starts empty. The number field is what the form posts; the range only writes into it,
// so that nothing is answered until the person touches it.
export function start(slider) {
  const range = slider.querySelector(".range");
  const number = slider.querySelector(".slider-number input");
  const output = slider.querySelector("output");
  const pass = slider.querySelector(".pass-button");
  const box = slider.querySelector(".pass-box input");
  const low = Number(range.min);
  const high = Number(range.max);

  const draw = () => {
    const empty = number.value === "";
    const passed = Boolean(box && box.checked);
    const share = high > low ? (Number(range.value) - low) / (high - low) : 0;
    range.classList.toggle("is-empty", empty);
    range.style.setProperty("--v", `calc(.9rem + (100% - 1.8rem) * ${share})`);
    range.disabled = passed || number.disabled;
    if (empty) range.setAttribute("aria-valuetext", range.dataset.empty);
    else range.removeAttribute("aria-valuetext");
    output.textContent = empty ? "" : number.value;
    slider.classList.toggle("is-passed", passed);
    if (pass) {
      pass.setAttribute("aria-pressed", String(passed));
      pass.hidden = !empty && !passed;
    }
  };

  const answer = (final) => {
    number.value = range.value;
    draw();
    number.dispatchEvent(new Event("input", { bubbles: true }));
    if (final) number.dispatchEvent(new Event("change", { bubbles: true }));
  };

  if (number.value === "") range.value = String(low + (high - low) / 2);
  else range.value = number.value;
  range.addEventListener("input", (event) => {
    event.stopPropagation();
    answer(false);
  });
  range.addEventListener("change", (event) => {
    event.stopPropagation();
    answer(true);
  });
  // A tap on the thumb where it already stands, or Enter, is an answer too.
  range.addEventListener("pointerup", () => number.value === "" && answer(true));
  range.addEventListener("keydown", (event) => {
    if (number.value === "" && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      answer(true);
    }
  });
  if (pass && box) {
    pass.addEventListener("click", () => {
      box.checked = !box.checked;
      if (box.checked) number.value = "";
      draw();
      box.dispatchEvent(new Event("change", { bubbles: true }));
      number.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  slider.addEventListener("slider:refresh", draw);
  slider.classList.add("is-live");
  draw();
}
