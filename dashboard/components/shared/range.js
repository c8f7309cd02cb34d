// The bar of a scale with a handle at each end: what lies outside of them is hidden. Dragged, or moved with arrow keys.

const RANGE_TOP = 254; // the highest code of a scale
const RANGE_STEPS = { ArrowRight: 2, ArrowUp: 2, ArrowLeft: -2, ArrowDown: -2, PageUp: 25, PageDown: -25, Home: -RANGE_TOP, End: RANGE_TOP };

class RangeBar {
  // `changed` is called when a handle has moved; `paint` = {title, scale, low, high}.
  constructor(paint, changed) {
    Object.assign(this, { paint, changed });
    this.codes = [0, RANGE_TOP];
    this.ramp = node("div", { class: "ramp", style: `background:${scaleGradient(paint.scale)}` });
    this.shades = [node("i", { class: "shade" }), node("i", { class: "shade" })];
    this.handles = ["from", "to"].map((name, end) => this.handle(name, end));
    this.ends = [node("span"), node("span")];
    const track = node("div", { class: "track" }, this.ramp, ...this.shades, ...this.handles);
    this.element = node("div", { class: "bar" }, track, node("div", { class: "ends numbers" }, ...this.ends));
    this.write();
  }

  handle(name, end) {
    const handle = node("button", { class: "handle", role: "slider", "aria-label": `${this.paint.title} ${name}`, title: "Drag, or use the arrow keys" });
    handle.onkeydown = (event) => {
      if (!(event.key in RANGE_STEPS)) return;
      event.preventDefault();
      event.stopPropagation(); // the map moves with the same keys
      this.move(end, this.codes[end] + RANGE_STEPS[event.key]);
    };
    handle.onpointerdown = (event) => handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const { left, width } = this.ramp.getBoundingClientRect();
      this.move(end, Math.round(((event.clientX - left) / width) * RANGE_TOP));
    };
    return handle;
  }

  // An end stops at the other.
  move(end, code) {
    const [low, high] = end ? [this.codes[0], RANGE_TOP] : [0, this.codes[1]];
    const moved = Math.min(high, Math.max(low, code));
    if (moved === this.codes[end]) return;
    this.codes[end] = moved;
    this.write();
    this.changed();
  }

  reset() {
    this.codes = [0, RANGE_TOP];
    this.write();
  }

  // The codes that are hidden.
  get outside() {
    return Array.from({ length: RANGE_TOP + 1 }, (_, code) => code).filter((code) => code < this.codes[0] || code > this.codes[1]);
  }

  write() {
    const { low, high } = this.paint;
    this.codes.forEach((code, end) => {
      const [share, value] = [(100 * code) / RANGE_TOP, shortNumber(low + ((high - low) * code) / RANGE_TOP)];
      this.handles[end].style.left = `${share}%`;
      const told = { valuemin: shortNumber(low), valuemax: shortNumber(high), valuenow: value, valuetext: value };
      for (const [name, text] of Object.entries(told)) this.handles[end].setAttribute(`aria-${name}`, text);
      this.ends[end].textContent = value;
    });
    this.shades[0].style.width = `${(100 * this.codes[0]) / RANGE_TOP}%`;
    this.shades[1].style.width = `${100 - (100 * this.codes[1]) / RANGE_TOP}%`;
  }
}

const shortNumber = (value) => Number(value.toPrecision(4)).toLocaleString("en", { maximumSignificantDigits: 4 });
