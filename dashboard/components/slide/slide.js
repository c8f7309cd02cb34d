// A slide as a whole with its tiles coloured over it: looked at closely, hovered, clicked, labelled by mouse and keys.
//
// The overview and the places of the tiles come once from our own routes; a rerun sends a few bytes a tile. A label is
// drawn at once, and goes to Python through the queue.

const SLIDE_KEYS = [
  ["click", "show the tile at that place, with every scale of its field"],
  ["wheel + -", "closer, further; drag to move"],
  ["0", "the whole slide; also double click"],
  ["← ↑ ↓ →", "the tile beside it"],
  ["1 … 9", "label the tile with that class"],
  ["Backspace", "take the label away"],
  ["Ctrl+Z", "undo the last step, also after a restart"],
  ["Esc", "no tile"],
];
const SLIDE_FACTOR = 1.6; // that plus and minus zoom by
const SLIDE_SLACK = 4; // CSS pixels that a click may move
const SLIDE_STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const slideViews = new WeakMap();
const slideLooks = new Map(); // shelf → how the person has set the view, for when the screen is come back to

export default function ({ parentElement, data, setStateValue }) {
  if (!slideViews.has(parentElement)) slideViews.set(parentElement, new SlideView(parentElement, data));
  const view = slideViews.get(parentElement);
  view.queue.connect((value) => setStateValue("events", value));
  view.receive(data);
  return () => setTimeout(() => parentElement.isConnected || view.leave()); // also called for a render that was overtaken
}

class SlideView {
  constructor(parent, data) {
    this.queue = new EventQueue(data.shelf);
    this.look = slideLooks.get(data.shelf) ?? { opacity: 0.5, layer: 0 };
    slideLooks.set(data.shelf, this.look);
    [this.hovered, this.chosen] = [-1, -1];
    this.build(parent);
    this.zoom = new Zoom(this.frame, this.image, () => this.draw());
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(this.frame);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  build(parent) {
    this.image = node("img", { class: "whole", alt: "", draggable: "false" });
    this.overlay = new Overlay((row) => this.cards.thumb(row), () => this.draw());
    this.frame = node("div", { class: "frame" }, this.image, this.overlay.element);
    this.message = node("div", { class: "message", role: "status" });
    this.legend = new Legend(() => this.draw());
    this.legend.element.dataset.corner = "top right";
    this.hover = new Hover(0);
    this.keys = new KeySheet(SLIDE_KEYS);
    this.panel = new TilePanel(this);
    this.sheet = node("div", { class: "sheet" }, this.frame, this.tools(), this.controls(), this.legend.element, this.hover.element, this.message);
    this.root = node("div", { class: "slide", tabindex: "-1" }, this.sheet, this.panel.element, this.keys.element);
    parent.append(this.root);
    this.frame.addEventListener("pointermove", (event) => this.hoverAt(event));
    this.frame.addEventListener("pointerleave", () => this.hoverAt(null));
    this.frame.addEventListener("pointerdown", (event) => (this.from = [event.clientX, event.clientY]));
    this.frame.addEventListener("pointerup", (event) => this.click(event));
  }

  tools() {
    const tool = (title, does, face) => node("button", { class: "tool", title, "aria-label": title, onclick: does }, face);
    const lens = "M9 4.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM12.500 12.500L16.500 16.500M7 9h4";
    return node(
      "div",
      { class: "tools panel", role: "toolbar", "aria-label": "Slide tools" },
      tool("Closer (+)", () => this.zoom.zoomAt(SLIDE_FACTOR), icon(`${lens}M9 7v4`)),
      tool("Further (-)", () => this.zoom.zoomAt(1 / SLIDE_FACTOR), icon(lens)),
      tool("The whole slide (0, double click)", () => this.zoom.reset(), icon("M4 7.500V4h3.500M12.500 4H16v3.500M16 12.500V16h-3.500M7.500 16H4v-3.500")),
      node("span", { class: "rule" }),
      tool("Keys (?)", () => this.keys.toggle(), "?"),
    );
  }

  // How strongly the colours cover the slide, and which scale is shown.
  controls() {
    const opacity = node("input", { type: "range", min: "0", max: "1", step: "0.05", value: String(this.look.opacity), "aria-label": "Strength of the colours" });
    opacity.oninput = () => {
      this.look.opacity = Number(opacity.value);
      this.draw();
    };
    this.layers = node("div", { class: "layers", role: "group", "aria-label": "Scale of the tiles shown" });
    return node("div", { class: "controls panel" }, node("label", {}, "Colours", opacity), this.layers);
  }

  leave() {
    this.watch.disconnect();
    this.queue.close();
    document.removeEventListener("keydown", this.onKey);
  }

  // --- what Python says -------------------------------------------------------------------------------------------

  receive(data) {
    this.data = data;
    setHeight(this.root, data.height);
    this.queue.acknowledge(data.acknowledged);
    releaseMenu();
    if (!this.cards?.matches(data)) this.cards = new Cards(data);
    this.codes = unpack(data.codes, Uint8Array);
    this.labels = unpack(data.labels, Int16Array);
    this.pseudo = unpack(data.pseudo, Uint8Array);
    this.answers = unpack(data.answers, Int16Array);
    this.percent = unpack(data.percent, Uint8Array);
    this.marked = Uint8Array.from(this.labels, (label, tile) => Number(label >= 0 && !this.pseudo[tile])); // by a person
    if (data.tiles !== this.url) this.load(data);
    this.drawAll();
  }

  async load(data) {
    this.url = data.tiles;
    this.image.src = data.picture;
    this.image.alt = `Overview of ${data.slide}`;
    [this.tiles, this.hovered, this.chosen] = [null, -1, -1];
    if (this.look.layer >= data.layers.length) this.look.layer = 0;
    this.zoom.reset();
    this.overlay.forget();
    this.say("Loading the tiles …");
    try {
      const tiles = new Tiles(await fetchBytes(data.tiles));
      await this.cards.contents;
      if (this.url !== data.tiles) return;
      this.tiles = tiles;
      this.say("");
    } catch (error) {
      this.say(`The tiles could not be loaded. ${error.message}`);
    }
    this.root.dataset.ready = data.tiles; // the tests wait for it
    this.resize();
    this.drawAll();
  }

  say(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }

  // --- what a tile is ---------------------------------------------------------------------------------------------

  // The id of a tile's class, by label or as just given; 0 for none.
  labelOf(tile) {
    const event = this.queue.open.findLast((open) => open.tile === tile && open.slide === this.data.slide);
    if (event) return event.kind === "label" ? event.class : 0;
    return this.labels[tile] < 0 ? 0 : this.data.classes[this.labels[tile]].id;
  }

  stateOf(tile) {
    const given = this.data.classes.find((one) => one.id === this.labelOf(tile));
    if (given) return { colour: given.colour, text: `${given.name}, ${this.pseudo[tile] ? "accepted" : "labelled"}` };
    const answer = this.data.classes[this.answers[tile]];
    if (!answer) return { colour: "", text: "not labelled" };
    return { colour: answer.colour, text: `${answer.name}, ${this.percent[tile]}% sure` };
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  resize() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    this.overlay.resize(width, height);
    const fitted = Math.min(width / this.data.width, height / this.data.slideHeight);
    this.zoom.closest = Math.max(8, 2 / fitted);
    this.draw();
  }

  // Where the slide lies in the frame: as the browser fits the picture, then as the zoom has moved it.
  place() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    const scale = Math.min(width / this.data.width, height / this.data.slideHeight) * this.zoom.scale;
    return { scale, left: width / 2 + this.zoom.x - (this.data.width / 2) * scale, top: height / 2 + this.zoom.y - (this.data.slideHeight / 2) * scale };
  }

  drawAll() {
    this.drawLegend();
    this.drawLayers();
    this.panel.draw(this.chosen);
    this.draw();
  }

  drawLegend() {
    if (!this.tiles) return;
    const counts = new Uint32Array(256);
    for (let tile = 0; tile < this.tiles.count; tile++) if (this.tiles.layer[tile] === this.look.layer) counts[this.codes[tile]]++;
    this.legend.update(this.data.paint, counts, null);
  }

  drawLayers() {
    const { layers } = this.data;
    this.layers.hidden = layers.length < 2;
    const button = (layer, place) =>
      node("button", { class: "tool", "aria-pressed": String(place === this.look.layer), title: `${plural(layer.tiles, "tile")} of ${layer.name}`, onclick: () => this.showLayer(place) }, layer.name);
    this.layers.replaceChildren(...layers.map(button));
  }

  showLayer(layer) {
    this.look.layer = layer;
    if (this.chosen >= 0) this.chosen = this.tiles.siblings(this.chosen).find((tile) => this.tiles.layer[tile] === layer) ?? -1;
    this.drawAll();
  }

  draw() {
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = undefined;
      if (!this.tiles) return this.overlay.draw(null);
      const style = getComputedStyle(this.root);
      const palette = paletteOf(this.data.paint, this.legend.hidden, [128, 128, 128]);
      const look = { ...this.look, codes: this.shownCodes(), marked: this.marked, palette, hovered: this.hovered, chosen: this.chosen, ink: style.getPropertyValue("--slide-ink"), accent: style.getPropertyValue("--accent") };
      this.overlay.draw(this.tiles, this.place(), look);
    });
  }

  // Codes with the labels that Python has not confirmed yet, where classes are what is shown.
  shownCodes() {
    if (this.data.paint.scale || !this.queue.open.length) return this.codes;
    const codes = this.codes.slice();
    for (const { slide, tile, kind, class: id } of this.queue.open) {
      if (slide !== this.data.slide || tile === undefined) continue;
      const place = this.data.paint.entries.findIndex((entry) => entry.name === this.data.classes.find((one) => one.id === id)?.name);
      codes[tile] = kind === "label" && place >= 0 ? place : NO_CODE;
    }
    return codes;
  }

  // --- mouse ------------------------------------------------------------------------------------------------------

  // The tile under the pointer; of the hidden ones none.
  tileAt(event) {
    if (!this.tiles) return -1;
    const box = this.frame.getBoundingClientRect();
    const { scale, left, top } = this.place();
    return this.tiles.at((event.clientX - box.left - left) / scale, (event.clientY - box.top - top) / scale, this.look.layer);
  }

  hoverAt(event) {
    const tile = event && !event.buttons ? this.tileAt(event) : -1;
    if (tile !== this.hovered) this.draw();
    this.hovered = tile;
    this.frame.classList.toggle("over", tile >= 0);
    const row = tile >= 0 && tile !== this.chosen ? this.tiles.row[tile] : -1; // the panel tells of the chosen one
    const box = this.frame.getBoundingClientRect();
    const pixel = event ? [event.clientX - box.left, event.clientY - box.top] : null;
    this.hover.show(row, pixel, { width: box.width, height: box.height }, this.cards, tile >= 0 ? this.stateOf(tile) : null);
  }

  click(event) {
    const moved = this.from && Math.hypot(event.clientX - this.from[0], event.clientY - this.from[1]) > SLIDE_SLACK;
    if (this.from && !moved) this.choose(this.tileAt(event));
    this.from = null;
  }

  choose(tile) {
    if (tile >= 0) this.look.layer = this.tiles.layer[tile];
    this.chosen = tile;
    this.hover.show(-1);
    this.drawAll();
  }

  // --- keys and labels --------------------------------------------------------------------------------------------

  key(event) {
    if (!meantFor(this.root, event) || event.repeat) return;
    const key = commandKey(event);
    const named = this.data.classes.find((one) => one.key && one.key === key);
    const act = named && this.chosen >= 0 ? () => this.label(named, "key") : this.command(key);
    if (!key || !act) return;
    event.preventDefault();
    act();
  }

  command(key) {
    if (key in SLIDE_STEPS) return this.chosen >= 0 ? () => this.step(...SLIDE_STEPS[key]) : undefined;
    return {
      "+": () => this.zoom.zoomAt(SLIDE_FACTOR),
      "=": () => this.zoom.zoomAt(SLIDE_FACTOR),
      "-": () => this.zoom.zoomAt(1 / SLIDE_FACTOR),
      0: () => this.zoom.reset(),
      "?": () => this.keys.toggle(),
      "ctrl+z": () => this.undo(),
      Backspace: () => this.clear(),
      Escape: () => (this.keys.shown ? this.keys.toggle(false) : this.choose(-1)),
    }[key];
  }

  step(right, down) {
    const { x, y, cell } = this.tiles;
    const next = this.tiles.at(x[this.chosen] + right * cell[this.chosen], y[this.chosen] + down * cell[this.chosen], this.look.layer);
    if (next >= 0) this.choose(next);
  }

  label(one, how) {
    if (this.chosen >= 0) this.send({ kind: "label", class: one.id, how });
  }

  clear() {
    if (this.chosen >= 0 && this.labelOf(this.chosen)) this.send({ kind: "clear" });
  }

  undo() {
    this.queue.add({ kind: "undo", table: this.data.table });
    this.drawAll();
  }

  send(event) {
    const row = this.tiles.row[this.chosen];
    this.queue.add({ ...event, tile: this.chosen, slide: this.data.slide, table: this.data.table, ...packRows([row], this.data.count) });
    this.drawAll();
  }
}
