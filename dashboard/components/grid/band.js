// Drag over the grid: a rubber band selects every picture it touches; at the edge the grid scrolls on by itself.

const BAND_AFTER = 5; // pixels of movement that tell a drag from a click
const BAND_EDGE = 36; // pixels from the upper and lower edge in which the grid scrolls
const BAND_SPEED = 0.35; // pixels scrolled in a frame for each pixel into the edge

class Band {
  // `grid` offers scroller, sheet, tall, layout, order, choice, paint(), changed().
  constructor(grid) {
    this.grid = grid;
    this.element = node("div", { class: "band", hidden: true });
    grid.sheet.append(this.element);
    grid.scroller.addEventListener("pointerdown", (event) => this.press(event));
    grid.scroller.addEventListener("pointermove", (event) => this.move(event));
    grid.scroller.addEventListener("pointerup", () => this.end());
    grid.scroller.addEventListener("pointercancel", () => this.giveUp());
  }

  get drawn() {
    return !this.element.hidden;
  }

  press(event) {
    const inside = event.offsetX < this.grid.scroller.clientWidth || event.target !== this.grid.scroller; // not on the scrollbar
    if (event.button !== 0 || event.pointerType === "touch" || !inside) return;
    this.pointer = [event.clientX, event.clientY];
    this.start = this.place();
    this.began = this.pointer;
    this.mode = event.altKey ? "less" : event.shiftKey || event.ctrlKey || event.metaKey ? "more" : "only";
  }

  move(event) {
    if (!this.start) return;
    this.pointer = [event.clientX, event.clientY];
    const moved = Math.hypot(event.clientX - this.began[0], event.clientY - this.began[1]);
    if (!this.drawn && moved < BAND_AFTER) return;
    if (!this.drawn) this.begin(event);
    this.draw();
  }

  begin(event) {
    const { choice, scroller } = this.grid;
    scroller.setPointerCapture(event.pointerId);
    scroller.focus({ preventScroll: true });
    this.before = choice.flags.slice();
    this.element.hidden = false;
    this.scrolling = requestAnimationFrame(() => this.scroll());
  }

  // Where the pointer is in the content.
  place() {
    const { scroller, tall } = this.grid;
    const box = scroller.getBoundingClientRect();
    return [this.pointer[0] - box.left, this.pointer[1] - box.top + tall.top];
  }

  draw() {
    const { grid } = this;
    const [x, y] = this.place();
    const box = { left: Math.min(x, this.start[0]), right: Math.max(x, this.start[0]), top: Math.min(y, this.start[1]), bottom: Math.max(y, this.start[1]) };
    const edge = Math.max(box.top, grid.tall.top - 10); // what lies out of sight needs no drawing
    const style = { left: box.left, width: box.right - box.left, top: edge - grid.tall.shift, height: Math.min(box.bottom, grid.tall.top + grid.tall.view + 10) - edge };
    for (const [name, value] of Object.entries(style)) this.element.style[name] = `${value}px`;
    const touched = grid.layout.within(box);
    grid.choice.take(this.chosen(touched.map((position) => grid.order[position])));
    if (touched.length) grid.choice.focus = touched[y < this.start[1] ? 0 : touched.length - 1];
    grid.paint();
  }

  chosen(rows) {
    const flags = this.mode === "only" ? new Uint8Array(this.before.length) : this.before.slice();
    for (const row of rows) flags[row] = this.mode === "less" ? 0 : 1;
    return flags;
  }

  // Once a frame while the band is drawn.
  scroll() {
    if (!this.drawn) return;
    const { scroller, tall } = this.grid;
    const box = scroller.getBoundingClientRect();
    const into = Math.min(0, this.pointer[1] - box.top - BAND_EDGE) + Math.max(0, this.pointer[1] - box.bottom + BAND_EDGE);
    if (into) {
      tall.top += into * BAND_SPEED;
      this.draw();
    }
    this.scrolling = requestAnimationFrame(() => this.scroll());
  }

  end() {
    if (this.drawn) {
      this.grid.choice.anchor = this.grid.choice.focus;
      this.ended = performance.now();
      this.grid.changed();
    }
    this.stop();
  }

  // Escape: as it was before.
  giveUp() {
    const { drawn, before } = this;
    this.stop();
    if (drawn) this.grid.choose((choice) => choice.take(before));
  }

  stop() {
    this.start = null;
    this.element.hidden = true;
    cancelAnimationFrame(this.scrolling);
  }

  // Whether a click event is the end of a drag.
  get justEnded() {
    return performance.now() - (this.ended ?? -Infinity) < 50;
  }
}
