// Keeps every event until Python has acknowledged it; components/events.py describes the protocol.

const QUEUE_PATIENCE = 1500; // milliseconds that new events wait for the answer to those under way: a run overtaken too soon never answers
const QUEUE_RETRY = 5000; // milliseconds without an answer until all is sent again (a server that came back does not ask),
const QUEUE_LONGEST = 20000; // then twice as long each time, up to this

class EventQueue {
  // `shelf` names a place in sessionStorage, so that a refresh with open events sends them again.
  constructor(shelf) {
    this.shelf = `handful/${shelf}`;
    this.client = Math.random().toString(36).slice(2, 12);
    const kept = JSON.parse(sessionStorage.getItem(this.shelf) ?? "[]");
    this.open = kept.map((event, place) => ({ ...event, number: place + 1 })); // not acknowledged by Python, oldest first
    this.next = this.open.length + 1;
    this.sent = 0; // the highest number sent by this page
    this.attempt = 0; // makes every message another: one sent again to a restarted server must not look unchanged
    this.retry = QUEUE_RETRY;
    this.refused = []; // [[event, why], …] of those that the last answer closed
    this.problem = ""; // why the last of them failed; "" once later ones have succeeded
    this.flushSoon = () => this.waiting() && this.flush();
    addEventListener("pointerdown", this.flushSoon, true); // a click elsewhere may leave the screen
    addEventListener("pagehide", this.flushSoon);
  }

  // `send` is (value) => setStateValue("events", value), fresh at every render.
  connect(send) {
    this.send = send;
  }

  // Queue an event and return its number. An event that replaces an earlier one of its kind (`latest`) drops that one.
  add(event, { latest = false } = {}) {
    if (latest) this.open = this.open.filter((other) => other.kind !== event.kind || other.number <= this.sent);
    const number = this.next++;
    const underWay = this.open.some((other) => other.number <= this.sent);
    this.open.push({ ...event, number, stamp: `${this.client}:${number}` });
    if (underWay) this.timer ??= setTimeout(() => this.flush(), QUEUE_PATIENCE);
    else this.flush();
    this.keep();
    return number;
  }

  // Python's answer: forget what it has handled, send what it has not seen.
  acknowledge({ client, number, problems }) {
    const known = client === this.client;
    this.refused = [];
    if (known) {
      const closed = this.open.filter((event) => event.number <= number);
      if (closed.length) this.settle(closed, new Map(problems));
      this.open = this.open.filter((event) => event.number > number);
      if (!this.open.length) clearTimeout(this.again);
    } else {
      this.sent = 0; // another session of Python's, which knows nothing of us
    }
    this.keep();
    if (this.waiting()) this.flush();
  }

  settle(closed, problems) {
    this.retry = QUEUE_RETRY;
    this.refused = closed.filter((event) => problems.has(event.number)).map((event) => [event, problems.get(event.number)]);
    this.problem = this.refused.at(-1)?.[1] ?? "";
  }

  // Whether there are events that this page has not sent yet.
  waiting() {
    return this.open.some((event) => event.number > this.sent);
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sent = this.next - 1;
    this.send({ client: this.client, attempt: ++this.attempt, events: this.open });
    clearTimeout(this.again);
    this.again = setTimeout(() => this.flush(), this.retry);
    this.retry = Math.min(2 * this.retry, QUEUE_LONGEST);
  }

  keep() {
    sessionStorage.setItem(this.shelf, JSON.stringify(this.open));
  }

  // Send what is left and stop listening; called when the component leaves the page.
  close() {
    this.flushSoon();
    clearTimeout(this.again);
    removeEventListener("pointerdown", this.flushSoon, true);
    removeEventListener("pagehide", this.flushSoon);
  }
}
