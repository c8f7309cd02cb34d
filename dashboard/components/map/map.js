// The map: one point an image, drawn by WebGL2 where there is any, looked at and selected with mouse and keys.
//
// Python sends addresses, codes and a palette; the points come once from our own route and stay through every rerun.
// Selections and labels go to Python through the queue; nothing is in flight means Python's selection is the selection.

const MAP_STILL = 180; // milliseconds after the last move until the map is drawn at its best
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
    this.pixelOf = (row) => this.camera.toPixel(this.places[2 * row], this.places[2 * row + 1]);
    this.plot = new Plot(() => this.draw());
    this.build(parent);
    this.pointer = new Pointer(this.surface.element, this);
    this.layers = new Layers(this);
    this.pointed = new Pointed(this);
    this.together = new Together(this);
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(this.root);
    this.root.addEventListener("keydown", (event) => mapKey(this, event));
  }

  build(parent) {
    this.surface = new Surface();
    this.names = new Names(this.surface.element);
    this.exemplars = new Exemplars();
    this.message = node("div", { class: "message", role: "status" });
    this.legend = new Legend(() => this.repaintSoon());
    this.hover = new Hover();
    this.keys = new KeySheet(MAP_KEYS);
    this.toolbar = new Toolbar((name) => mapTool(this, name));
    this.bar = new SelectionBar((one) => this.label(one), () => this.clear());
    this.root = node("div", { class: "map", tabindex: "0", role: "application", "aria-label": "Map of the images. Press question mark for the keys." });
    const sheets = [this.plot.density.element, this.plot.points, this.exemplars.element, this.surface.element];
    this.root.append(...sheets, this.toolbar.element, this.legend.element, this.bar.element, this.hover.element, this.message, this.keys.element);
    parent.append(this.root);
    this.choose("hand");
    this.toolbar.press("density", true);
  }

  leave() {
    clearTimeout(this.still);
    this.watch.disconnect();
    this.queue.close();
    this.pointed.twins.close();
    this.together.close();
    this.plot.close();
  }

  // --- what Python says -------------------------------------------------------------------------------------------

  receive(data) {
    const before = this.data ?? {};
    this.data = data;
    this.pointed.twins.table = data.table;
    setHeight(this.root, data.height);
    this.toolbar.offer(data.beside);
    this.queue.acknowledge(data.acknowledged);
    if (this.queue.problem) this.say(this.queue.problem);
    if (data.points !== this.url) this.load(data.points);
    if (!this.cards?.matches(data)) this.cards = new Cards(data);
    if (data.codes !== before.codes) [this.codes, this.counts] = [unpack(data.codes, Uint8Array), null];
    if (data.marked !== before.marked || data.count !== before.count) this.marked = unpackMask(data.marked, data.count);
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

  // In steps, between which the browser may draw and answer: a million points take a while.
  async load(url) {
    this.url = url;
    this.crowd = null;
    this.say(`Loading ${plural(this.data.count, "image")} …`);
    try {
      const places = new Float32Array(await fetchBytes(url));
      const bounds = boundsOf(places);
      const finder = new Finder(places, bounds);
      await breath();
      const crowd = new Crowd(places, bounds);
      await breath();
      if (this.url !== url) return;
      [this.places, this.finder, this.crowd] = [places, finder, crowd];
    } catch (error) {
      this.say(`The map could not be loaded. ${error.message}`);
      return;
    }
    this.say("");
    this.camera.frame(this.crowd.bounds);
    this.resize();
    this.repaint();
    this.settleLegend();
    Object.assign(this.camera, views.get(url));
    this.settle();
  }

  // A thousand points say where the crowd is.
  settleLegend() {
    this.legend.settle(this.crowd.sample(this.crowd.sight(this.camera), 1000).map(this.pixelOf), this.camera, this.data.beside);
  }

  say(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  resize() {
    const { clientWidth: width, clientHeight: height } = this.root;
    this.ratio = devicePixelRatio || 1;
    this.camera.resize(width, height);
    if (this.plot.resize(width, height, this.ratio)) this.settle();
  }

  // A rerun that changes nothing to be seen costs nothing.
  repaintIfChanged() {
    const shown = this.shownNow();
    if (!this.shown || shown.some((value, place) => value !== this.shown[place])) this.repaint();
  }

  // All that a repaint shows, and the theme, whatever it says now.
  shownNow() {
    const { codes, marked, paint, classes } = this.data;
    const style = getComputedStyle(this.root);
    return [codes, marked, this.mask, JSON.stringify([paint, classes]), style.color, style.backgroundColor];
  }

  repaintSoon() {
    this.repainting ??= requestAnimationFrame(() => {
      this.repainting = undefined;
      this.repaint();
    });
  }

  // Colours, selection or what is hidden have changed: tell the graphics card and the panels.
  repaint() {
    if (!this.crowd || this.codes.length * 2 !== this.places.length) return;
    this.shown = this.shownNow();
    this.readTheme();
    const { codes, selected, marked, theme } = this;
    this.palette = paletteOf(this.data.paint, this.legend.hidden, theme.none.slice(0, 3).map((share) => Math.round(share * 255)));
    this.counts ??= countCodes(codes);
    if (this.flags?.length !== selected.length) this.flags = new Uint8Array(selected.length);
    const chosen = new Uint32Array(256); // selected images by code
    for (let row = 0; row < selected.length; row++) {
      this.flags[row] = selected[row] * CHOSEN + marked[row] * MARKED;
      chosen[codes[row]] += selected[row];
    }
    this.amount = chosen.reduce((sum, count) => sum + count, 0);
    this.crowd.arrange(codes, this.flags, this.palette);
    this.plot.show(this.crowd, { ...theme, palette: this.palette, dimmed: this.amount > 0 });
    this.legend.update(this.data.paint, this.counts, this.amount ? chosen : null);
    this.bar.update(this.amount, this.data.classes);
    this.root.classList.toggle("selecting", this.amount > 0);
    this.root.dataset.ready = this.url; // the tests wait for it
    this.settle();
  }

  readTheme() {
    const colour = (value) => readColour(this.message, value);
    this.theme = { none: colour("var(--none)"), muted: colour("var(--muted)"), ink: colour("var(--ink)"), paper: colour("var(--paper)") };
  }

  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (!this.crowd || !this.theme) return;
      this.plot.draw(this.camera, this.ratio, this.moving);
      this.names.draw(this.camera);
      this.exemplars.draw(this.pixelOf);
      this.pointed.ring();
    });
  }

  // The map stands still: names and thumbnails for what is in sight, and all points.
  settle() {
    this.moving = false;
    if (!this.crowd || !this.palette) return;
    this.layers.settle();
    this.draw();
  }

  // --- what the pointer does (pointer.js) -------------------------------------------------------------------------

  moved() {
    this.together.moved();
    views.set(this.url, { x: this.camera.x, y: this.camera.y, zoom: this.camera.zoom });
    this.pointed.hoverAt(null);
    this.moving = true;
    clearTimeout(this.still);
    this.still = setTimeout(() => this.settle(), MAP_STILL);
    this.draw();
  }

  reset() {
    this.camera.reset();
    this.moved();
  }

  visible(row) {
    return this.palette[this.codes[row] * 4 + 3] > 0;
  }

  paintOf(row) {
    return paintOfCode(this.data.paint, this.codes[row]);
  }

  // A click on a point: what is like it. With shift or alt: add it to the selection, or take it out.
  pickAt(pixel, mode) {
    const row = this.pointed.rowAt(pixel);
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
    if (path.length < 3 || !this.crowd) return;
    const polygon = path.map((pixel) => this.camera.toData(...pixel));
    const inside = pointsInside(this.places, polygon, this.codes, this.palette);
    this.select(combine(this.selected, inside, mode), polygon);
  }

  // --- what is sent to Python -------------------------------------------------------------------------------------

  // The outline goes along in data units, so that a label can say what it came from.
  select(selected, polygon) {
    this.selected = selected;
    this.polygon = polygon.map(([x, y]) => [Number(x.toPrecision(6)), Number(y.toPrecision(6))]);
    this.amount = countSet(selected); // at once, for the key that may follow
    this.mask = packMask(selected);
    this.send({ kind: "select", mask: this.mask, polygon: this.polygon }, { latest: true });
    this.repaintSoon(); // Python may begin before we draw
  }

  clear() {
    if (this.amount) this.select(new Uint8Array(this.selected.length), []);
  }

  label(one) {
    if (this.amount) this.send({ kind: "label", class: one.id, polygon: this.polygon ?? [], mask: packMask(this.selected) });
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

  zoom(factor) {
    this.camera.zoomAt(factor);
    this.moved();
  }

  move(right, down) {
    this.camera.pan(right, down);
    this.moved();
  }
}

// Lets the browser draw and answer.
const breath = () => new Promise((done) => setTimeout(done));
