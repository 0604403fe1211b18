// Asks before a form or link does something that is hard to take back: data-confirm="ID of a dialog".
// The dialog has a button with data-confirm-yes; without script the form simply goes ahead.
export function start(element) {
  const dialog = document.getElementById(element.dataset.confirm);
  if (!dialog || !dialog.showModal) return;
  let agreed = false;
  const kind = element.tagName === "FORM" ? "submit" : "click";
  element.addEventListener(
    kind,
    (event) => {
      if (agreed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event.submitter;
      const yes = dialog.querySelector("[data-confirm-yes]");
      const go = () => {
        agreed = true;
        dialog.close();
        if (kind === "submit") element.requestSubmit(submitter || undefined);
        else element.click();
        agreed = false;
      };
      yes.addEventListener("click", go, { once: true });
      dialog.addEventListener("close", () => yes.removeEventListener("click", go), { once: true });
      dialog.showModal();
    },
    true,
  );
}
