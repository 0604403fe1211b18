// The activity builder: buttons and keys change the draft, the server renders its parts, saving goes on by itself.
import { Draft, structuredCopy, swap } from "../builder/draft.js";
import { readFields } from "../builder/fields.js";
import { BuilderPage } from "../builder/page.js";
import { toast } from "../builder/telling.js";
import { send } from "../csrf.js";

export function start(root) {
  new Builder(root).begin();
}

const idOf = (element, kind) => {
  const found = element.closest(`[data-${kind}]`);
  return found ? found.dataset[kind] : "";
};

class Builder extends BuilderPage {
  constructor(root) {
    super(root, new Draft(JSON.parse(document.getElementById("draft-state").textContent)), "content");
    this.phone = root.querySelector("[data-phone]");
    const open = this.here.querySelector(".pages > .open");
    if (open) this.draft.page = open.dataset.page;
    const editing = this.here.querySelector(".editing");
    if (editing) this.draft.block = editing.dataset.block;
  }

  begin() {
    document.addEventListener("click", (event) => this.click(event));
    document.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("input", (event) => this.input(event));
    this.title.addEventListener("input", () => this.typed("title", () => (this.draft.title = this.title.value)));
    const large = this.root.querySelector("[data-large]");
    large.addEventListener("click", () => {
      const on = large.getAttribute("aria-pressed") !== "true";
      large.setAttribute("aria-pressed", String(on));
      this.phone.contentDocument.documentElement.dataset.text = on ? "larger" : "";
    });
    document.querySelector("[data-publish]").addEventListener("submit", (event) => this.publish(event));
    this.counts();
    this.takeUpKept();
    // What was typed before this module had come.
    for (const field of [this.title, ...this.here.querySelectorAll(".page-title")])
      if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  click(event) {
    const line = event.target.closest("[data-line], [data-line-add]");
    if (line && this.root.contains(line)) return this.line(line);
    const button = event.target.closest("[data-act]");
    if (!button || button.disabled) return undefined;
    if (button.closest("[data-toast]")) button.closest("[data-toast]").remove();
    return this.act(button.dataset.act, button);
  }

  act(name, at) {
    const page = idOf(at, "page") || this.draft.page;
    const block = idOf(at, "block");
    const { draft } = this;
    const same = block ? `[data-block="${block}"] [data-act="${name}"]` : `[data-page="${page}"] [data-act="${name}"]`;
    const acts = {
      undo: () => draft.undo() && this.returned(),
      redo: () => draft.redo() && this.returned(),
      look: () => this.look(),
      go: () => this.open(page, block, block ? `[data-block="${block}"] [data-fields] :is(input, textarea, select):not([type=hidden])` : `#page-title-${page}`),
      "page-open": () => this.open(page, "", `#page-title-${page}`),
      "page-add": () => this.changing(() => `#page-title-${draft.addPage("").id}`),
      "page-copy": () => this.changing(() => `#page-title-${draft.copyPage(page, this.words.wordsCopy).id}`),
      "page-up": () => this.changing(() => draft.movePage(page, -1) && same),
      "page-down": () => this.changing(() => draft.movePage(page, 1) && same),
      "page-delete": () => this.remove(() => draft.deletePage(page).title || this.words.wordsPage),
      "block-open": () => this.open(draft.page, block, `[data-block="${block}"] [data-fields] :is(input, textarea, select):not([type=hidden])`),
      "block-close": () => this.open(draft.page, "", `[data-block="${draft.block}"] .block-open`),
      "block-add": () => this.changing(() => this.editorOf(draft.addBlock(JSON.parse(at.dataset.new)).id)),
      "block-copy": () => this.changing(() => this.editorOf(draft.copyBlock(block, this.words.wordsCopy).id)),
      "block-up": () => this.changing(() => draft.moveBlock(block, -1) && same),
      "block-down": () => this.changing(() => draft.moveBlock(block, 1) && same),
      "block-delete": () => this.removeBlock(block),
    };
    if (acts[name]) acts[name]();
  }

  key(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const mod = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    const block = this.root.contains(event.target) ? idOf(event.target, "block") : "";
    const page = this.root.contains(event.target) ? idOf(event.target, "page") : "";
    const stop = (name, at = event.target) => {
      event.preventDefault();
      this.act(name, at);
    };
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && (block || page)) {
      const way = event.key === "ArrowUp" ? "up" : "down";
      stop(`${block ? "block" : "page"}-${way}`);
    } else if (mod && letter === "d" && (block || page)) stop(block ? "block-copy" : "page-copy");
    else if (mod && (letter === "y" || (letter === "z" && event.shiftKey))) stop("redo");
    else if (mod && letter === "z" && !this.typing(event.target)) stop("undo");
    else if (event.key === "Escape" && this.draft.block) stop("block-close");
    else if (event.key === "Enter" && event.target.matches("[data-item] input")) {
      event.preventDefault();
      this.line(event.target.closest(".lines").querySelector("[data-line-add]"));
    }
  }

  // A field with text of its own undoes its typing first, as everywhere else.
  typing(target) {
    return target.matches("textarea, input:not([type=checkbox], [type=radio])") && target.dataset.typed === "1";
  }

  input(event) {
    const { target } = event;
    if (target.matches("[data-find]")) return this.find(target.value);
    target.dataset.typed = "1";
    if (target.matches("[data-page-field]")) {
      const page = this.draft.pageOf(idOf(target, "page"));
      const value = target.type === "checkbox" ? target.checked : target.value;
      return this.typed(`${page.id} ${target.dataset.pageField}`, () => (page[target.dataset.pageField] = value));
    }
    if (target.closest("[data-fields]")) return this.fields(target);
    return undefined;
  }

  fields(target) {
    const row = target.closest("[data-block]");
    const found = this.draft.place(row.dataset.block);
    this.typed(`${found.block.id} ${target.dataset.field}`, () => {
      found.list[found.at] = readFields(row.querySelector("[data-fields]"), found.block);
    });
    if (target.dataset.field === "label" && !target.closest("[data-list]"))
      row.querySelector("[data-block-title]").textContent = target.value || "…";
  }

  line(button) {
    const root = button.closest("[data-fields]");
    const row = button.closest("[data-block]");
    const { list, at, block } = this.draft.place(row.dataset.block);
    const lines = root.querySelector(`[data-list="${button.dataset.lineAdd || button.closest("[data-list]").dataset.list}"]`);
    const name = lines.dataset.list;
    const items = [...lines.querySelectorAll("[data-item]")];
    const number = button.dataset.lineAdd ? items.length : items.indexOf(button.closest("[data-item]"));
    this.draft.change("", () => {
      const made = readFields(root, structuredCopy(block));
      if (button.dataset.lineAdd) made[name].push(this.newLine(made[name], lines.dataset.prefix));
      else if (button.dataset.line === "delete") made[name].splice(number, 1);
      else swap(made[name], number, button.dataset.line === "up" ? -1 : 1);
      list[at] = made;
    });
    const to = { up: number, down: number + 2, delete: Math.max(1, number) }[button.dataset.line] || number + 1;
    this.changed(`[data-list="${name}"] > :nth-child(${to}) input:not([type=hidden])`);
  }

  newLine(lines, prefix) {
    let number = lines.length + 1;
    while (lines.some((line) => line.id === prefix + number)) number += 1;
    const line = { id: prefix + number, label: "" };
    return lines[0] && lines[0].kind ? { ...line, kind: "text" } : line;
  }

  editorOf(id) {
    return `[data-block="${id}"] [data-fields] :is(input, textarea, select):not([type=hidden])`;
  }

  removeBlock(id) {
    let next;
    const title = this.here.querySelector(`[data-block="${id}"] [data-block-title]`).textContent;
    this.remove(() => {
      next = this.draft.deleteBlock(id).next;
      return title;
    }, () => (next ? `[data-block="${next.id}"] .block-open` : ".palette .add"));
  }

  remove(act, focus = () => `#page-title-${this.draft.page}`) {
    let name = "";
    this.draft.change("", () => (name = act()));
    toast("removed-toast", this.words.wordsRemoved.replace("{name}", name));
    this.changed(focus());
  }

  typed(about, act) {
    this.draft.change(about, act);
    this.saver.touch();
    this.buttons();
  }

  changed(focus) {
    this.saver.touch();
    this.render(focus);
    this.saver.flush();
  }

  returned() {
    this.title.value = this.draft.title;
    this.changed(this.draft.block ? `[data-block="${this.draft.block}"] .block-open` : `#page-title-${this.draft.page}`);
  }

  open(page, block, focus) {
    this.draft.page = page;
    this.draft.block = block;
    this.render(focus);
    this.preview();
  }

  // The newest answer wins: an older one that comes late is dropped.
  async render(focus) {
    const ticket = (this.ticket = (this.ticket || 0) + 1);
    const { content, page, block } = this.draft;
    let html;
    try {
      const response = await send(this.words.parts, { method: "POST", body: JSON.stringify({ content, page, block }) });
      if (!response.ok) throw new Error(String(response.status));
      html = await response.text();
    } catch (error) {
      toast("said-toast", this.words.wordsOffline);
      return;
    }
    if (ticket !== this.ticket) return;
    this.here.innerHTML = html;
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: this.here } }));
    this.counts();
    this.buttons();
    const target = focus && this.here.querySelector(focus);
    const wanted = target && target.disabled ? target.closest("[data-block], [data-page]").querySelector(".block-open, .page-title") : target;
    if (wanted) wanted.focus();
  }

  saved(answer) {
    this.draft.rev = answer.rev;
    const minutes = document.querySelector("[data-minutes]");
    minutes.textContent = minutes.dataset.words.replace("{n}", answer.minutes);
    this.problems(answer.problems);
    this.preview();
  }

  problems(list) {
    const count = document.querySelector("[data-look-count]");
    const words = list.length === 1 ? count.dataset.wordsOne : count.dataset.wordsMany;
    count.textContent = words.replace("{n}", list.length);
    count.closest(".to-look").classList.toggle("is-fine", list.length === 0);
    this.root.querySelector("[data-checks-fine]").hidden = list.length > 0;
    const line = document.getElementById("check-line").content.firstElementChild;
    const lines = list.map((problem) => {
      const made = line.cloneNode(true);
      const button = made.querySelector("button");
      Object.assign(button.dataset, { page: problem.page, block: problem.block });
      button.textContent = problem.message;
      return made;
    });
    this.root.querySelector("[data-checks]").replaceChildren(...lines);
    for (const row of this.here.querySelectorAll("[data-block]")) {
      const found = list.find((problem) => problem.block === row.dataset.block);
      row.querySelector("[data-block-problem]").textContent = found ? found.message : "";
    }
  }

  async preview() {
    const url = `${this.words.preview}?page=${encodeURIComponent(this.draft.page)}`;
    const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
    if (!response || !response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const there = this.phone.contentDocument;
    if (!there || !there.querySelector("main")) return;
    for (const part of [".appbar", "main", ".footbar"]) there.querySelector(part).replaceWith(fresh.querySelector(part));
    const shown = there.getElementById(`block-${this.draft.block}`);
    if (shown) {
      shown.classList.add("is-current");
      shown.scrollIntoView({ block: "nearest" });
    }
    there.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: there.body } }));
  }

  look() {
    const heading = document.getElementById("before-h");
    heading.scrollIntoView({ block: "center" });
    heading.focus();
  }

  find(words) {
    const wanted = words.trim().toLocaleLowerCase();
    for (const item of this.here.querySelectorAll("[data-kinds] li"))
      item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
  }

  counts() {
    this.root.querySelector("[data-counts]").textContent = this.here.querySelector("[data-pages]").dataset.pageCount;
  }
}
