// Where the tiles of a slide lie, in pixels of its finest level; the browser's side of routes.tiles.

const TILE_NUMBERS = 6; // row of the table, x and y of the centre, side, field, layer

class Tiles {
  constructor(buffer) {
    const numbers = new Float32Array(buffer);
    this.count = numbers.length / TILE_NUMBERS;
    const column = (place) => Float32Array.from({ length: this.count }, (_, tile) => numbers[tile * TILE_NUMBERS + place]);
    [this.row, this.x, this.y, this.side, this.field, this.layer] = [0, 1, 2, 3, 4, 5].map(column);
    this.cell = this.cells();
  }

  // The side of each tile's field, which is that of its finest tile: coarser tiles overlap, their fields do not.
  cells() {
    const finest = new Map();
    for (let tile = 0; tile < this.count; tile++) finest.set(this.field[tile], Math.min(this.side[tile], finest.get(this.field[tile]) ?? Infinity));
    return Float32Array.from({ length: this.count }, (_, tile) => finest.get(this.field[tile]));
  }

  // The tile of a layer whose field holds a place of the slide, the nearest where several do; -1 for none.
  at(x, y, layer) {
    let [best, nearest] = [-1, Infinity];
    for (let tile = 0; tile < this.count; tile++) {
      if (this.layer[tile] !== layer) continue;
      const far = Math.max(Math.abs(this.x[tile] - x), Math.abs(this.y[tile] - y));
      if (far <= this.cell[tile] / 2 && far < nearest) [best, nearest] = [tile, far];
    }
    return best;
  }

  // All tiles of the same field, finest first.
  siblings(tile) {
    const found = [];
    for (let other = 0; other < this.count; other++) if (this.field[other] === this.field[tile]) found.push(other);
    return found.sort((one, other) => this.layer[one] - this.layer[other]);
  }
}
