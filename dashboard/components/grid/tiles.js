// The tiles in the page: one for each position in sight; those that leave it are used again.

class Tiles {
  // `grid` offers sheet, layout, tall, order, place, choice, cards, data, labelOf(row).
  constructor(grid) {
    this.grid = grid;
    this.shown = new Map(); // position → Tile
    this.spare = [];
    this.loader = new Loader((tile) => this.distance(tile));
  }

  // Tiles for what is in sight; `all`: write also to those that stay.
  furnish(all) {
    const { layout, tall, sheet } = this.grid;
    const [first, last] = layout.inSight(tall.top, tall.view);
    for (const [position, tile] of this.shown) if (position < first || position >= last) this.release(position, tile);
    for (let position = first; position < last; position++) {
      const old = this.shown.get(position);
      if (old && !all) continue;
      const tile = old ?? this.spare.pop() ?? new Tile(this.loader);
      this.shown.set(position, tile);
      tile.show(this.view(position));
      if (!tile.element.isConnected) sheet.append(tile.element);
    }
    for (const tile of this.spare) if (tile.element.isConnected) tile.rest();
    this.loader.go();
  }

  release(position, tile) {
    this.shown.delete(position);
    this.spare.push(tile);
  }

  // They go with their images to the new positions, so that no picture flickers.
  reseat() {
    const before = [...this.shown.values()];
    this.shown.clear();
    for (const tile of before) {
      const position = this.grid.place[tile.shown.row] ?? -1;
      if (position < 0 || this.shown.has(position)) this.spare.push(tile);
      else this.shown.set(position, tile);
    }
  }

  // Show on those whose row is among some that their label was not saved.
  refuse(among) {
    for (const tile of this.shown.values()) if (among(this.grid.order[tile.position])) tile.refuse();
  }

  view(position) {
    const { order, layout, tall, cards, choice, data } = this.grid;
    const row = order[position];
    const [left, top] = layout.at(position);
    return {
      position,
      row,
      count: order.length,
      url: cards.thumb(row),
      place: [left, top - tall.shift],
      size: layout.tile,
      selected: choice.has(row),
      focused: position === choice.focus,
      label: this.grid.labelOf(row),
      caption: data.captions?.[position],
    };
  }

  // How far a tile lies from the middle of what is in sight.
  distance(tile) {
    const { layout, tall } = this.grid;
    return Math.abs(layout.at(tile.position)[1] + layout.tile / 2 - tall.top - tall.view / 2);
  }
}
