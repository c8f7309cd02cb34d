// What is laid over the points once the map stands still: names of the colours, thumbnails, crowds as density.

class Layers {
  // `map` offers names, exemplars, plot, toolbar, cards, crowd, camera and what is shown of them.
  constructor(map) {
    this.map = map;
    [this.named, this.pictured] = [false, false];
  }

  // Turn "names", "pictures" or "density" on or off.
  turn(name) {
    const { plot, toolbar } = this.map;
    if (name === "names") this.named = !this.named;
    else if (name === "pictures") this.pictured = !this.pictured;
    else plot.dense = !plot.dense;
    toolbar.press(name, { names: this.named, pictures: this.pictured, density: plot.dense }[name]);
    this.map.settle();
  }

  settle() {
    this.settleNames();
    this.settleExemplars();
  }

  // Only what has names can be named; a scale of numbers has none.
  settleNames() {
    const { data, crowd, camera, names, places, codes } = this.map;
    const entries = this.named && !data.paint.scale ? data.paint.entries : [];
    const rows = entries.length ? crowd.sample(crowd.sight(camera), NAME_SAMPLE) : [];
    names.settle(entries, places, codes, camera.sight, rows);
  }

  // Of a selection, if there is one.
  settleExemplars() {
    const { map } = this;
    const { exemplars, cards, crowd, camera, amount, selected, pixelOf } = map;
    if (!this.pictured || !cards.bytes) {
      exemplars.clear();
      if (this.pictured) cards.contents.then(() => map.settle(), () => {});
      return;
    }
    const rows = crowd.sample(crowd.sight(camera), EXEMPLAR_SAMPLE, amount ? CHOSEN_LAYER : WITHOUT_CODE);
    const allowed = (row) => map.visible(row) && (!amount || selected[row] > 0);
    const frameOf = (row) => map.paintOf(row).colour || "var(--none)";
    exemplars.settle(rows, { camera, cards, pixelOf, allowed, frameOf, names: map.names.placed(camera) });
  }
}
