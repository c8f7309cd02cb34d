// Keeps every event until Python has acknowledged it; components/events.py describes the protocol.

const QUEUE_PATIENCE = 1500; // milliseconds that new events wait for the answer to those under way: a run overtaken too soon never answers

class EventQueue {
  // `shelf` names a place in sessionStorage, so that a refresh with open events sends them again.
  constructor(shelf) {
    this.shelf = `handful/${shelf}`;
    const kept = JSON.parse(sessionStorage.getItem(this.shelf) ?? "null");
    this.client = kept?.client ?? Math.random().toString(36).slice(2, 12);
    this.next = kept?.next ?? 1;
    this.open = kept?.open ?? []; // events that Python has not acknowledged, oldest first
    this.sent = 0; // the highest number sent by this page
    this.problem = ""; // what Python said of the last event that failed
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
    this.open.push({ ...event, number });
    if (underWay) this.timer ??= setTimeout(() => this.flush(), QUEUE_PATIENCE);
    else this.flush();
    this.keep();
    return number;
  }

  // Python's answer: forget what it has handled, send what it has not seen.
  acknowledge({ client, number, problem }) {
    const known = client === this.client;
    if (known) {
      this.open = this.open.filter((event) => event.number > number);
      this.problem = problem;
    } else {
      this.sent = 0; // another session of Python's, which knows nothing of us
    }
    this.keep();
    if (this.waiting()) this.flush();
  }

  // Whether there are events that this page has not sent yet.
  waiting() {
    return this.open.some((event) => event.number > this.sent);
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sent = this.next - 1;
    this.send({ client: this.client, events: this.open });
  }

  keep() {
    sessionStorage.setItem(this.shelf, JSON.stringify({ client: this.client, next: this.next, open: this.open }));
  }

  // Send what is left and stop listening; called when the component leaves the page.
  close() {
    this.flushSoon();
    removeEventListener("pointerdown", this.flushSoon, true);
    removeEventListener("pagehide", this.flushSoon);
  }
}
