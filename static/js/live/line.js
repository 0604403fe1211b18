// One web socket that comes back by itself: full jitter from 0.5 to 30 seconds, a heartbeat, and codes that end it.
// `heard(message)` gets parsed frames; `changed(state)` gets "open", "closed" or "ended".
import { reload } from "./reload.js";

const SIGN_IN = 4401;
const NOT_YOURS = [4403, 4404];
const SLOW_DOWN = 4429;
const BEAT = 25000;
const SILENCE = 40000;

export class Line {
  constructor(path, { heard, changed }) {
    this.url = new URL(path, location.href.replace(/^http/, "ws"));
    this.heard = heard;
    this.changed = changed;
    this.tries = 0;
    this.state = "closed";
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.socket && this.socket.close());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.now());
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => event.persisted && this.resume());
    this.connect();
  }

  get open() {
    return this.state === "open";
  }

  send(content) {
    if (!this.open) return false;
    this.socket.send(JSON.stringify(content));
    return true;
  }

  connect() {
    clearTimeout(this.timer);
    if (this.stopped || this.state === "ended") return;
    let socket;
    try {
      socket = new WebSocket(this.url);
    } catch (error) {
      this.later();
      return;
    }
    this.socket = socket;
    socket.addEventListener("message", (event) => this.take(socket, event.data));
    socket.addEventListener("close", (event) => socket === this.socket && this.closed(event));
  }

  take(socket, text) {
    if (socket !== this.socket) return;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => socket.close(), BEAT + SILENCE);
    const message = JSON.parse(text);
    if (message.hello) this.opened(socket);
    if (!message.beat) this.heard(message);
  }

  opened(socket) {
    this.say("open");
    clearInterval(this.beat);
    this.beat = setInterval(() => socket.readyState === 1 && socket.send('{"beat":1}'), BEAT);
    this.settled = setTimeout(() => (this.tries = 0), 10000);
  }

  closed(event) {
    clearInterval(this.beat);
    clearTimeout(this.silence);
    clearTimeout(this.settled);
    this.socket = null;
    if (event.code === SIGN_IN || NOT_YOURS.includes(event.code)) {
      this.say("ended");
      reload();
      return;
    }
    this.say("closed");
    // Another window took the place: wait until this one is looked at again.
    if (event.code === SLOW_DOWN && event.reason) return;
    this.later();
  }

  later() {
    const most = Math.min(30000, 1000 * 2 ** this.tries++);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), 500 + Math.random() * most);
  }

  now() {
    if (!this.socket && !this.stopped) this.connect();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.socket) this.socket.close();
  }

  resume() {
    this.stopped = false;
    this.now();
  }

  say(state) {
    if (state === this.state) return;
    this.state = state;
    this.changed(state);
  }
}
