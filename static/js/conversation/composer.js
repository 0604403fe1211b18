// The box: keeps a draft in this browser, sends on the button or Ctrl+Enter; "at opening" stays an ordinary form.
const PAUSE = 500;

export class Composer {
  constructor(form, { conversation, store, say }) {
    this.form = form;
    this.box = form.querySelector("textarea");
    this.error = form.parentElement.querySelector("[data-composer-error]");
    this.mark = form.querySelector("[data-draft]");
    this.store = store;
    this.conversation = conversation;
    this.say = say;
    form.addEventListener("submit", (event) => this.submitted(event));
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.addEventListener("change", () => this.nameButton());
    this.nameButton();
    this.restore();
  }

  // The button says when it goes out.
  nameButton() {
    const when = this.form.querySelector('input[name="when"]:checked');
    const words = this.form.querySelector("[data-send]");
    if (when && words) words.textContent = when.dataset.sendWords;
  }

  async restore() {
    const draft = await this.store.draft(this.conversation);
    if (draft && !this.box.value) this.fill(draft);
  }

  fill(text) {
    this.box.value = text;
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  typed() {
    if (this.error) this.error.hidden = true;
    if (this.mark) this.mark.hidden = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      await this.store.keepDraft(this.conversation, this.box.value);
      if (this.mark) this.mark.hidden = !this.box.value;
    }, PAUSE);
  }

  forget() {
    clearTimeout(this.timer);
    this.store.keepDraft(this.conversation, "");
  }

  submitted(event) {
    const when = this.form.querySelector('input[name="when"]:checked');
    if (when && when.value !== "now") {
      this.forget();
      return;
    }
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) {
      this.box.focus();
      return;
    }
    this.fill("");
    this.forget();
    this.say(text);
    this.box.focus();
  }

  // Words that could not be sent come back into the box, before what stands there.
  giveBack(text) {
    this.fill(this.box.value.trim() ? `${text}\n${this.box.value}` : text);
    this.box.focus();
  }
}
