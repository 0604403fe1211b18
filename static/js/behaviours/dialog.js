// Native dialogs: data-dialog-open="ID" opens, data-dialog-close closes; the click beside it closes too.
export function start(element) {
  if (element.tagName === "DIALOG") {
    prepare(element);
    return;
  }
  element.addEventListener("click", (event) => {
    const dialog = document.getElementById(element.dataset.dialogOpen);
    if (!dialog || !dialog.showModal) return;
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
  });
}

function prepare(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-dialog-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  if (dialog.hasAttribute("data-dialog-now") && dialog.showModal && !dialog.open) dialog.showModal();
}
