// The pathway builder: steps as cards, each timing a sentence; dates for one client beside them; saving by itself.
import { History, freshId, structuredCopy, swap } from "../builder/draft.js";
import { BuilderPage } from "../builder/page.js";
import { toast } from "../builder/telling.js";
import { send } from "../csrf.js";

const STEP_FIELDS = ["activity", "note", "open_days", "reminder_days"];
const PAUSE = 400;

export function start(root) {
  new Builder(root).begin();
}

class Builder extends BuilderPage {
  constructor(root) {
    const { rev, title, steps } = JSON.parse(document.getElementById("draft-state").textContent);
    super(root, new History({ rev, title, steps }, ["title", "steps"]), "steps");
  }

  begin() {
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (!button || button.disabled) return;
      if (button.closest("[data-toast]")) button.closest("[data-toast]").remove();
      this.act(button.dataset.act, button);
    });
    document.addEventListener("keydown", (event) => this.key(event));
    this.here.addEventListener("input", (event) => this.field(event.target));
    this.title.addEventListener("input", () => this.typed("title", () => (this.draft.title = this.title.value)));
    for (const field of this.root.querySelectorAll("[data-for], [data-start-date], [data-start-time]"))
      field.addEventListener("change", () => this.dates());
    document.querySelector("[data-publish]").addEventListener("submit", (event) => this.publish(event));
    this.takeUpKept();
    this.dates();
  }

  at(element) {
    const row = element.closest("[data-step]");
    return row ? this.draft.steps.findIndex((step) => step.key === row.dataset.step) : -1;
  }

  act(name, button) {
    const { draft } = this;
    const at = this.at(button);
    const key = at >= 0 ? draft.steps[at].key : "";
    const acts = {
      undo: () => draft.undo() && this.returned(),
      redo: () => draft.redo() && this.returned(),
      up: () => this.changing(() => swap(draft.steps, at, -1) && `[data-step="${key}"] [data-act="up"]`),
      down: () => this.changing(() => swap(draft.steps, at, 1) && `[data-step="${key}"] [data-act="down"]`),
      copy: () => this.changing(() => this.put(at + 1, structuredCopy(draft.steps[at]))),
      add: () => this.changing(() => this.put(draft.steps.length, JSON.parse(draft.steps.length ? button.dataset.new : button.dataset.first))),
      delete: () => this.remove(at),
      go: () => this.focus(`[data-step="${button.dataset.step}"] select`),
    };
    if (acts[name]) acts[name]();
  }

  key(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const mod = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    const inside = this.here.contains(event.target) && event.target.closest("[data-step]");
    const stop = (name) => {
      event.preventDefault();
      this.act(name, event.target);
    };
    if (event.altKey && event.key === "ArrowUp" && inside) stop("up");
    else if (event.altKey && event.key === "ArrowDown" && inside) stop("down");
    else if (mod && letter === "d" && inside) stop("copy");
    else if (mod && (letter === "y" || (letter === "z" && event.shiftKey))) stop("redo");
    else if (mod && letter === "z" && event.target !== this.title) stop("undo");
  }

  put(at, step) {
    const taken = new Set(this.draft.steps.map((one) => one.key));
    const made = { ...step, key: freshId(taken, "s") };
    this.draft.steps.splice(at, 0, made);
    return `[data-step="${made.key}"] select`;
  }

  remove(at) {
    const select = this.here.querySelectorAll("[data-step] .step-what select")[at];
    const name = select.options[select.selectedIndex].textContent;
    this.draft.change("", () => this.draft.steps.splice(at, 1));
    toast("removed-toast", this.words.wordsRemoved.replace("{name}", name));
    const next = this.draft.steps[at] || this.draft.steps[at - 1];
    this.changed(next ? `[data-step="${next.key}"] select` : "");
  }

  field(target) {
    const at = this.at(target);
    const step = this.draft.steps[at];
    if (!step) return;
    const again = "again" in target.dataset;
    const about = again ? "" : `${step.key} ${target.dataset.field || "weekdays"}`;
    this.typed(about, () => {
      this.draft.steps[at] = read(structuredCopy(step), target);
    });
    if (again) this.changed(`[data-step="${step.key}"] [data-again]`);
  }

  typed(about, act) {
    this.draft.change(about, act);
    this.saver.touch();
    this.buttons();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.dates(), PAUSE);
  }

  changed(focus) {
    this.saver.touch();
    this.saver.flush();
    this.render(focus);
    this.dates();
  }

  returned() {
    this.title.value = this.draft.title;
    this.changed("");
  }

  async render(focus) {
    const ticket = (this.ticket = (this.ticket || 0) + 1);
    const response = await send(this.words.parts, { method: "POST", body: JSON.stringify({ steps: this.draft.steps }) }).catch(() => null);
    if (!response || !response.ok) {
      toast("said-toast", this.words.wordsOffline);
      return;
    }
    const html = await response.text();
    if (ticket !== this.ticket) return;
    this.here.innerHTML = html;
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: this.here } }));
    this.buttons();
    if (focus) this.focus(focus);
  }

  focus(selector) {
    const found = this.here.querySelector(selector);
    const wanted = found && found.disabled ? found.closest("[data-step]").querySelector("select") : found;
    if (wanted) wanted.focus();
  }

  async dates() {
    const person = this.root.querySelector("[data-for]");
    if (!person) return;
    const start = `${this.root.querySelector("[data-start-date]").value}T${this.root.querySelector("[data-start-time]").value}`;
    const ticket = (this.dating = (this.dating || 0) + 1);
    let answer = { lines: [], clocks: [], later: [] };
    if (this.draft.steps.length && this.draft.steps.every((step) => step.activity)) {
      const body = JSON.stringify({ steps: this.draft.steps, client: Number(person.value), start });
      const headers = { "Content-Type": "application/json", Accept: "application/json" };
      const response = await send(this.words.preview, { method: "POST", headers, body }).catch(() => null);
      if (response && response.ok) answer = await response.json();
    }
    if (ticket === this.dating) this.draw(answer);
  }

  draw({ lines, clocks, later }) {
    const language = document.documentElement.lang;
    const table = this.root.querySelector("[data-no-dates]").closest("table").tBodies[0];
    table.querySelector("[data-no-dates]").hidden = lines.length > 0;
    for (const old of table.querySelectorAll("tr:not([data-no-dates])")) old.remove();
    for (const line of lines) {
      const row = document.getElementById("date-line").content.firstElementChild.cloneNode(true);
      row.querySelector("th").textContent = line.title;
      const cell = row.querySelector("td");
      cell.textContent = line.local ? spoken(line.local, language) : line.waits;
      if (!line.local) cell.className = "muted";
      table.append(row);
    }
    const notes = clocks.map(({ on, forward }) => {
      const note = document.getElementById("clock-line").content.firstElementChild.cloneNode(true);
      const day = new Date(`${on}T12:00`).toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" });
      note.querySelector("[data-text]").textContent = (forward ? this.words.wordsForward : this.words.wordsBackward).replace("{day}", day);
      return note;
    });
    this.root.querySelector("[data-clocks]").replaceChildren(...notes);
    this.root.querySelector("[data-later]").textContent = later.length ? this.words.wordsLater.replace("{names}", later.join(", ")) : "";
  }

  saved(answer) {
    this.draft.rev = answer.rev;
    this.root.querySelector("[data-checks-fine]").hidden = answer.problems.length > 0;
    const line = document.getElementById("check-line").content.firstElementChild;
    const lines = answer.problems.map((problem) => {
      const made = line.cloneNode(true);
      const button = made.querySelector("button");
      button.dataset.step = problem.block;
      button.textContent = problem.message;
      return made;
    });
    this.root.querySelector("[data-checks]").replaceChildren(...lines);
  }
}

// One field's value into its step; another kind of timing keeps what both have.
function read(step, field) {
  const name = field.dataset.field;
  if (field.dataset.weekday) {
    const days = [...field.closest(".week").querySelectorAll("[data-weekday]")].filter((one) => one.checked);
    if (days.length) step.timing.weekdays = days.map((one) => one.dataset.weekday);
    else delete step.timing.weekdays;
    return step;
  }
  if (name === "choice") return { ...step, timing: another(step.timing, field.value) };
  const into = STEP_FIELDS.includes(name) ? step : step.timing;
  const number = field.dataset.kind === "number";
  if (field.value === "" && "optional" in field.dataset) delete into[name];
  else if (number && field.value !== "" && Number.isFinite(Number(field.value))) into[name] = Number(field.value);
  else if (!number) into[name] = field.value;
  return step;
}

function another(timing, choice) {
  const [kind, from] = choice.split(":");
  const made = { kind };
  if (from) made.from = from;
  if (kind !== "with_previous" && timing.at) made.at = timing.at;
  if (kind === "interval" || kind === "after_completed") made.days = timing.days === undefined ? 1 : timing.days;
  if (kind === "weekly") made.weekdays = timing.weekdays || ["mo"];
  return made;
}

function spoken(local, language) {
  return new Date(local).toLocaleString(language, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
