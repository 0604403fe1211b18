// The draft in the browser: its content, what is open, and the way back. Every change goes through change().
const MOST_STEPS = 100;

export function freshId(taken, prefix) {
  let id;
  do id = prefix + Math.random().toString(36).slice(2, 9);
  while (taken.has(id));
  return id;
}

// Remembers how something was. `fields` names what a snapshot holds.
export class History {
  constructor(start, fields) {
    Object.assign(this, start, { fields, past: [], future: [] });
  }

  // Remember how it was, then let `act` change it. Changes with the same `about` in a row are one step back.
  change(about, act) {
    const last = this.past[this.past.length - 1];
    if (!about || !last || last.about !== about) {
      this.past.push({ about, at: this.snapshot() });
      if (this.past.length > MOST_STEPS) this.past.shift();
    }
    this.future = [];
    act();
  }

  snapshot() {
    return JSON.stringify(Object.fromEntries(this.fields.map((field) => [field, this[field]])));
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    const found = from.pop();
    if (!found) return false;
    to.push({ about: null, at: this.snapshot() });
    Object.assign(this, JSON.parse(found.at));
    return true;
  }
}

export class Draft extends History {
  constructor({ rev, title, content }) {
    super({ rev, title, content, page: content.pages[0].id, block: "" }, ["title", "content", "page", "block"]);
  }

  ids() {
    const blocks = this.content.pages.flatMap((page) => page.blocks.map((block) => block.id));
    return new Set([...blocks, ...this.content.pages.map((page) => page.id)]);
  }

  pageOf(id) {
    return this.content.pages.find((page) => page.id === id);
  }

  openPage() {
    return this.pageOf(this.page) || this.content.pages[0];
  }

  // The list a block stands in, and where; null when it is gone.
  place(id) {
    for (const page of this.content.pages) {
      const at = page.blocks.findIndex((block) => block.id === id);
      if (at >= 0) return { page, list: page.blocks, at, block: page.blocks[at] };
    }
    return null;
  }

  movePage(id, by) {
    const pages = this.content.pages;
    return swap(pages, pages.findIndex((page) => page.id === id), by);
  }

  // Moving past the end of a page carries the block to the next one.
  moveBlock(id, by) {
    const found = this.place(id);
    if (!found) return false;
    if (swap(found.list, found.at, by)) return true;
    const pages = this.content.pages;
    const next = pages[pages.indexOf(found.page) + by];
    if (!next) return false;
    found.list.splice(found.at, 1);
    next.blocks.splice(by > 0 ? 0 : next.blocks.length, 0, found.block);
    this.page = next.id;
    return true;
  }

  addPage(title) {
    const page = { id: freshId(this.ids(), "p"), title, later: false, blocks: [] };
    const pages = this.content.pages;
    pages.splice(pages.indexOf(this.openPage()) + 1, 0, page);
    this.page = page.id;
    this.block = "";
    return page;
  }

  addBlock(block) {
    const made = { ...block, id: freshId(this.ids(), "b") };
    const page = this.openPage();
    const open = page.blocks.findIndex((one) => one.id === this.block);
    page.blocks.splice(open < 0 ? page.blocks.length : open + 1, 0, made);
    this.block = made.id;
    return made;
  }

  copyBlock(id, words) {
    const { list, at, block } = this.place(id);
    const made = { ...structuredCopy(block), id: freshId(this.ids(), "b") };
    if (made.label) made.label = words.replace("{name}", made.label).slice(0, 300);
    list.splice(at + 1, 0, made);
    this.block = made.id;
    return made;
  }

  copyPage(id, words) {
    const pages = this.content.pages;
    const taken = this.ids();
    const made = structuredCopy(this.pageOf(id));
    for (const part of [made, ...made.blocks]) taken.add((part.id = freshId(taken, part === made ? "p" : "b")));
    made.title = words.replace("{name}", made.title || "").slice(0, 200);
    pages.splice(pages.findIndex((page) => page.id === id) + 1, 0, made);
    this.page = made.id;
    this.block = "";
    return made;
  }

  deleteBlock(id) {
    const { list, at } = this.place(id);
    const [gone] = list.splice(at, 1);
    if (this.block === id) this.block = "";
    return { gone, next: list[at] || list[at - 1] };
  }

  deletePage(id) {
    const pages = this.content.pages;
    const at = pages.findIndex((page) => page.id === id);
    const [gone] = pages.splice(at, 1);
    this.page = (pages[at] || pages[at - 1]).id;
    this.block = "";
    return gone;
  }
}

export function structuredCopy(value) {
  return JSON.parse(JSON.stringify(value));
}

export function swap(list, at, by) {
  const to = at + by;
  if (at < 0 || to < 0 || to >= list.length) return false;
  [list[at], list[to]] = [list[to], list[at]];
  return true;
}
