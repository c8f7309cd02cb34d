// The map: one point an image, drawn by WebGL2, looked at and selected with mouse and keys.
//
// Python sends addresses, codes and a palette; the points come once from our own route and stay through every rerun.
// Selections and labels go to Python through the queue; nothing is in flight means Python's selection is the selection.

const MAP_REACH = 14; // pixels within which the pointer finds a point
const maps = new WeakMap();
const views = new Map(); // points address → camera place, so that coming back to the screen shows the same part

export default function ({ parentElement, data, setStateValue }) {
  if (!maps.has(parentElement)) maps.set(parentElement, new ScatterMap(parentElement, data));
  const map = maps.get(parentElement);
  map.queue.connect((value) => setStateValue("events", value));
  map.receive(data);
  return () => setTimeout(() => parentElement.isConnected || map.leave()); // also called for a render that was overtaken
}

class ScatterMap {
  constructor(parent, data) {
    this.queue = new EventQueue(data.shelf);
    this.camera = new Camera();
    this.tool = "hand";
    this.selected = new Uint8Array(0);
    this.hovered = -1;
    this.build(parent);
    this.painter = new Painter(this.points, () => this.draw());
    if (!this.painter.works) this.say("This browser offers no WebGL2, which the map is drawn with. The grid beside it works without.");
    this.pointer = new Pointer(this.surface.element, this);
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(this.root);
    this.root.addEventListener("keydown", (event) => mapKey(this, event));
  }

  build(parent) {
    this.points = node("canvas", { class: "points" });
    this.surface = new Surface();
    this.names = new Names(this.surface.element);
    this.message = node("div", { class: "message", role: "status" });
    this.legend = new Legend(() => this.repaint());
    this.hover = new Hover();
    this.keys = new KeySheet(MAP_KEYS);
    this.toolbar = new Toolbar((name) => this.act(name));
    this.bar = new SelectionBar((one) => this.label(one), () => this.clear());
    this.root = node("div", { class: "map", tabindex: "0", role: "application", "aria-label": "Map of the images. Press question mark for the keys." });
    this.root.append(this.points, this.surface.element, this.toolbar.element, this.legend.element, this.bar.element, this.hover.element, this.message, this.keys.element);
    parent.append(this.root);
    this.choose("hand");
  }

  leave() {
    this.watch.disconnect();
    this.queue.close();
    this.painter.close();
  }

  // --- what Python says -------------------------------------------------------------------------------------------

  receive(data) {
    const before = this.data ?? {};
    this.data = data;
    this.root.style.height = `${data.height}px`;
    this.queue.acknowledge(data.acknowledged);
    if (!this.painter.works) return;
    if (this.queue.problem) this.say(this.queue.problem);
    if (!this.cards?.matches(data)) this.cards = new Cards(data);
    if (data.points !== this.url) this.load(data.points);
    if (data.codes !== before.codes) this.codes = unpack(data.codes, Uint8Array);
    if (data.marked !== before.marked) this.marked = unpackMask(data.marked, data.count);
    if (!this.queue.open.some((event) => event.kind === "select")) this.adopt(data.selected);
    this.resize();
    this.repaintIfChanged();
  }

  // Python's selection is ours; most often it is what we have just sent.
  adopt(mask) {
    if (mask === this.mask && this.selected.length === this.data.count) return;
    this.mask = mask;
    this.selected = unpackMask(mask, this.data.count);
  }

  async load(url) {
    this.url = url;
    this.places = null;
    this.say(`Loading ${plural(this.data.count, "image")} …`);
    try {
      const places = new Float32Array(await fetchBytes(url));
      if (this.url !== url) return;
      this.places = places;
    } catch (error) {
      this.say(`The map could not be loaded. ${error.message}`);
      return;
    }
    this.say("");
    const bounds = boundsOf(this.places);
    this.finder = new Finder(this.places, bounds);
    this.shuffled = shuffledRows(this.places);
    this.painter.points(this.places);
    this.camera.frame(bounds);
    this.resize();
    this.repaint();
    this.settleLegend();
    Object.assign(this.camera, views.get(url));
    this.draw();
  }

  // A thousand points say where the crowd is.
  settleLegend() {
    this.legend.settle(Array.from(this.shuffled.subarray(0, 1000), (row) => this.pixelOf(row)), this.camera);
  }

  say(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  resize() {
    const { clientWidth: width, clientHeight: height } = this.root;
    this.ratio = devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    if (this.points.width !== wide || this.points.height !== high) [this.points.width, this.points.height] = [wide, high];
    this.camera.resize(width, height);
    this.draw();
  }

  // A rerun that changes nothing to be seen costs nothing.
  repaintIfChanged() {
    const { codes, marked, paint, classes } = this.data;
    const seen = [codes, marked, this.mask, JSON.stringify([paint, classes]), ...this.themeColours()];
    if (this.seen && seen.every((value, place) => value === this.seen[place])) return;
    this.seen = seen;
    this.repaint();
  }

  // Colours, selection or what is hidden have changed: tell the graphics card and the panels.
  repaint() {
    if (!this.places || this.codes.length * 2 !== this.places.length) return;
    this.readTheme();
    this.palette = paletteOf(this.data.paint, this.legend.hidden, this.theme.none.slice(0, 3).map((share) => Math.round(share * 255)));
    const flags = new Uint8Array(this.selected.length);
    for (let row = 0; row < flags.length; row++) flags[row] = this.selected[row] * CHOSEN + this.marked[row] * MARKED;
    this.painter.palette(this.palette);
    this.painter.codes(this.codes);
    this.painter.flags(flags);
    this.painter.order(drawingOrder(this.shuffled, this.codes, flags, this.palette));
    const [counts, chosen] = [new Uint32Array(256), new Uint32Array(256)];
    for (let row = 0; row < this.codes.length; row++) {
      counts[this.codes[row]]++;
      chosen[this.codes[row]] += this.selected[row];
    }
    this.amount = chosen.reduce((sum, count) => sum + count, 0);
    this.legend.update(this.data.paint, counts, this.amount ? chosen : null);
    this.bar.update(this.amount, this.data.classes);
    this.root.classList.toggle("selecting", this.amount > 0);
    this.root.dataset.ready = this.url; // the tests wait for it
    this.settleNames();
    this.draw();
  }

  // Of light or dark, whatever the theme says now.
  themeColours() {
    const style = getComputedStyle(this.root);
    return [style.color, style.backgroundColor];
  }

  readTheme() {
    const colour = (value) => readColour(this.message, value);
    this.theme = { none: colour("var(--none)"), muted: colour("var(--muted)"), ink: colour("var(--ink)"), paper: colour("var(--paper)") };
  }

  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (!this.places || !this.theme) return;
      const { size } = this.drawPoints();
      this.names.draw(this.camera);
      this.surface.circle(this.hovered >= 0 ? this.pixelOf(this.hovered) : null, size + 4);
    });
  }

  drawPoints() {
    const count = this.shuffled.length;
    const look = { ratio: this.ratio, size: pointRadius(count, this.camera), opacity: pointOpacity(count), dimmed: this.amount > 0 };
    this.painter.draw(this.camera, { ...look, muted: this.theme.muted, ink: this.theme.ink });
    return look;
  }

  // Only what has names can be named; a scale of numbers has none.
  settleNames() {
    const entries = this.named && !this.data.paint.scale ? this.data.paint.entries : [];
    this.names.settle(entries, this.places, this.codes, this.camera.bounds, (row) => this.visible(row));
    this.toolbar.press("names", Boolean(this.named));
  }

  nameColours() {
    this.named = !this.named;
    if (!this.places) return;
    this.settleNames();
    this.draw();
  }

  pixelOf(row) {
    return this.camera.toPixel(this.places[2 * row], this.places[2 * row + 1]);
  }

  // --- what the pointer does (pointer.js) -------------------------------------------------------------------------

  moved() {
    views.set(this.url, { x: this.camera.x, y: this.camera.y, zoom: this.camera.zoom });
    this.hoverAt(null);
    this.draw();
  }

  reset() {
    this.camera.reset();
    this.moved();
  }

  visible(row) {
    return this.palette[this.codes[row] * 4 + 3] > 0;
  }

  rowAt(pixel) {
    if (!this.finder || !this.palette) return -1;
    return this.finder.nearest(...this.camera.toData(...pixel), MAP_REACH / this.camera.scale, (row) => this.visible(row));
  }

  hoverAt(pixel) {
    const row = pixel ? this.rowAt(pixel) : -1;
    if (row !== this.hovered) this.draw();
    this.hovered = row;
    this.surface.element.style.cursor = this.tool === "hand" ? (row >= 0 ? "pointer" : "grab") : "crosshair";
    this.hover.show(row, row >= 0 ? this.pixelOf(row) : null, this.camera, this.cards, row >= 0 ? this.paintOf(row) : null);
  }

  paintOf(row) {
    const { paint } = this.data;
    const code = this.codes[row];
    if (code === NO_CODE) return { colour: "", text: paint.none };
    if (!paint.scale) return { colour: paint.entries[code].colour, text: paint.entries[code].name };
    const value = paint.low + ((paint.high - paint.low) * code) / 254;
    return { colour: `rgb(${scaleColour(paint.scale, code / 254)})`, text: `${paint.title} ${shortNumber(value)}` };
  }

  // A click on a point: what is like it. With shift or alt: add it to the selection, or take it out.
  pickAt(pixel, mode) {
    const row = this.rowAt(pixel);
    if (row < 0) return;
    if (mode === "replace") {
      this.send({ kind: "similar", ...packRows([row], this.data.count) });
      return;
    }
    const one = new Uint8Array(this.selected.length);
    one[row] = 1;
    this.select(combine(this.selected, one, mode), []);
  }

  outline(path, mode) {
    this.surface.outline(path, mode);
  }

  finish(path, mode) {
    this.outline(null);
    if (path.length < 3 || !this.places) return;
    const polygon = path.map((pixel) => this.camera.toData(...pixel));
    const inside = pointsInside(this.places, polygon, (row) => this.visible(row));
    this.select(combine(this.selected, inside, mode), polygon);
  }

  // --- what is sent to Python -------------------------------------------------------------------------------------

  // The outline goes along in data units, so that a label can say what it came from.
  select(selected, polygon) {
    this.selected = selected;
    this.polygon = polygon.map(([x, y]) => [Number(x.toPrecision(6)), Number(y.toPrecision(6))]);
    this.amount = selected.reduce((sum, one) => sum + one, 0); // at once, for the key that may follow
    this.mask = packMask(selected);
    this.send({ kind: "select", mask: this.mask, polygon: this.polygon }, { latest: true });
    requestAnimationFrame(() => this.repaint()); // Python may begin before we draw
  }

  clear() {
    if (this.amount) this.select(new Uint8Array(this.selected.length), []);
  }

  label(one) {
    const rows = [];
    for (let row = 0; row < this.selected.length; row++) if (this.selected[row]) rows.push(row);
    if (rows.length) this.send({ kind: "label", class: one.id, polygon: this.polygon ?? [], ...packRows(rows, this.data.count) });
  }

  send(event, options) {
    this.queue.add({ ...event, table: this.data.table }, options);
  }

  // --- keys and tools ---------------------------------------------------------------------------------------------

  choose(tool) {
    this.tool = tool;
    this.toolbar.choose(tool);
    this.surface.element.style.cursor = tool === "hand" ? "grab" : "crosshair";
  }

  act(name) {
    if (name in TOOLS) this.choose(name);
    else if (name === "help") this.keys.toggle();
    else if (name === "names") this.nameColours();
    else if (name in SAVES) savePicture(this, name);
    else if (name === "whole") this.reset();
    else this.zoom(name === "closer" ? MAP_FACTOR : 1 / MAP_FACTOR);
  }

  zoom(factor) {
    this.camera.zoomAt(factor);
    this.moved();
  }

  move(right, down) {
    this.camera.pan(right, down);
    this.moved();
  }
}
