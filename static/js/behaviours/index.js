// Loads a behaviour only where its mark stands on the page, also in what htmx swaps in later.
// A behaviour is a module that exports `start(element)`; it is called once for each marked element.
// To add one: write behaviours/<name>.js and one line here.
import { markForms, seat } from "../seat.js";

const behaviours = {
  "[data-dialog], [data-dialog-open]": () => import("./dialog.js"),
  "[data-menu]": () => import("./menu.js"),
  "[data-side]": () => import("./side.js"),
  "[data-toasts]": () => import("./toast.js"),
  "[data-slider]": () => import("./slider.js"),
  "[data-autosize]": () => import("./autosize.js"),
  "[data-confirm]": () => import("./confirm.js"),
  "[data-shortcut]": () => import("./shortcut.js"),
  "[data-relative]": () => import("./relative.js"),
  "[data-theme-choice]": () => import("./theme.js"),
  "[data-print]": () => import("./print.js"),
  "[data-risk-help]": () => import("./risk.js"),
  "[data-errors]": () => import("./errors.js"),
  "[data-answers]": () => import("./answers.js"),
  "[data-live]": () => import("./live.js"),
  "[data-conversation]": () => import("./conversation.js"),
  "form[action*='/logout/']": () => import("./forget.js"),
  "[data-autosubmit]": () => import("./autosubmit.js"),
  "[data-builder]": () => import("./builder.js"),
  "[data-pick-list]": () => import("./picklist.js"),
  "[data-pathway]": () => import("./pathway.js"),
  "[data-passkey]": () => import("./passkey.js"),
  "[data-when]": () => import("./when.js"),
};

const started = new WeakMap();

async function wake(element, selector, load) {
  const seen = started.get(element) || new Set();
  if (seen.has(selector)) return;
  seen.add(selector);
  started.set(element, seen);
  const behaviour = await load();
  behaviour.start(element);
}

export function scan(root) {
  for (const [selector, load] of Object.entries(behaviours)) {
    if (root.matches && root.matches(selector)) wake(root, selector, load);
    for (const element of root.querySelectorAll(selector)) wake(element, selector, load);
  }
}

scan(document.documentElement);
document.addEventListener("htmx:load", (event) => scan(event.detail.elt));

// Every request of htmx carries the token that Django asks for.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  if (seat()) event.detail.headers["X-Seat"] = seat();
});
markForms();
