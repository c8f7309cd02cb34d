// The order in which the points are drawn: layer upon layer, in each tile after tile, within a tile at random. So what is
// in sight of a layer lies in a few spans of one array, and the first part of a tile is a fair sample of it.
//
// The points of a tile also lie side by side in memory, each in a slot of its own: with a million of them a walk along
// the slots is ten times as fast as one along the rows of the table.

const TILES = 32; // along each side of the map
const [WITHOUT_CODE, WITH_CODE, CHOSEN_LAYER, MARKED_LAYER, LAYERS] = [0, 1, 2, 3, 4]; // bottom to top; from LAYERS on not drawn

class Crowd {
  constructor(places, bounds) {
    this.bounds = bounds;
    this.perTile = [TILES / (bounds.right - bounds.left || 1), TILES / (bounds.top - bounds.bottom || 1)];
    this.first = new Uint32Array(TILES * TILES + 1); // slot of each tile
    this.rows = this.fill(places); // of each slot
    this.count = this.rows.length;
    for (let tile = 0; tile < TILES * TILES; tile++) shuffle(this.rows, this.first[tile], this.first[tile + 1]);
    this.places = new Float32Array(2 * this.count); // of each slot, as its code and flags
    for (let slot = 0; slot < this.count; slot++) {
      this.places[2 * slot] = places[2 * this.rows[slot]];
      this.places[2 * slot + 1] = places[2 * this.rows[slot] + 1];
    }
    [this.codes, this.flags] = [new Uint8Array(this.count), new Uint8Array(this.count)];
    this.order = new Uint32Array(this.count); // slots
    this.start = new Uint32Array(LAYERS * TILES * TILES + 1); // of each tile of each layer in the order
  }

  // The rows that are on the map, tile after tile: a counting sort.
  fill(places) {
    const tiles = new Int16Array(places.length / 2);
    for (let row = 0; row < tiles.length; row++) {
      const x = places[2 * row];
      tiles[row] = Number.isNaN(x) ? -1 : this.line(places[2 * row + 1]) * TILES + this.column(x);
      if (tiles[row] >= 0) this.first[tiles[row] + 1]++;
    }
    for (let tile = 0; tile < TILES * TILES; tile++) this.first[tile + 1] += this.first[tile];
    const rows = new Uint32Array(this.first[TILES * TILES]);
    const next = this.first.slice();
    for (let row = 0; row < tiles.length; row++) if (tiles[row] >= 0) rows[next[tiles[row]]++] = row;
    return rows;
  }

  column(x) {
    return Math.min(TILES - 1, Math.max(0, Math.floor((x - this.bounds.left) * this.perTile[0])));
  }

  line(y) {
    return Math.min(TILES - 1, Math.max(0, Math.floor((y - this.bounds.bottom) * this.perTile[1])));
  }

  // Order the points anew for codes and flags of each row.
  arrange(codes, flags, palette) {
    const { rows, first, order, start } = this;
    const layerOf = layersByLook(palette);
    start.fill(0);
    for (let tile = 0; tile < TILES * TILES; tile++) {
      for (let slot = first[tile]; slot < first[tile + 1]; slot++) {
        const row = rows[slot];
        this.codes[slot] = codes[row];
        this.flags[slot] = flags[row];
        const layer = layerOf[(flags[row] << 8) | codes[row]];
        if (layer < LAYERS) start[layer * TILES * TILES + tile + 1]++;
      }
    }
    for (let k = 1; k < start.length; k++) start[k] += start[k - 1];
    const next = start.slice();
    for (let tile = 0; tile < TILES * TILES; tile++) {
      for (let slot = first[tile]; slot < first[tile + 1]; slot++) {
        const layer = layerOf[(this.flags[slot] << 8) | this.codes[slot]];
        if (layer < LAYERS) order[next[layer * TILES * TILES + tile]++] = slot;
      }
    }
    this.drawn = start[start.length - 1];
  }

  // The tiles that a camera sees, with `margin` pixels around.
  sight(camera, margin = 0) {
    const [left, top] = camera.toData(-margin, -margin);
    const [right, bottom] = camera.toData(camera.width + margin, camera.height + margin);
    return { left: this.column(left), right: this.column(right), bottom: this.line(bottom), top: this.line(top) };
  }

  // How many points of a layer lie in the tiles in sight.
  amount(sight, layer) {
    return this.spans(sight, layer, layer).reduce((sum, [from, to]) => sum + to - from, 0);
  }

  // Where in the order the points of some layers lie that are in sight, [[from, to], …]; `share` takes so much of each tile.
  spans(sight, first = 0, last = LAYERS - 1, share = 1) {
    const spans = [];
    for (let layer = first; layer <= last; layer++) {
      for (let line = sight.bottom; line <= sight.top; line++) {
        const at = (layer * TILES + line) * TILES;
        if (share >= 1) addSpan(spans, this.start[at + sight.left], this.start[at + sight.right + 1]);
        else for (let tile = at + sight.left; tile <= at + sight.right; tile++) addSpan(spans, this.start[tile], this.start[tile] + Math.ceil(share * (this.start[tile + 1] - this.start[tile])));
      }
    }
    return spans;
  }

  // About `most` rows of what is in sight, a fair sample of it; of some layers only.
  sample(sight, most, first = 0, last = LAYERS - 1) {
    let amount = 0;
    for (let layer = first; layer <= last; layer++) amount += this.amount(sight, layer);
    const rows = [];
    for (const [from, to] of this.spans(sight, first, last, most / Math.max(1, amount))) for (let k = from; k < to; k++) rows.push(this.rows[this.order[k]]);
    return rows;
  }
}

// Spans that touch become one.
function addSpan(spans, from, to) {
  const last = spans.at(-1);
  if (last && last[1] === from) last[1] = to;
  else if (to > from) spans.push([from, to]);
}

// The layer of each pair of flags and code.
function layersByLook(palette) {
  const layers = new Uint8Array(4 * 256);
  for (let look = 0; look < layers.length; look++) {
    const [flags, code] = [look >> 8, look & 255];
    if (!palette[code * 4 + 3]) layers[look] = LAYERS;
    else if (flags) layers[look] = flags & MARKED ? MARKED_LAYER : CHOSEN_LAYER;
    else layers[look] = code === NO_CODE ? WITHOUT_CODE : WITH_CODE;
  }
  return layers;
}

// Shuffle a part of some rows, each time alike.
function shuffle(rows, from, to) {
  let seed = from;
  for (let k = to - 1; k > from; k--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const other = from + Math.floor((seed / 2 ** 32) * (k - from + 1));
    const row = rows[k];
    rows[k] = rows[other];
    rows[other] = row;
  }
}

// How many images have each of the 256 codes.
function countCodes(codes) {
  const counts = new Uint32Array(256);
  for (let row = 0; row < codes.length; row++) counts[codes[row]]++;
  return counts;
}
