// Signing out takes along what this browser kept for the person: drafts and messages that were not sent yet.
import { forgetEverything } from "../conversation/store.js";

export function start(form) {
  form.addEventListener("submit", forgetEverything);
}
