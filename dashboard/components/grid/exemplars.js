// The image in question beside examples of each class; an example opens in the viewer, a chip labels.

class Exemplars extends Comparison {
  // `grid` offers data, cards, give(command), viewRow(row), paint().
  constructor(grid) {
    super(() => grid.paint());
    this.grid = grid;
  }

  drawFor(row) {
    if (row === undefined) return;
    const { data, cards } = this.grid;
    this.draw([row, data.classes, data.exemplars, Boolean(cards.bytes)], () => data.classes.map((one, place) => this.about(one, data.exemplars[place] ?? [])), cards.thumb(row));
  }

  about(one, rows) {
    const { grid } = this;
    const examples = rows.map((row) => ({ url: grid.cards.thumb(row), open: () => grid.viewRow(row) }));
    return { one, examples, chip: classChip(one, { labelling: grid.data.labelling, give: () => grid.give({ kind: "label", class: one }) }) };
  }
}
