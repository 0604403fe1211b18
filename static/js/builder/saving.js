// Saves a draft by itself: one request at a time, on top of a revision, kept in this browser until the server has it.
import { send } from "../csrf.js";

const PAUSE = 700;
const AGAIN = 5000;

export class Saver {
  // body() gives what is saved (with rev); told(kind, answer) hears of "saved", "conflict" and "refused".
  constructor({ url, key, body, told, mark }) {
    Object.assign(this, { url, key, body, told, mark, dirty: false, busy: null, timer: 0 });
    window.addEventListener("online", () => this.dirty && this.flush());
    window.addEventListener("pagehide", () => this.dirty && this.request({ keepalive: true }).catch(() => {}));
  }

  touch() {
    this.dirty = true;
    this.keep();
    this.show("saving");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  // Save now. Resolves to whether the server has everything.
  async flush() {
    clearTimeout(this.timer);
    while (this.busy) await this.busy;
    if (!this.dirty) return true;
    this.busy = this.once();
    const fine = await this.busy;
    this.busy = null;
    return fine && (this.dirty ? this.flush() : true);
  }

  async once() {
    this.dirty = false;
    let response;
    try {
      response = await this.request();
    } catch (error) {
      return this.later();
    }
    if (response.status >= 500 || response.status === 429) return this.later();
    let answer = {};
    try {
      answer = await response.json();
    } catch (error) {
      return this.later();
    }
    if (response.ok) {
      if (!this.dirty) {
        this.forget();
        this.show("saved");
      }
      this.told("saved", answer);
      return true;
    }
    this.dirty = true;
    this.show(response.status === 409 ? "conflict" : "unsaved");
    this.told(response.status === 409 ? "conflict" : "refused", answer);
    return false;
  }

  later() {
    this.dirty = true;
    this.show("unsaved");
    this.timer = setTimeout(() => this.flush(), AGAIN);
    return false;
  }

  request(options = {}) {
    return send(this.url, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(this.body()),
      ...options,
    });
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.body()));
    } catch (error) {
      /* a full or closed store: the server's copy is the one that counts */
    }
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key) || "null");
    } catch (error) {
      return null;
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch (error) {
      /* nothing was kept */
    }
  }

  show(state) {
    if (!this.mark) return;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.mark.dataset.state = state;
    const said = this.mark.querySelector("[data-saved-words]");
    const words = (this.mark.getAttribute(`data-words-${state}`) || "").replace("{time}", time);
    if (said.textContent !== words) said.textContent = words;
  }
}
