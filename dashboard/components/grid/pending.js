// What the events that Python has not answered yet say of the images: painted at once, gone again if one is refused.

class Pending {
  constructor(queue) {
    this.queue = queue;
    this.known = new WeakMap(); // event → Set or flags of the rows it is about
  }

  // The newest open event that gives this row a label or takes it away, or undefined.
  of(row) {
    return this.queue.open.findLast((event) => (event.kind === "label" || event.kind === "clear") && this.covers(event, row));
  }

  covers(event, row) {
    if (!this.known.has(event)) this.known.set(event, this.rows(event));
    const rows = this.known.get(event);
    return rows instanceof Set ? rows.has(row) : rows[row] === 1;
  }

  rows(event) {
    return event.rows === undefined ? unpackMask(event.mask ?? "", event.count) : new Set(unpack(event.rows, Int32Array));
  }
}
