// A button that prints; hidden where there is no script.
export function start(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
