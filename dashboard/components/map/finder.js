// Which point is nearest to a place: points sorted into the cells of a square grid, about two in a cell.

class Finder {
  // `points` = x, y, x, y …; points that are not on the map are NaN.
  constructor(points, bounds) {
    this.points = points;
    this.bounds = bounds;
    const count = points.length / 2;
    this.across = Math.max(1, Math.min(1024, Math.ceil(Math.sqrt(count / 2))));
    this.cellWidth = (bounds.right - bounds.left) / this.across || 1;
    this.cellHeight = (bounds.top - bounds.bottom) / this.across || 1;
    this.fill(count);
  }

  // A counting sort: `order[start[cell] … start[cell + 1])` are the points of a cell.
  fill(count) {
    this.start = new Uint32Array(this.across * this.across + 1);
    this.order = new Uint32Array(count);
    const cells = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      cells[i] = Number.isNaN(this.points[2 * i]) ? -1 : this.cell(this.points[2 * i], this.points[2 * i + 1]);
      if (cells[i] >= 0) this.start[cells[i] + 1]++;
    }
    for (let cell = 0; cell < this.start.length - 1; cell++) this.start[cell + 1] += this.start[cell];
    const next = this.start.slice();
    for (let i = 0; i < count; i++) if (cells[i] >= 0) this.order[next[cells[i]]++] = i;
  }

  column(x) {
    return Math.min(this.across - 1, Math.max(0, Math.floor((x - this.bounds.left) / this.cellWidth)));
  }

  line(y) {
    return Math.min(this.across - 1, Math.max(0, Math.floor((y - this.bounds.bottom) / this.cellHeight)));
  }

  cell(x, y) {
    return this.line(y) * this.across + this.column(x);
  }

  // The nearest point within `radius` (data units) that `wanted` accepts, or -1.
  nearest(x, y, radius, wanted) {
    let [best, closest] = [-1, radius * radius];
    for (let line = this.line(y - radius); line <= this.line(y + radius); line++) {
      for (let column = this.column(x - radius); column <= this.column(x + radius); column++) {
        const cell = line * this.across + column;
        for (let k = this.start[cell]; k < this.start[cell + 1]; k++) {
          const i = this.order[k];
          const distance = (this.points[2 * i] - x) ** 2 + (this.points[2 * i + 1] - y) ** 2;
          if (distance < closest && wanted(i)) [best, closest] = [i, distance];
        }
      }
    }
    return best;
  }
}

// The smallest upright rectangle around all points; a unit square where there is none.
function boundsOf(points) {
  const bounds = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
  for (let i = 0; i < points.length; i += 2) {
    if (Number.isNaN(points[i])) continue;
    if (points[i] < bounds.left) bounds.left = points[i];
    if (points[i] > bounds.right) bounds.right = points[i];
    if (points[i + 1] < bounds.bottom) bounds.bottom = points[i + 1];
    if (points[i + 1] > bounds.top) bounds.top = points[i + 1];
  }
  return bounds.left <= bounds.right ? bounds : { left: 0, right: 1, bottom: 0, top: 1 };
}
