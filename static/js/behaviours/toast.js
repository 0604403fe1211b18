// Toasts: heard once, gone by themselves after a while unless they ask to stay or are being read.
const LINGER = 7000;

export function start(region) {
  for (const toast of region.querySelectorAll("[data-toast]")) announce(region, toast);
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes)
        if (node.nodeType === 1 && node.matches("[data-toast]") && !node.dataset.known) prepare(node);
  }).observe(region, { childList: true });
}

// A live region speaks only of what is added to it: what came with the page is put in again.
function announce(region, toast) {
  toast.dataset.known = "1";
  toast.remove();
  setTimeout(() => {
    region.append(toast);
    prepare(toast);
  }, 100);
}

function prepare(toast) {
  toast.dataset.known = "1";
  const close = toast.querySelector("[data-toast-close]");
  if (close) {
    close.hidden = false;
    close.addEventListener("click", () => toast.remove());
  }
  if (toast.hasAttribute("data-toast-stays")) return;
  let timer = setTimeout(() => toast.remove(), LINGER);
  const hold = () => clearTimeout(timer);
  const release = () => {
    hold();
    timer = setTimeout(() => toast.remove(), LINGER);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
}

// For other behaviours: say something from a ready template in the page (<template id="…">).
export function say(templateId) {
  const template = document.getElementById(templateId);
  const region = document.getElementById("toasts");
  if (template && region) region.append(template.content.cloneNode(true));
}
