// Small things to say: toasts from the page's templates, and two texts side by side.
import { words } from "./fields.js";

export function toast(templateId, text) {
  const template = document.getElementById(templateId);
  const region = document.getElementById("toasts");
  const made = template.content.firstElementChild.cloneNode(true);
  made.querySelector("[data-text]").textContent = text;
  for (const old of region.querySelectorAll(`[data-from="${templateId}"]`)) old.remove();
  made.dataset.from = templateId;
  region.append(made);
}

// Asks which of two drafts goes on; resolves to "mine" or "theirs", or to "" when the dialog is closed.
export function choose(dialog, mine, theirs, none) {
  const table = dialog.querySelector("[data-two-texts]");
  while (table.children.length > 2) table.lastElementChild.remove();
  for (const [here, there] of differences(mine, theirs)) {
    for (const text of [here, there]) {
      const cell = document.createElement("p");
      cell.textContent = text || none;
      if (!text) cell.className = "muted";
      table.append(cell);
    }
  }
  return new Promise((resolve) => {
    let chosen = "";
    const take = (event) => {
      const button = event.target.closest("[data-take]");
      if (!button) return;
      chosen = button.dataset.take;
      dialog.close();
    };
    dialog.addEventListener("click", take);
    dialog.addEventListener(
      "close",
      () => {
        dialog.removeEventListener("click", take);
        resolve(chosen);
      },
      { once: true },
    );
    if (!dialog.open) dialog.showModal();
  });
}

function differences(mine, theirs) {
  const [here, there] = [mine, theirs].map(parts);
  return [...new Set([...here.keys(), ...there.keys()])]
    .filter((key) => here.get(key) !== there.get(key))
    .map((key) => [here.get(key) || "", there.get(key) || ""]);
}

function parts(draft) {
  const found = new Map([["title", draft.title]]);
  const lists = draft.content ? draft.content.pages : [{ id: "steps", title: "", blocks: draft.steps || [] }];
  for (const page of lists) {
    found.set(`page ${page.id}`, page.title || "");
    for (const block of page.blocks) found.set(block.id || block.key, words(block));
  }
  return found;
}
