// The keys of the grid and of the viewer, and what they do.

const GRID_KEYS = [
  ["click", "select; with Shift up to here, with Ctrl one more"],
  ["drag", "select what the band touches; with Shift or Ctrl add, with Alt take away"],
  ["A I Esc", "select all, the others, none"],
  ["V", "select what can be seen whole; with Shift add it"],
  ["← ↑ ↓ →", "move; with Shift select on the way"],
  ["Space", "select the image in focus"],
  ["Enter", "open at native resolution; also double click"],
  ["1 … 9", "label the selection, else the image in focus; further classes have 0 and letters"],
  ["/", "find a class by its name, and label with it"],
  ["Backspace", "take the label away"],
  ["U", "skip: do not suggest it again"],
  ["Ctrl+Z", "undo the last step, also after a restart"],
  ["S", "find what is like the image in focus"],
  ["X", "compare with examples of each class; with Shift more of them"],
];
const AGREE_KEY = ["Ctrl+Enter", "agree: take the answers of the selection, else of all, as labels"];

class Commands {
  // `grid` offers root, scroller, choice, band, viewer, exemplars, palette, keys, data and what is done in it.
  constructor(grid) {
    this.grid = grid;
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  close() {
    document.removeEventListener("keydown", this.onKey);
  }

  key(event) {
    if (!meantFor(this.grid.root, event)) return;
    const key = commandKey(event);
    const target = event.composedPath()[0];
    if (!key || (target instanceof HTMLButtonElement && (key === " " || key === "Enter"))) return;
    const act = this.grid.viewer.opened ? this.inViewer(key, event.shiftKey) : this.inGrid(key, event.shiftKey);
    if (!act) return;
    event.preventDefault();
    act(event.repeat);
  }

  labelling(key) {
    const { grid } = this;
    if (!grid.data.labelling) return null;
    const one = grid.data.classes.find((known) => known.key && known.key === key);
    if (one) return (held) => held || grid.give({ kind: "label", class: one }); // a held key is no decision about what it runs over
    return {
      u: (held) => held || grid.give({ kind: "skip" }),
      Backspace: (held) => held || grid.give({ kind: "clear" }),
      "ctrl+z": () => grid.send({ kind: "undo" }),
      "ctrl+Enter": grid.data.agreeing ? (held) => held || grid.agree() : undefined,
      "/": () => grid.find(),
    }[key];
  }

  inGrid(key, shift) {
    const { grid } = this;
    return this.labelling(key) ?? this.moving(key, shift) ?? this.choosing(key, shift) ?? {
      Escape: () => this.escape(),
      Enter: () => grid.open(grid.choice.focus),
      s: () => grid.similar(grid.order[grid.choice.focus]),
      x: grid.data.exemplars.length ? () => grid.compare(grid.exemplars, shift) : undefined,
      "?": () => grid.keys.toggle(),
    }[key];
  }

  // The last thing begun is given up first.
  escape() {
    const { grid } = this;
    if (grid.band.drawn) grid.band.giveUp();
    else if (grid.keys.shown) grid.keys.toggle(false);
    else grid.choose((choice) => choice.none());
  }

  moving(key, shift) {
    const { grid } = this;
    const across = grid.layout.columns;
    const page = Math.max(1, Math.floor(grid.scroller.clientHeight / grid.layout.step)) * across;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, PageUp: -page, PageDown: page };
    if (key in steps) return () => grid.step(steps[key], shift);
    return { Home: () => grid.step(-grid.order.length, shift), End: () => grid.step(grid.order.length, shift) }[key];
  }

  choosing(key, shift) {
    const { grid } = this;
    return {
      a: () => grid.choose((choice) => choice.all(grid.order)),
      i: () => grid.choose((choice) => choice.invert(grid.order)),
      v: () => grid.choose((choice) => choice.only(grid.seenWhole(), shift ? choice.flags : undefined)),
      " ": () => grid.choose((choice) => choice.flip(grid.order[choice.focus])),
    }[key];
  }

  inViewer(key, shift) {
    const { grid } = this;
    return this.labelling(key) ?? {
      Escape: () => grid.viewer.close(),
      Enter: () => grid.viewer.close(),
      ArrowLeft: () => grid.step(-1),
      ArrowRight: () => grid.step(1),
      s: () => grid.viewer.similar(),
      x: grid.data.exemplars.length ? () => grid.compare(grid.viewer.exemplars, shift) : undefined,
    }[key];
  }
}
