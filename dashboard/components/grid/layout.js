// Where thumbnails lie, and which are in sight.

const GRID_GAP = 8; // pixels between thumbnails
const GRID_CAPTION = 20; // height of the line under one
const GRID_AHEAD = 1; // screenfuls made beyond what is in sight

class Layout {
  // `captions`: whether there is a line under each thumbnail.
  constructor(width, size, count, captions) {
    const inner = Math.max(1, width - GRID_GAP); // half a gap on each side
    this.columns = Math.max(1, Math.floor(inner / (size + GRID_GAP)));
    this.count = count;
    this.tile = inner / this.columns - GRID_GAP;
    this.step = this.tile + GRID_GAP + (captions ? GRID_CAPTION : 0);
    this.height = Math.ceil(count / this.columns) * this.step + GRID_GAP;
  }

  at(position) {
    const left = GRID_GAP + (position % this.columns) * (this.tile + GRID_GAP);
    return [left, GRID_GAP + Math.floor(position / this.columns) * this.step];
  }

  // First and last (exclusive) position to have in the page for a scroll place.
  inSight(top, height) {
    const first = Math.floor((top - GRID_AHEAD * height) / this.step) * this.columns;
    const last = Math.ceil((top + (1 + GRID_AHEAD) * height) / this.step) * this.columns;
    return [Math.max(0, first), Math.min(this.count, last)];
  }

  // The scroll place that shows a position, changed as little as possible.
  reveal(position, top, height) {
    const [, y] = this.at(position);
    if (y - GRID_GAP < top) return y - GRID_GAP;
    return y + this.step > top + height ? y + this.step - height : top;
  }

  // The positions whose pictures a box touches, in order; the box in pixels of the content.
  within({ left, top, right, bottom }) {
    const across = this.tile + GRID_GAP;
    const columns = [Math.ceil((left - GRID_GAP - this.tile) / across), Math.floor((right - GRID_GAP) / across)];
    const lines = [Math.ceil((top - GRID_GAP - this.tile) / this.step), Math.floor((bottom - GRID_GAP) / this.step)];
    const [from, to] = [Math.max(0, columns[0]), Math.min(this.columns - 1, columns[1])];
    const found = [];
    for (let line = Math.max(0, lines[0]); line <= lines[1] && line * this.columns < this.count; line++)
      for (let column = from; column <= to && line * this.columns + column < this.count; column++) found.push(line * this.columns + column);
    return found;
  }
}
