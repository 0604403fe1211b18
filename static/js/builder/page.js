// What both builders' pages do alike: one draft, saved by itself, undone step by step, never lost to another window.
import { Saver } from "./saving.js";
import { choose, toast } from "./telling.js";

// A subclass has `changed(focus)`, which saves and renders, `returned()`, and `saved(answer)`.
export class BuilderPage {
  // `part` is the draft's field beside its title: what the builder builds.
  constructor(root, draft, part) {
    Object.assign(this, { root, draft, part, words: root.dataset });
    this.here = root.querySelector("[data-parts-here]");
    this.title = document.querySelector("[data-title]");
    this.saver = new Saver({
      url: root.dataset.save,
      key: root.dataset.key,
      body: () => ({ rev: draft.rev, title: draft.title, [part]: draft[part] }),
      told: (kind, answer) => this[kind](answer),
      mark: document.getElementById("draft-saved"),
    });
  }

  // Take up what this browser kept and the server never got.
  takeUpKept() {
    const kept = this.saver.kept();
    if (kept && kept[this.part] && JSON.stringify(kept[this.part]) !== JSON.stringify(this.draft[this.part])) {
      this.draft.change("", () => Object.assign(this.draft, kept));
      this.title.value = this.draft.title;
      toast("said-toast", this.words.wordsKept);
      this.changed("");
    } else this.saver.forget();
  }

  // A change that says where the focus goes; one that changes nothing is no step back.
  changing(act) {
    let focus = false;
    this.draft.change("", () => (focus = act()));
    if (focus) this.changed(focus);
    else this.draft.past.pop();
  }

  refused(answer) {
    const [why] = Object.values(answer.errors || {}).flat();
    toast("said-toast", this.words.wordsRefused.replace("{why}", why || answer.detail || ""));
  }

  async conflict({ stored }) {
    if (this.asking) return;
    this.asking = true;
    const chosen = await choose(document.getElementById("draft-conflict"), this.draft, stored, this.words.wordsGone);
    this.asking = false;
    if (!chosen) return;
    this.draft.rev = stored.rev;
    if (chosen === "theirs") {
      this.draft.change("", () => Object.assign(this.draft, { title: stored.title, [this.part]: stored[this.part] }));
      this.title.value = this.draft.title;
    }
    this.changed("");
  }

  async publish(event) {
    if (!this.saver.dirty && !this.saver.busy) return;
    event.preventDefault();
    if (await this.saver.flush()) event.target.submit();
  }

  buttons() {
    document.querySelector('[data-act="undo"]').disabled = this.draft.past.length === 0;
    document.querySelector('[data-act="redo"]').disabled = this.draft.future.length === 0;
  }
}
