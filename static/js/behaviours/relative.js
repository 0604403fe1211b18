// “3 minutes ago” in the page's own language; the full words stay as the title.
const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 7],
];
const shown = new Set();
let timer;

export function start(element) {
  shown.add(element);
  draw(element);
  if (!timer) timer = setInterval(() => shown.forEach(draw), 30000);
}

function draw(element) {
  if (!element.isConnected) {
    shown.delete(element);
    return;
  }
  const words = relative((new Date(element.dateTime) - Date.now()) / 1000);
  element.textContent = words || element.title;
}

function relative(seconds) {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  let value = seconds;
  for (const [unit, size] of STEPS) {
    if (Math.abs(value) < size) return format.format(Math.round(value), unit);
    value /= size;
  }
  return "";
}
