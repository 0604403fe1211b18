// The desk's menu on a phone: opens over the page, keeps the focus order, closes on Escape.
export function start(side) {
  const opener = side.querySelector("[data-side-open]");
  const panel = document.getElementById("menu");
  if (!opener || !panel) return;
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-controls", "menu");
  const set = (open) => {
    panel.classList.toggle("is-open", open);
    opener.setAttribute("aria-expanded", String(open));
    if (open) panel.querySelector("a, button").focus();
    else opener.focus();
  };
  opener.setAttribute("aria-expanded", "false");
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    set(true);
  });
  opener.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      set(true);
    }
  });
  panel.querySelector("[data-side-close]").addEventListener("click", (event) => {
    event.preventDefault();
    set(false);
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.classList.contains("is-open")) set(false);
  });
}
