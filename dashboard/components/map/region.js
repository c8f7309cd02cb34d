// Which points lie inside a drawn outline, and how that changes what was selected.

const REGION_BANDS = 256; // an outline is cut into so many horizontal bands

// The points inside a polygon [[x, y], …] (even-odd rule) that `wanted` accepts, as flags.
function pointsInside(points, polygon, wanted) {
  const inside = new Uint8Array(points.length / 2);
  const region = new Region(polygon);
  for (let i = 0; i < inside.length; i++) {
    if (region.holds(points[2 * i], points[2 * i + 1]) && wanted(i)) inside[i] = 1;
  }
  return inside;
}

// A polygon that answers quickly: most points fall to its rectangle, the others meet only the edges at their height.
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

  holds(x, y) {
    const { left, right, bottom, top } = this.box;
    if (!(x >= left && x <= right && y >= bottom && y <= top)) return false;
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
