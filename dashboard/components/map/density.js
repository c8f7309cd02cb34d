// Crowds as a picture of their density: points are counted into cells, a cell takes the mean colour of its points, and is
// the more opaque the more there are, on a scale of logarithms. What has no code lies under what has one.
//
// Counting a million points takes a few hundredths of a second and no graphics card. While the map moves the last
// picture is moved along, and counted anew, coarser and from a sample, as often as that leaves time for all else.

const DENSITY_MARGIN = 64; // pixels around the map that are counted too, for the next move
const DENSITY_SAMPLE = 250_000; // points counted while the map moves
const DENSITY_SPARE = 2; // times as long as a counting took nothing is counted, while the map moves
const DENSITY_FAINTEST = 0.26; // opacity of a single point
const DENSITY_FULL = 0.995; // share of the cells that are not yet quite opaque
const DENSITY_MOST = 4096; // points in a cell that are told apart

class Density {
  constructor() {
    this.element = node("canvas", { class: "density", "aria-hidden": "true" });
    this.context = this.element.getContext("2d");
    this.stale = true; // whether something other than the camera has changed
    [this.took, this.ended] = [0, 0];
  }

  get shown() {
    return this.element.classList.contains("on");
  }

  hide() {
    this.element.classList.remove("on");
    this.stale = true;
  }

  // Show layers 0 … `last` of a crowd; `look` = {palette, dimmed, none, muted}, colours as four shares of one.
  show(crowd, last, camera, look, moving) {
    const key = [last, camera.x, camera.y, camera.scale, camera.width, camera.height, moving].join();
    const due = !moving || performance.now() - this.ended > DENSITY_SPARE * this.took;
    if (this.stale || (key !== this.key && due)) {
      const began = performance.now();
      this.count(crowd, last, camera, look, moving);
      this.colour(look, moving);
      this.ended = performance.now();
      this.took = this.ended - began;
      [this.key, this.stale] = [key, false];
    }
    this.place(camera);
    this.element.classList.add("on");
  }

  count(crowd, last, camera, look, moving) {
    const cell = moving ? 2 : 1; // pixels
    const sight = crowd.sight(camera, DENSITY_MARGIN);
    let amount = 0;
    for (let layer = 0; layer <= last; layer++) amount += crowd.amount(sight, layer);
    this.share = moving ? Math.min(1, DENSITY_SAMPLE / Math.max(1, amount)) : 1;
    this.resize(Math.ceil((camera.width + 2 * DENSITY_MARGIN) / cell), Math.ceil((camera.height + 2 * DENSITY_MARGIN) / cell));
    [this.left, this.top] = camera.toData(-DENSITY_MARGIN, -DENSITY_MARGIN);
    [this.cell, this.scale] = [cell, camera.scale];
    for (let layer = 0; layer <= last; layer++) {
      const spans = crowd.spans(sight, layer, layer, this.share);
      if (layer === WITHOUT_CODE || (layer === WITH_CODE && look.dimmed)) this.countUnder(crowd, spans);
      else this.countOver(crowd, spans, look);
    }
  }

  resize(across, down) {
    if (this.across === across && this.down === down) {
      this.under.fill(0);
      this.over.fill(0);
      return;
    }
    [this.across, this.down] = [across, down];
    [this.element.width, this.element.height] = [across, down];
    this.under = new Uint32Array(across * down); // points without a colour of their own
    this.over = new Uint32Array(4 * across * down); // red, green, blue summed over the others, and their number
    this.image = this.context.createImageData(across, down);
  }

  countUnder({ order, places }, spans) {
    const { across, down, left, top, under } = this;
    const perUnit = this.scale / this.cell;
    for (const [from, to] of spans) {
      for (let k = from; k < to; k++) {
        const x = (places[2 * order[k]] - left) * perUnit;
        const y = (top - places[2 * order[k] + 1]) * perUnit;
        if (x >= 0 && y >= 0 && x < across && y < down) under[(y | 0) * across + (x | 0)]++;
      }
    }
  }

  // A point that a selection leaves out counts as one without a colour.
  countOver({ order, places, codes, flags }, spans, { palette, dimmed }) {
    const { across, down, left, top, under, over } = this;
    const perUnit = this.scale / this.cell;
    for (const [from, to] of spans) {
      for (let k = from; k < to; k++) {
        const slot = order[k];
        const x = (places[2 * slot] - left) * perUnit;
        const y = (top - places[2 * slot + 1]) * perUnit;
        if (!(x >= 0 && y >= 0 && x < across && y < down)) continue;
        const at = (y | 0) * across + (x | 0);
        if (dimmed && !(flags[slot] & CHOSEN)) under[at]++;
        else {
          const colour = 4 * codes[slot];
          over[4 * at] += palette[colour];
          over[4 * at + 1] += palette[colour + 1];
          over[4 * at + 2] += palette[colour + 2];
          over[4 * at + 3]++;
        }
      }
    }
  }

  colour({ dimmed, none, muted }) {
    const { under, over, image } = this;
    const pixels = image.data;
    const [grey, opacity] = [(dimmed ? muted : none).map((share) => Math.round(share * 255)), this.opacities()];
    pixels.fill(0);
    for (let at = 0; at < under.length; at++) {
      const [below, above] = [under[at], over[4 * at + 3]];
      if (!below && !above) continue;
      const front = opacity[Math.min(above, DENSITY_MOST)];
      const back = opacity[Math.min(below, DENSITY_MOST)] * (1 - front);
      const whole = front + back;
      for (let channel = 0; channel < 3; channel++) {
        pixels[4 * at + channel] = ((above && (front * over[4 * at + channel]) / above) + back * grey[channel]) / whole;
      }
      pixels[4 * at + 3] = 255 * whole;
    }
    this.context.putImageData(image, 0, 0);
  }

  // The opacity of a cell by its number of points: a logarithm, whole where all but a few cells have fewer.
  opacities() {
    const { under, over } = this;
    const cells = new Uint32Array(DENSITY_MOST + 1); // by number of points
    for (let at = 0; at < under.length; at++) cells[Math.min(DENSITY_MOST, Math.max(under[at], over[4 * at + 3]))]++;
    let [full, rest] = [DENSITY_MOST, (under.length - cells[0]) * (1 - DENSITY_FULL)];
    while (full > 4 && rest >= cells[full]) rest -= cells[full--];
    const rise = (1 - DENSITY_FAINTEST) / Math.log(full);
    return Float32Array.from(cells, (_, count) => count && Math.min(1, DENSITY_FAINTEST + rise * Math.log(count)));
  }

  // Where the picture lies for the camera as it is now.
  place(camera) {
    const { x, y, width, height } = this.frame(camera);
    Object.assign(this.element.style, { width: `${this.across * this.cell}px`, height: `${this.down * this.cell}px` });
    const [wide, high] = [width / (this.across * this.cell), height / (this.down * this.cell)];
    this.element.style.transform = `translate(${x}px, ${y}px) scale(${wide}, ${high})`;
  }

  // The same in CSS pixels of the map.
  frame(camera) {
    const [x, y] = camera.toPixel(this.left, this.top);
    const growth = (camera.scale / this.scale) * this.cell;
    return { x, y, width: this.across * growth, height: this.down * growth };
  }
}
