// The messages on the page: makes bubbles from the page's own templates, days, the line "New", scrolling, what is heard.
const NEAR = 160;

export class Log {
  constructor(element) {
    this.element = element;
    this.words = element.dataset;
    this.root = element.parentElement;
    this.pending = element.querySelector("[data-pending]");
    this.voice = this.root.querySelector("[data-heard]");
    this.me = Number(element.dataset.me);
    this.other = Number(element.dataset.other);
    const zone = { timeZone: element.dataset.zone };
    const lang = document.documentElement.lang;
    this.time = new Intl.DateTimeFormat(lang, { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.dayName = new Intl.DateTimeFormat(lang, { ...zone, weekday: "long", day: "numeric", month: "long" });
    this.dayKey = new Intl.DateTimeFormat("en-CA", { ...zone, year: "numeric", month: "2-digit", day: "2-digit" });
  }

  make(name) {
    return this.root.querySelector(`template[data-template="${name}"]`).content.firstElementChild.cloneNode(true);
  }

  show(event) {
    const mine = event.by === this.me;
    const bubble = this.make(mine ? "mine" : "message");
    bubble.id = `m${event.seq}`;
    bubble.querySelector(".bubble").innerHTML = event.html; // made safe by the server
    const time = bubble.querySelector("time");
    time.dateTime = event.at;
    time.textContent = this.time.format(new Date(event.at));
    if (!mine) {
      bubble.querySelector(".sr").textContent = this.words.wordWrote.replace("{name}", event.name);
      if (event.by !== this.other) bubble.querySelector(".who").textContent = event.name;
    }
    const list = this.listFor(new Date(event.at));
    if (!mine && !this.looking() && !this.element.querySelector(".divider.new")) list.append(this.make("new"));
    list.append(bubble);
    if (!mine) this.say(`${this.words.wordWrote.replace("{name}", event.name)} ${event.text}`);
  }

  listFor(at) {
    const key = this.dayKey.format(at);
    const days = this.element.querySelectorAll(".talk-day");
    const last = days[days.length - 1];
    if (last && last.dataset.day >= key) return last.querySelector("ol");
    const nothing = this.element.querySelector("[data-nothing]");
    if (nothing) nothing.remove();
    const day = this.make("day");
    day.dataset.day = key;
    day.querySelector(".divider span").textContent = this.dayWords(key, at);
    if (last) last.after(day);
    else this.element.insertBefore(day, this.element.querySelector(".held, [data-pending]"));
    return day.querySelector("ol");
  }

  dayWords(key, at) {
    if (key === this.dayKey.format(new Date())) return this.words.wordToday;
    if (key === this.dayKey.format(new Date(Date.now() - 86400000))) return this.words.wordYesterday;
    return this.dayName.format(at);
  }

  // What is being sent, or could not be: stands below everything until the server has it.
  showPending(item, state, why) {
    const bubble = this.make(state);
    bubble.dataset.uuid = item.uuid;
    const words = document.createElement("p");
    words.textContent = item.text;
    words.className = "as-typed";
    bubble.querySelector(".bubble").append(words);
    if (why) bubble.querySelector("[data-why]").textContent = why;
    const before = this.pendingOf(item.uuid);
    if (before) before.replaceWith(bubble);
    else this.pending.append(bubble);
    return bubble;
  }

  pendingOf(uuid) {
    return this.pending.querySelector(`[data-uuid="${CSS.escape(uuid)}"]`);
  }

  dropPending(uuid) {
    const bubble = this.pendingOf(uuid);
    if (bubble) bubble.remove();
  }

  dropNew() {
    const line = this.element.querySelector(".divider.new");
    if (line) line.remove();
  }

  looking() {
    return document.visibilityState === "visible" && document.hasFocus();
  }

  // Once a message: the log itself is silent, this line speaks.
  say(text) {
    const line = document.createElement("span");
    line.textContent = text;
    this.voice.append(line);
    setTimeout(() => line.remove(), 10000);
  }

  get scroller() {
    return getComputedStyle(this.element).overflowY === "auto" ? this.element : document.scrollingElement;
  }

  atEnd() {
    const box = this.scroller;
    return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  }

  toEnd() {
    const box = this.scroller;
    box.scrollTop = box.scrollHeight;
  }

  toNew() {
    const line = this.element.querySelector(".divider.new");
    this.toEnd();
    if (line) line.scrollIntoView({ block: "center" });
  }
}
