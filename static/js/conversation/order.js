// Events in their order: only `last + 1` is let through, what comes early waits, what comes twice is dropped.
export class Order {
  constructor(last) {
    this.last = last;
    this.early = new Map();
  }

  take(events) {
    for (const event of events) if (event.seq > this.last) this.early.set(event.seq, event);
    const ready = [];
    while (this.early.has(this.last + 1)) {
      this.last += 1;
      ready.push(this.early.get(this.last));
      this.early.delete(this.last);
    }
    return ready;
  }

  get gap() {
    return this.early.size > 0;
  }
}
