// A text field as tall as its text, up to most of the window.
export function start(field) {
  const fit = () => {
    field.style.blockSize = "auto";
    field.style.blockSize = `${Math.min(field.scrollHeight + 3, window.innerHeight * 0.7)}px`;
  };
  field.addEventListener("input", fit);
  if (field.value) requestAnimationFrame(fit);
}
