// Parts of a page that live: <… id="…" data-live="attention messages">. When a hint with one of these words comes, the
// page is fetched again and the new part takes the old one's place. Where sockets are blocked it asks every 20 seconds.
// Parts that htmx keeps fresh listen for the event "rapport:<word>" on the body instead.
// A page with a conversation has a socket already; it passes its hints on as the event "live:hint".
import { Line } from "../live/line.js";
import { reload } from "../live/reload.js";
import { seatHeaders } from "../seat.js";

const EVERY = 20000;
const FULL_TURN = 15;
const SETTLE = 300;
const REST = 2000;
const WORDS = ["attention", "messages", "review", "homework", "notice", "state"];
const parts = new Map();
const due = new Set();
let state = "none";
let timer;
let last = 0;
let wasClosed = false;

export function start(element) {
  if (!element.id) return;
  parts.set(element.id, element.outerHTML);
  if (state === "none") begin();
}

function begin() {
  state = "closed";
  document.addEventListener("live:hint", (event) => hinted(event.detail));
  document.addEventListener("live:state", (event) => changed(event.detail));
  if (!document.querySelector("[data-conversation][data-open]"))
    new Line("/ws/live/", { heard: (message) => message.hint && hinted(message.hint), changed });
  let turns = 0;
  setInterval(() => {
    turns += 1;
    // Now and then also with a socket: a session that has been idle for too long ends, and the page with it.
    if (turns % FULL_TURN === 0 || (state !== "open" && document.visibilityState === "visible")) hinted("*");
  }, EVERY);
}

function changed(now) {
  if (now === "open" && wasClosed) hinted("*");
  wasClosed = now !== "open";
  state = now;
}

function hinted(what) {
  for (const word of what === "*" ? WORDS : [what]) document.body.dispatchEvent(new CustomEvent(`rapport:${word}`));
  due.add(what);
  clearTimeout(timer);
  timer = setTimeout(refresh, Math.max(SETTLE, last + REST - Date.now()));
}

async function refresh() {
  const words = new Set(due);
  due.clear();
  const wanted = [...parts.keys()]
    .map((id) => document.getElementById(id))
    .filter((element) => element && (words.has("*") || element.dataset.live.split(" ").some((word) => words.has(word))));
  if (!wanted.length) return;
  last = Date.now();
  let page;
  try {
    const answer = await fetch(location.href, { headers: { "X-Live": "1", ...seatHeaders() }, credentials: "same-origin" });
    if (answer.redirected && new URL(answer.url).pathname.startsWith("/accounts/")) return void reload();
    if (!answer.ok) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch (error) {
    return; // no network: the next turn asks again
  }
  for (const element of wanted) replace(element, page.getElementById(element.id));
}

function replace(element, fresh) {
  if (!fresh || !element.isConnected || parts.get(element.id) === fresh.outerHTML) return;
  parts.set(element.id, fresh.outerHTML);
  const focus = element.contains(document.activeElement) ? document.activeElement : null;
  if (focus && focus.matches("input, textarea, select")) return; // nobody types into something that vanishes
  const made = document.importNode(fresh, true);
  element.replaceWith(made);
  if (window.htmx) window.htmx.process(made);
  made.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: made } }));
  if (focus) (twin(made, focus) || made).focus({ preventScroll: true });
}

function twin(made, focus) {
  if (focus.id) return made.querySelector(`#${CSS.escape(focus.id)}`);
  const href = focus.getAttribute("href");
  return href && made.querySelector(`[href="${CSS.escape(href)}"]`);
}
