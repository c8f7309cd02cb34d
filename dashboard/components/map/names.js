// The names of the colours, each written where most of its points lie.

const NAME_CELLS = 32; // cells along each side at most, in which points are counted
const NAME_SAMPLE = 20_000; // points in sight that are looked at
const NAME_FEWEST = 3; // of them that a name needs
const NAME_LETTER = 7.4; // pixels, about, of a letter; and of a line
const NAME_LINE = 18;

class Names {
  constructor(surface) {
    this.group = svgNode("g", { class: "names", "aria-hidden": "true" });
    surface.append(this.group);
    this.anchors = [];
  }

  // Find the places anew from some rows in sight; `bounds` = what is in sight. No entries: no names.
  settle(entries, places, codes, bounds, rows) {
    const across = Math.max(3, Math.min(NAME_CELLS, Math.round(Math.sqrt(rows.length) / 2)));
    const counts = entries.map(() => new Uint32Array(across * across));
    const step = (value, low, high) => Math.min(across - 1, Math.max(0, Math.floor(((value - low) / (high - low || 1)) * across)));
    const cellOf = (row) => step(places[2 * row + 1], bounds.bottom, bounds.top) * across + step(places[2 * row], bounds.left, bounds.right);
    const inside = (row) => places[2 * row] >= bounds.left && places[2 * row] <= bounds.right && places[2 * row + 1] >= bounds.bottom && places[2 * row + 1] <= bounds.top;
    const named = rows.filter((row) => codes[row] < entries.length && inside(row));
    for (const row of named) counts[codes[row]][cellOf(row)]++;
    const peaks = counts.map((one) => densest(one, across));
    const sums = entries.map(() => [0, 0, 0]); // x, y, points around the peak
    for (const row of named) {
      const sum = sums[codes[row]];
      if (besides(cellOf(row), peaks[codes[row]], across)) [sum[0], sum[1], sum[2]] = [sum[0] + places[2 * row], sum[1] + places[2 * row + 1], sum[2] + 1];
    }
    const anchors = entries.map((entry, code) => ({ name: entry.name, x: sums[code][0] / sums[code][2], y: sums[code][1] / sums[code][2], points: sums[code][2] }));
    this.anchors = anchors.filter((one) => one.points >= NAME_FEWEST).sort((one, other) => other.points - one.points);
  }

  // The names that fit beside each other, [{name, x, y}] in pixels; those of more points come first.
  placed(camera) {
    const taken = [];
    for (const { name, x, y } of this.anchors) {
      const wide = (name.length * NAME_LETTER) / 2;
      const [middle, top] = camera.toPixel(x, y);
      const inSight = middle >= 0 && middle <= camera.width;
      const left = inSight ? Math.max(wide + 4, Math.min(camera.width - wide - 4, middle)) : middle; // whole words at the edges
      const clear = taken.every((one) => Math.abs(one.x - left) > wide + one.wide || Math.abs(one.y - top) > NAME_LINE);
      if (clear) taken.push({ name, x: left, y: top, wide });
    }
    return taken;
  }

  draw(camera) {
    const texts = this.placed(camera).map(({ name, x, y }) => {
      const text = svgNode("text", { x: x.toFixed(1), y: y.toFixed(1) });
      text.textContent = name;
      return text;
    });
    this.group.replaceChildren(...texts);
  }
}

// The cell around which most points lie, itself and its eight neighbours counted.
function densest(counts, across) {
  let [best, most] = [-1, 0];
  for (let cell = 0; cell < counts.length; cell++) {
    if (!counts[cell]) continue;
    const around = counts.reduce((sum, count, other) => (count && besides(other, cell, across) ? sum + count : sum), 0);
    if (around > most) [best, most] = [cell, around];
  }
  return best;
}

function besides(cell, other, across) {
  const [line, otherLine] = [Math.floor(cell / across), Math.floor(other / across)];
  return other >= 0 && Math.abs(line - otherLine) <= 1 && Math.abs((cell % across) - (other % across)) <= 1;
}
