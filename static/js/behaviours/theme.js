// Light, dark or as the system: radios or buttons with data-theme-choice="light|dark|system", kept on this device.
export function start(element) {
  const choice = element.dataset.themeChoice;
  if (element.matches("input")) {
    element.checked = current() === choice;
    element.addEventListener("change", () => element.checked && apply(choice));
  } else {
    element.setAttribute("aria-pressed", String(current() === choice));
    element.addEventListener("click", () => apply(choice));
  }
}

function current() {
  try {
    return localStorage.getItem("rapport-theme") || "system";
  } catch (error) {
    return "system";
  }
}

function apply(choice) {
  try {
    if (choice === "system") localStorage.removeItem("rapport-theme");
    else localStorage.setItem("rapport-theme", choice);
  } catch (error) {
    /* applies to this page only */
  }
  if (choice === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", choice);
  for (const other of document.querySelectorAll("[data-theme-choice]:not(input)"))
    other.setAttribute("aria-pressed", String(other.dataset.themeChoice === choice));
}
