/* Saves answers while they are typed: one save at a time, on top of the revision that the page holds, with a copy kept
   in this browser until the server has it. Two windows that differ are shown both texts. Without script the form's own
   buttons save the page. */

import { seatHeaders } from "../seat.js";

const WAIT = 800;
const SETTLED = 5000;
const RETRY = [2000, 5000, 15000, 30000];

export function start(form) {
  const saver = new Saver(form);
  form.querySelectorAll("[data-block]").forEach((box) => saver.watch(box));
  saver.restore();
  form.addEventListener("submit", (event) => leave(event, form, saver));
  window.addEventListener("online", () => saver.run());
  window.addEventListener("beforeunload", (event) => {
    if (saver.unsaved() && !saver.storage && !saver.leaving) event.preventDefault();
  });
}

/* leave the page only when every word has arrived; without a connection stay, and say so */
async function leave(event, form, saver) {
  if (!saver.unsaved()) return;
  event.preventDefault();
  if (!(await saver.flush())) return;
  const way = document.createElement("input");
  way.type = "hidden";
  way.name = "go";
  way.value = event.submitter ? event.submitter.value : "next";
  form.append(way);
  saver.leaving = true;
  form.submit();
}

class Saver {
  constructor(form) {
    this.form = form;
    this.typing = new Map();
    this.waiting = new Map();
    this.busy = false;
    this.tries = 0;
    this.leaving = false;
    this.mark = form.querySelector("[data-saved]");
    this.prefix = `rapport:draft:${form.dataset.user}:${form.dataset.assignment}:`;
    this.storage = openStorage();
  }

  watch(box) {
    const block = box.dataset.block;
    let timer;
    const later = () => {
      clearTimeout(timer);
      const draft = { form: read(box), rev: Number(box.dataset.rev), uuid: newId() };
      this.typing.set(block, draft);
      this.keep(block, draft);
      this.show("saving");
      timer = setTimeout(() => this.typing.get(block) === draft && this.queue(block, draft), WAIT);
    };
    box.addEventListener("input", later);
    box.addEventListener("change", later);
  }

  queue(block, draft) {
    this.typing.delete(block);
    this.waiting.set(block, draft);
    this.run();
  }

  unsaved() {
    return this.typing.size + this.waiting.size > 0 || this.busy;
  }

  /* true when everything has arrived */
  async flush() {
    for (const [block, draft] of [...this.typing]) this.queue(block, draft);
    for (let step = 0; step < 100 && this.unsaved(); step += 1) {
      if (this.tries > 0 && !this.busy) return false;
      await new Promise((go) => setTimeout(go, 50));
    }
    return !this.unsaved();
  }

  async run() {
    if (this.busy || this.leaving || !this.waiting.size) return;
    this.busy = true;
    const [block, draft] = this.waiting.entries().next().value;
    const box = this.form.querySelector(`[data-block="${CSS.escape(block)}"]`);
    if (box) draft.rev = Math.max(draft.rev, Number(box.dataset.rev));
    const done = await this.send(block, draft, box);
    if (done && this.waiting.get(block) === draft) this.waiting.delete(block);
    this.busy = false;
    if (done) {
      this.tries = 0;
      this.run();
    } else {
      setTimeout(() => this.run(), RETRY[Math.min(this.tries++, RETRY.length - 1)]);
    }
  }

  /* true when the server has answered for good: saved, refused for its revision, or not acceptable as it is */
  async send(block, draft, box) {
    let answer;
    try {
      answer = await fetch(this.form.dataset.url.replace("BLOCK", block), {
        method: "PUT",
        credentials: "same-origin",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
          ...seatHeaders(),
        },
        body: JSON.stringify(draft),
      });
    } catch {
      this.show("unsaved");
      return false;
    }
    if (answer.status >= 500 || answer.status === 429) {
      this.show("unsaved");
      return false;
    }
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) this.saved(block, draft, said.rev, box);
    else if (answer.status === 409 && said.stored) this.conflict(block, draft, said.stored, box);
    else this.show("unsaved", said.detail);
    return true;
  }

  saved(block, draft, rev, box) {
    if (box) setRev(box, rev);
    const kept = this.kept(block);
    if (kept && kept.uuid === draft.uuid) {
      // a page that was asked for before the save landed shows the older text: the copy stays for just that page
      this.keep(block, { ...draft, saved: rev });
      setTimeout(() => this.kept(block)?.uuid === draft.uuid && this.forget(block), SETTLED);
    }
    if (this.waiting.size <= 1) this.show("saved");
  }

  conflict(block, draft, stored, box) {
    this.show("conflict");
    if (!box || box.querySelector("[data-other]")) return;
    const words = this.form.dataset;
    const note = document.createElement("div");
    note.className = "note honey";
    note.dataset.other = "";
    note.setAttribute("role", "alert");
    const text = element("blockquote", stored.summary || words.wordsEmpty);
    text.className = "other-text";
    const mine = button(words.wordsMine, () => {
      note.remove();
      setRev(box, stored.rev);
      this.queue(block, { form: read(box), rev: stored.rev, uuid: newId() });
    });
    const theirs = button(words.wordsTheirs, () => {
      this.forget(block);
      this.leaving = true;
      window.location.reload();
    });
    const body = document.createElement("div");
    const row = document.createElement("div");
    row.className = "btns";
    row.append(mine, theirs);
    body.append(element("p", words.wordsOther), text, row);
    note.append(body);
    box.append(note);
  }

  /* copies that never reached the server: put them back into the fields and send them again */
  restore() {
    if (!this.storage) return;
    this.form.querySelectorAll("[data-block]").forEach((box) => {
      const draft = this.kept(box.dataset.block);
      if (!draft) return;
      if (draft.saved) {
        if (Number(box.dataset.rev) < draft.saved) {
          write(box, draft.form);
          setRev(box, draft.saved);
        }
        this.show("saved");
        return;
      }
      write(box, draft.form);
      this.queue(box.dataset.block, draft);
      this.show("saving");
    });
    this.sweep();
  }

  /* what the server has is not kept on this device any longer than the page that follows it */
  sweep() {
    for (const key of Object.keys(this.storage).filter((name) => name.startsWith(this.prefix))) {
      const block = key.slice(this.prefix.length);
      if (this.kept(block)?.saved) this.forget(block);
    }
  }

  show(state, words) {
    if (!this.mark) return;
    this.mark.dataset.state = state;
    const place = this.mark.querySelector("[data-saved-words]");
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date());
    const template = this.mark.dataset[`words${state[0].toUpperCase()}${state.slice(1)}`] || "";
    place.textContent = words || template.replace("{time}", time);
  }

  keep(block, draft) {
    try {
      this.storage?.setItem(this.prefix + block, JSON.stringify(draft));
    } catch {
      this.storage = null;
    }
  }

  kept(block) {
    try {
      return JSON.parse(this.storage?.getItem(this.prefix + block) ?? "null");
    } catch {
      return null;
    }
  }

  forget(block) {
    this.storage?.removeItem(this.prefix + block);
  }
}

function openStorage() {
  try {
    window.localStorage.getItem("rapport");
    return window.localStorage;
  } catch {
    return null;
  }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function fieldsOf(box) {
  return Array.from(box.querySelectorAll("input[name], textarea[name], select[name]")).filter(
    (field) => !("revField" in field.dataset) && !field.disabled,
  );
}

function read(box) {
  const pairs = [];
  for (const field of fieldsOf(box)) {
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    pairs.push([field.name, field.value]);
  }
  return pairs;
}

function write(box, pairs) {
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of fieldsOf(box)) {
    const given = values.get(field.name) ?? [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = given.includes(field.value);
    else if (given.length) field.value = given.shift();
    field.dispatchEvent(new CustomEvent("restored", { bubbles: true }));
  }
}

function setRev(box, rev) {
  box.dataset.rev = rev;
  const field = box.querySelector("[data-rev-field]");
  if (field) field.value = rev;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function button(text, act) {
  const made = element("button", text);
  made.type = "button";
  made.className = "btn s";
  made.addEventListener("click", act);
  return made;
}
