// Which images are selected, by row of the table, and which one has the focus, by position in the grid.

class Choice {
  constructor() {
    this.rows = new Set();
    this.focus = 0;
    this.anchor = 0; // where a shift-click range begins
  }

  // Images may have left the grid or changed their place; what is gone is no longer selected.
  settle(order, focusedRow) {
    const shown = new Set(order);
    this.rows = new Set([...this.rows].filter((row) => shown.has(row)));
    const place = order.indexOf(focusedRow);
    this.focus = Math.max(0, Math.min(order.length - 1, place >= 0 ? place : this.focus));
    this.anchor = Math.max(0, Math.min(order.length - 1, this.anchor));
  }

  click(order, position, { range, toggle }) {
    if (range) this.range(order, this.anchor, position, toggle);
    else if (toggle) this.flip(order[position]);
    else this.rows = new Set(this.rows.size === 1 && this.rows.has(order[position]) ? [] : [order[position]]);
    if (!range) this.anchor = position;
    this.focus = position;
  }

  range(order, from, to, keep) {
    const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.rows = new Set(keep ? [...this.rows, ...between] : between);
  }

  flip(row) {
    if (!this.rows.delete(row)) this.rows.add(row);
  }

  all(order) {
    this.rows = new Set(order);
  }

  invert(order) {
    this.rows = new Set(order.filter((row) => !this.rows.has(row)));
  }

  none() {
    this.rows = new Set();
  }
}
