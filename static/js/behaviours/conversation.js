// One conversation: the socket is a hint, the database the truth. Events apply in order; what is written goes
// sending → saved, or waits here as "not sent yet" and is tried again with the same uuid until the server has it.
import { Line } from "../live/line.js";
import { reload } from "../live/reload.js";
import { Composer } from "../conversation/composer.js";
import { Log } from "../conversation/log.js";
import { Order } from "../conversation/order.js";
import { Store } from "../conversation/store.js";
import { postMessage, putRead, readAfter } from "../conversation/wire.js";

const GAP = 300;
const ACK = 8000;
const ASK = 4000;
const ASK_HIDDEN = 30000;

export function start(element) {
  const conversation = new Conversation(element);
  conversation.begin();
}

class Conversation {
  constructor(element) {
    this.data = element.dataset;
    this.id = element.dataset.conversation;
    this.log = new Log(element);
    this.order = new Order(Number(element.dataset.last));
    this.offline = element.parentElement.querySelector("[data-line]");
    this.sending = new Map();
    this.read = this.order.last;
  }

  async begin() {
    this.log.toNew();
    if (this.data.open === undefined) return;
    this.store = new Store(this.data.me);
    const form = document.querySelector("[data-composer]");
    const say = (text) => this.write(text);
    this.composer = form && new Composer(form, { conversation: this.id, store: this.store, say });
    for (const item of await this.store.unsent(this.id)) this.deliver(item);
    this.line = new Line(this.data.socket, {
      heard: (message) => this.heard(message),
      changed: (state) => this.changed(state),
    });
    this.poll();
    addEventListener("focus", () => this.saw());
    document.addEventListener("visibilitychange", () => this.saw());
  }

  // --- what comes

  heard(message) {
    if (message.hello) this.greeted(message.hello);
    else if (message.events) this.take(message.events);
    else if (message.ack) this.acknowledged(message.ack, message.seq, message.event);
    else if (message.refused) this.refused(message.refused, message.detail);
    else if (message.unsaved) this.again(message.unsaved, message.wait);
    else if (message.resync) this.catchUp();
    else if (message.hint) document.dispatchEvent(new CustomEvent("live:hint", { detail: message.hint }));
  }

  greeted({ epoch, head }) {
    if (this.otherHistory(epoch, head)) return;
    if (head > this.order.last) this.line.send({ after: this.order.last });
    for (const { item } of this.sending.values()) this.deliver(item);
  }

  // After a restore the numbers mean something else: start from the page again. What was typed is kept.
  otherHistory(epoch, head) {
    if (epoch === this.data.epoch && head >= this.order.last) return false;
    reload();
    return true;
  }

  take(events) {
    const follow = this.log.atEnd();
    for (const event of this.order.take(events)) {
      if (event.by === this.log.me) this.saved(event.uuid);
      this.log.show(event);
    }
    if (follow) this.log.toEnd();
    this.saw();
    clearTimeout(this.gapTimer);
    if (this.order.gap) this.gapTimer = setTimeout(() => this.catchUp(), GAP);
  }

  async catchUp() {
    if (this.asking) return;
    this.asking = true;
    try {
      let page;
      do {
        page = await readAfter(this.data.eventsUrl, this.order.last);
        if (this.otherHistory(page.epoch, page.head)) return;
        this.take(page.events);
      } while (page.events.length && this.order.last < page.head);
      this.reached(true);
    } catch (error) {
      this.reached(false);
    } finally {
      this.asking = false;
    }
  }

  poll() {
    const wait = document.visibilityState === "visible" ? ASK : ASK_HIDDEN;
    setTimeout(async () => {
      if (!this.line.open) {
        await this.catchUp();
        if (this.answers) for (const { item, state } of this.sending.values()) if (state === "failed") this.deliver(item);
      }
      this.poll();
    }, wait);
  }

  changed(state) {
    document.dispatchEvent(new CustomEvent("live:state", { detail: state }));
    if (state === "open") this.reached(true);
  }

  reached(answers) {
    this.answers = answers;
    this.offline.hidden = answers;
  }

  // --- what goes

  write(text) {
    const item = { uuid: newUuid(), conversation: this.id, text };
    this.store.keep(item);
    this.log.dropNew();
    this.deliver(item);
    this.log.toEnd();
  }

  deliver(item) {
    this.track(item, "sending");
    if (this.line && this.line.send({ post: { uuid: item.uuid, text: item.text } }))
      this.sending.get(item.uuid).timer = setTimeout(() => this.deliverByHttp(item), ACK);
    else this.deliverByHttp(item);
  }

  async deliverByHttp(item) {
    if (!this.sending.has(item.uuid)) return;
    try {
      const answer = await postMessage(this.data.eventsUrl, item);
      if (answer.event) this.acknowledged(item.uuid, answer.event.seq, answer.event);
      else if (answer.wait) this.again(item.uuid, answer.wait);
      else this.refused(item.uuid, answer.refused.detail);
    } catch (error) {
      this.failed(item);
    }
  }

  track(item, state, why) {
    const before = this.sending.get(item.uuid);
    if (before) clearTimeout(before.timer);
    this.sending.set(item.uuid, { item, state });
    const bubble = this.log.showPending(item, state, why);
    if (state !== "failed") return;
    bubble.querySelector("[data-again]").addEventListener("click", () => this.deliver(item));
    bubble.querySelector("[data-edit]").addEventListener("click", () => {
      this.saved(item.uuid);
      if (this.composer) this.composer.giveBack(item.text);
    });
  }

  acknowledged(uuid, seq, event) {
    this.saved(uuid);
    if (event) this.take([event]);
    else if (seq > this.order.last) {
      clearTimeout(this.gapTimer);
      this.gapTimer = setTimeout(() => this.catchUp(), GAP);
    }
  }

  saved(uuid) {
    const before = this.sending.get(uuid);
    if (before) clearTimeout(before.timer);
    this.sending.delete(uuid);
    this.log.dropPending(uuid);
    this.store.drop(uuid);
  }

  again(uuid, seconds) {
    const known = this.sending.get(uuid);
    if (!known) return;
    clearTimeout(known.timer);
    known.timer = setTimeout(() => this.deliver(known.item), seconds * 1000);
  }

  failed(item) {
    this.track(item, "failed");
    this.reached(navigator.onLine && this.line && this.line.open);
  }

  refused(uuid, why) {
    const known = this.sending.get(uuid);
    if (!known) return;
    this.track(known.item, "failed", why);
    this.sending.get(uuid).state = "refused";
  }

  // --- reading

  saw() {
    if (!this.log.looking() || this.order.last <= this.read) return;
    this.read = this.order.last;
    if (!this.line || !this.line.send({ read: this.read })) {
      clearTimeout(this.readTimer);
      this.readTimer = setTimeout(() => putRead(this.data.readUrl, this.read), 2000);
    }
  }
}

function newUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
