// The grid: thumbnails of the images that Python names, selected and labelled by mouse and keys.
//
// A label is painted at once; while its event is open it counts more than what Python last said. Python may then send
// other rows: selection is kept by row of the table, the focus by row or else by place.

const SIZES = { min: 56, max: 256, step: 8 };
const SELECT_PATIENCE = 200; // milliseconds after which a changed selection is reported
const grids = new WeakMap();
const chosenSizes = new Map(); // shelf → size of thumbnails chosen in this page

export default function ({ parentElement, data, setStateValue }) {
  if (!grids.has(parentElement)) grids.set(parentElement, new Grid(parentElement, data));
  const grid = grids.get(parentElement);
  grid.queue.connect((value) => setStateValue("events", value));
  grid.receive(data);
  return () => setTimeout(() => parentElement.isConnected || grid.leave()); // also called for a render that was overtaken
}

class Grid {
  constructor(parent, data) {
    this.data = data;
    this.queue = new EventQueue(data.shelf);
    this.choice = new Choice();
    this.order = [];
    this.tiles = new Map(); // position → Tile in the page
    this.spare = [];
    this.build(parent);
    this.commands = new Commands(this);
    this.watch = new ResizeObserver(() => this.arrange());
    this.watch.observe(this.scroller);
  }

  build(parent) {
    const size = chosenSizes.get(this.data.shelf) ?? this.data.size;
    this.slider = node("input", { type: "range", ...SIZES, value: size, "aria-label": "Size of the thumbnails", title: "Size of the thumbnails" });
    this.slider.oninput = () => this.resize();
    this.slider.onchange = () => this.scroller.focus();
    this.status = node("span", { class: "numbers status", role: "status" });
    this.chips = node("div", { class: "chips" });
    this.title = node("span", { class: "title" });
    this.back = node("button", { class: "tool", title: "Back", "aria-label": "Back", onclick: () => this.send({ kind: "close" }) }, icon("M12 4.500L6.500 10l5.500 5.500"));
    const help = node("button", { class: "tool", title: "Keys (?)", "aria-label": "Keys", onclick: () => this.keys.toggle() }, "?");
    const head = node("div", { class: "bar" }, node("div", { class: "line" }, this.back, this.title, this.status, this.slider, help), this.chips);
    this.sheet = node("div", { class: "sheet" });
    this.scroller = node("div", { class: "scroller", tabindex: "0", role: "listbox", "aria-multiselectable": "true", "aria-label": "Images" }, this.sheet);
    this.nothing = node("div", { class: "nothing" });
    this.keys = new KeySheet(GRID_KEYS);
    this.viewer = new Viewer(this);
    this.root = node("div", { class: "grid" }, head, this.scroller, this.nothing, this.keys.element, this.viewer.element);
    this.scroller.onscroll = () => this.paint();
    this.sheet.onclick = (event) => this.click(event);
    this.sheet.ondblclick = (event) => this.open(this.positionOf(event));
    parent.append(this.root);
  }

  leave() {
    this.commands.close();
    this.watch.disconnect();
    this.queue.close();
  }

  // --- what Python says -------------------------------------------------------------------------------------------

  receive(data) {
    const focused = this.order[this.choice.focus];
    const moved = data.rows !== this.data.rows || !this.order.length;
    this.data = data;
    this.queue.acknowledge(data.acknowledged);
    if (!this.cards?.matches(data)) this.cards = new Cards(data);
    this.cards.contents.then(() => this.paint(), (error) => this.tell(error.message));
    this.order = [...unpack(data.rows, Int32Array)];
    this.labels = unpack(data.labels, Int16Array);
    this.pseudo = unpack(data.pseudo, Uint8Array);
    this.percent = unpack(data.percent, Uint8Array);
    this.place = new Map(this.order.map((row, position) => [row, position]));
    if (moved) this.choice.settle(this.order, focused);
    if (data.selected !== null && !this.queue.open.some((event) => event.kind === "select") && !this.reporting)
      this.choice.rows = new Set(unpackRows(data.selected, data.count));
    this.root.style.height = `${data.height}px`;
    this.title.textContent = data.title;
    this.back.hidden = !data.closable;
    this.nothing.textContent = data.empty;
    this.nothing.hidden = this.order.length > 0;
    if (this.queue.problem) this.tell(this.queue.problem);
    if (moved && !this.place.has(focused)) this.scroller.scrollTop = 0;
    this.arrange();
  }

  // The label of a row as it will be once every open event is handled; null for none.
  labelOf(row) {
    const event = this.queue.open.findLast((open) => this.painted(open)?.has(row));
    if (event) {
      const one = this.data.classes.find((known) => known.id === event.class);
      return one ? { class: one, pseudo: false, percent: null } : null;
    }
    const position = this.place.get(row);
    const one = this.data.classes[this.labels[position]];
    if (!one) return null;
    const percent = this.percent[position];
    return { class: one, pseudo: Boolean(this.pseudo[position]), percent: percent === 255 ? null : percent };
  }

  // The rows that an open event gives a label or takes it from.
  painted(event) {
    if (event.kind !== "label" && event.kind !== "clear") return null;
    this.about ??= new WeakMap();
    if (!this.about.has(event)) this.about.set(event, new Set(rowsOf(event, event.count)));
    return this.about.get(event);
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  resize() {
    chosenSizes.set(this.data.shelf, Number(this.slider.value));
    const first = this.order.length ? Math.floor(this.scroller.scrollTop / this.layout.step) * this.layout.columns : 0;
    this.arrange();
    this.scroller.scrollTop = this.layout.at(first)[1] - GRID_GAP;
    this.paint();
  }

  arrange() {
    const captions = this.data.captions !== null || this.data.classes.length > 0;
    this.root.classList.toggle("captioned", captions);
    this.layout = new Layout(this.scroller.clientWidth, Number(this.slider.value), this.order.length, captions);
    this.sheet.style.height = `${this.layout.height}px`;
    this.paint();
  }

  // Bring the page into agreement with what is in sight.
  paint() {
    if (!this.layout) return;
    const [first, last] = this.layout.inSight(this.scroller.scrollTop, this.scroller.clientHeight);
    for (const [position, tile] of this.tiles) {
      if (position >= first && position < last) continue;
      tile.element.remove();
      this.tiles.delete(position);
      this.spare.push(tile);
    }
    for (let position = first; position < last; position++) {
      if (!this.tiles.has(position)) this.tiles.set(position, this.spare.pop() ?? new Tile());
      const tile = this.tiles.get(position);
      tile.show(this.view(position));
      if (!tile.element.isConnected) this.sheet.append(tile.element);
      tile.position = tile.element.dataset.position = position;
    }
    this.scroller.setAttribute("aria-activedescendant", `image-${this.choice.focus}`);
    this.drawBar();
    if (this.viewer.opened) this.viewer.drawLabel();
  }

  view(position) {
    const row = this.order[position];
    return {
      position,
      id: `image-${position}`,
      count: this.order.length,
      url: this.cards.thumb(row),
      place: this.layout.at(position),
      size: this.layout.tile,
      selected: this.choice.rows.has(row),
      focused: position === this.choice.focus,
      label: this.labelOf(row),
      caption: this.data.captions?.[position],
    };
  }

  drawBar() {
    const [count, selected] = [this.order.length, this.choice.rows.size];
    if (!this.told) this.status.textContent = selected ? `${selected.toLocaleString("en")} of ${plural(count, "image")} selected` : this.data.note || plural(count, "image");
    const identity = JSON.stringify([this.data.classes, this.data.labelling]);
    if (identity === this.drawn) return;
    this.drawn = identity;
    const chips = (this.data.labelling ? this.data.classes : []).map((one) =>
      node("button", { class: "chip", style: chipStyle(one), title: `Label as ${one.name}`, onclick: () => this.give({ kind: "label", class: one }) }, ...(one.key ? [node("kbd", {}, one.key)] : []), node("span", {}, one.name)),
    );
    this.chips.replaceChildren(...chips);
    this.chips.hidden = !chips.length;
  }

  // Say something in the place of the counts for a while.
  tell(text) {
    clearTimeout(this.told);
    this.status.textContent = text;
    this.told = setTimeout(() => {
      this.told = undefined;
      this.drawBar();
    }, 4000);
  }

  // --- mouse ------------------------------------------------------------------------------------------------------

  positionOf(event) {
    const tile = event.target.closest(".tile");
    return tile ? Number(tile.dataset.position) : -1;
  }

  click(event) {
    const position = this.positionOf(event);
    if (position < 0 || event.detail > 1) return;
    this.choice.click(this.order, position, { range: event.shiftKey, toggle: event.ctrlKey || event.metaKey });
    this.changed();
  }

  open(position) {
    if (position < 0 || position >= this.order.length) return;
    this.focusOn(position);
    this.viewer.open(this.order[position]);
  }

  // --- what is done -----------------------------------------------------------------------------------------------

  // Change what is selected; `how` is called with the Choice.
  choose(how) {
    how(this.choice);
    this.changed();
  }

  changed() {
    this.paint();
    if (!this.data.report) return;
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => {
      this.reporting = undefined;
      this.send({ kind: "select" }, [...this.choice.rows], { latest: true });
    }, SELECT_PATIENCE);
  }

  focusOn(position) {
    this.choice.focus = Math.max(0, Math.min(this.order.length - 1, position));
    this.scroller.scrollTop = this.layout.reveal(this.choice.focus, this.scroller.scrollTop, this.scroller.clientHeight);
    this.paint();
  }

  step(by, selecting = false) {
    if (!this.order.length) return;
    this.focusOn(this.choice.focus + by);
    if (!selecting) this.choice.anchor = this.choice.focus;
    if (selecting) this.choose((choice) => choice.range(this.order, choice.anchor, choice.focus, false));
    if (this.viewer.opened) this.viewer.open(this.order[this.choice.focus]);
  }

  // Do {kind, class} to the selection, or else to the image in focus and go on to the next.
  give({ kind, class: one }) {
    const selection = this.viewer.opened ? [] : [...this.choice.rows];
    const rows = selection.length ? selection : this.order.slice(this.choice.focus, this.choice.focus + 1);
    if (!rows.length) return;
    this.send({ kind, class: one?.id }, rows);
    this.tell(`${plural(rows.length, "image")} ${{ label: `→ ${one?.name}`, clear: "cleared", skip: "skipped" }[kind]}`);
    if (selection.length) this.choice.none();
    if (!selection.length) this.step(1);
    this.changed();
  }

  similar(row) {
    if (row !== undefined && this.data.similar) this.send({ kind: "similar" }, [row]);
  }

  send(event, rows = [], options = {}) {
    this.queue.add({ ...event, ...packRows(rows, this.data.count), count: this.data.count, table: this.data.table }, options);
  }
}
