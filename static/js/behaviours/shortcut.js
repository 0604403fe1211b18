// Keys for links, buttons and fields: data-shortcut="a", "/", "mod+enter". Plain keys are ignored while someone types.
const targets = new Map();
let listening = false;

export function start(element) {
  targets.set(element.dataset.shortcut.toLowerCase(), element);
  const spoken = element.dataset.shortcut.replace("mod", "Control");
  element.setAttribute("aria-keyshortcuts", spoken);
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", onKey);
}

function onKey(event) {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const mod = event.ctrlKey || event.metaKey;
  const name = (mod ? "mod+" : "") + event.key.toLowerCase();
  const element = targets.get(name);
  if (!element || !element.isConnected || (!mod && typing(event.target))) return;
  if (document.querySelector("dialog[open]") && !element.closest("dialog[open]")) return;
  event.preventDefault();
  if (element.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select")) {
    element.focus();
    if (element.select) element.select();
  } else element.click();
}

function typing(target) {
  return target.closest("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]") !== null;
}
