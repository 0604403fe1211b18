// Signing out takes along what this browser kept for the person: drafts and messages that were not sent yet.
import { forgetEverything } from "../conversation/store.js";

const DRAFTS = ["rapport:draft:", "rapport-draft-", "rapport-pathway-"];

export function start(form) {
  form.addEventListener("submit", () => {
    forgetEverything();
    forgetDrafts();
  });
}

function forgetDrafts() {
  try {
    for (const key of Object.keys(localStorage))
      if (DRAFTS.some((start) => key.startsWith(start))) localStorage.removeItem(key);
  } catch (error) {
    /* storage is closed: there is nothing to forget */
  }
}
