// Which points lie inside a drawn outline, and how that changes what was selected.

const REGION_BANDS = 256; // an outline is cut into so many horizontal bands

// The points inside a polygon [[x, y], …] (even-odd rule) whose code is drawn in a palette, as flags.
function pointsInside(points, polygon, codes, palette) {
  const inside = new Uint8Array(points.length / 2);
  const region = new Region(polygon);
  const { left, right, bottom, top } = region.box;
  for (let row = 0; row < inside.length; row++) {
    const x = points[2 * row];
    const y = points[2 * row + 1];
    if (!(x >= left && x <= right && y >= bottom && y <= top) || !palette[4 * codes[row] + 3]) continue;
    if (region.holds(x, y)) inside[row] = 1;
  }
  return inside;
}

// A polygon that answers quickly: a point meets only the edges at its height.
class Region {
  constructor(polygon) {
    this.box = boundsOf(polygon.flat());
    this.bands = Array.from({ length: REGION_BANDS }, () => []);
    this.perUnit = REGION_BANDS / (this.box.top - this.box.bottom || 1);
    polygon.forEach(([x, y], place) => this.addEdge(x, y, ...polygon[(place || polygon.length) - 1]));
  }

  addEdge(ax, ay, bx, by) {
    if (ay === by) return; // crosses no horizontal line
    const edge = { low: Math.min(ay, by), high: Math.max(ay, by), slope: (bx - ax) / (by - ay), x: ax, y: ay };
    for (let band = this.band(edge.low); band <= this.band(edge.high); band++) this.bands[band].push(edge);
  }

  band(y) {
    return Math.min(REGION_BANDS - 1, Math.floor((y - this.box.bottom) * this.perUnit));
  }

  // Whether a point of its box lies inside.
  holds(x, y) {
    let inside = false;
    for (const edge of this.bands[this.band(y)]) {
      if (y >= edge.low && y < edge.high && x < edge.x + (y - edge.y) * edge.slope) inside = !inside;
    }
    return inside;
  }
}

function rectangle([ax, ay], [bx, by]) {
  return [[ax, ay], [bx, ay], [bx, by], [ax, by]];
}

// The selection after an outline was drawn: "replace" it, "add" to it or "subtract" from it.
function combine(selected, inside, mode) {
  const result = new Uint8Array(inside.length);
  for (let i = 0; i < result.length; i++) {
    if (mode === "add") result[i] = selected[i] | inside[i];
    else if (mode === "subtract") result[i] = selected[i] & (1 - inside[i]);
    else result[i] = inside[i];
  }
  return result;
}

// How many of the flags are set.
function countSet(flags) {
  let count = 0;
  for (let i = 0; i < flags.length; i++) count += flags[i];
  return count;
}
