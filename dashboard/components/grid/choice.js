// Which images are selected, by row of the table, and which one has the focus, by position in the grid.

class Choice {
  // `count` rows of the table.
  constructor(count) {
    this.flags = new Uint8Array(count); // 1 where a row is selected
    this.size = 0;
    this.focus = 0;
    this.anchor = 0; // where a shift-click range begins
  }

  has(row) {
    return this.flags[row] === 1;
  }

  // The rows selected, ascending.
  rows() {
    return placesOf(this.flags);
  }

  // Select what these flags say, one for each row of the table.
  take(flags) {
    this.flags = flags;
    this.size = flags.reduce((size, flag) => size + flag, 0);
  }

  // Images may have left the grid or changed their place; what is gone is no longer selected.
  settle(order, placeOf, focusedRow) {
    if (this.size) this.take(this.flags.map((flag, row) => (placeOf[row] < 0 ? 0 : flag)));
    const place = placeOf[focusedRow] ?? -1;
    this.focus = Math.max(0, Math.min(order.length - 1, place >= 0 ? place : this.focus));
    this.anchor = Math.max(0, Math.min(order.length - 1, this.anchor));
  }

  click(order, position, { range, toggle }) {
    const row = order[position];
    if (range) this.range(order, this.anchor, position, toggle);
    else if (toggle) this.flip(row);
    else if (this.size === 1 && this.has(row)) this.none();
    else this.only([row]);
    if (!range) this.anchor = position;
    this.focus = position;
  }

  range(order, from, to, keep) {
    const between = order.subarray(Math.min(from, to), Math.max(from, to) + 1);
    this.only(between, keep ? this.flags : undefined);
  }

  // Select these rows, beside those of `flags` where given.
  only(rows, flags = new Uint8Array(this.flags.length)) {
    const chosen = flags.slice();
    for (const row of rows) chosen[row] = 1;
    this.take(chosen);
  }

  flip(row) {
    this.size += this.flags[row] ? -1 : 1;
    this.flags[row] ^= 1;
  }

  all(order) {
    this.only(order);
  }

  invert(order) {
    const { flags } = this;
    this.only(order.filter((row) => !flags[row]));
  }

  none() {
    this.take(new Uint8Array(this.flags.length));
  }
}
