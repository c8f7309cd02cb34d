// The grid: thumbnails of the images that Python names, selected and labelled by mouse and keys.
//
// A label is painted at once; while its event is open it counts more than what Python last said. Python may then send
// other rows: selection is kept by row of the table, the focus by row or else by place.

const SELECT_PATIENCE = 200; // milliseconds after which a changed selection is reported
const grids = new WeakMap();

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
    this.pending = new Pending(this.queue);
    this.choice = new Choice(data.count);
    this.order = new Int32Array(0); // position → row
    this.place = new Int32Array(0); // row → position, -1 where it is not shown
    this.tiles = new Tiles(this);
    this.build(parent);
    this.commands = new Commands(this);
    this.watch = new ResizeObserver(() => this.arrange());
    this.watch.observe(this.scroller);
  }

  build(parent) {
    this.bar = new Bar(this);
    this.sheet = node("div", { class: "sheet" });
    this.scroller = node("div", { class: "scroller", tabindex: "0", role: "listbox", "aria-multiselectable": "true", "aria-label": "Images" }, this.sheet);
    this.tall = new Tall(this.scroller, this.sheet);
    this.band = new Band(this);
    this.nothing = node("div", { class: "nothing" });
    this.keys = new KeySheet(this.data.agreeing ? [...GRID_KEYS, AGREE_KEY] : GRID_KEYS);
    this.exemplars = new Exemplars(this);
    this.palette = new ClassPalette((one) => this.give({ kind: "label", class: one }));
    this.viewer = new Viewer(this);
    this.body = node("div", { class: "body" }, this.scroller, this.nothing, this.exemplars.element);
    this.root = node("div", { class: "grid" }, this.bar.element, this.body, this.keys.element, this.viewer.element);
    this.scroller.onscroll = () => this.scrolled();
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
    const before = this.data;
    const moved = data.rows !== before.rows || data.shown !== before.shown || data.table !== before.table || !this.order.length;
    this.data = data;
    this.queue.acknowledge(data.acknowledged);
    if (!this.cards?.matches(data)) this.cards = new Cards(data);
    this.cards.contents.then(() => this.paint(), (error) => this.bar.tell(error.message, true));
    this.labels = unpackOr(data.labels, Int16Array, data.shown, -1);
    this.pseudo = unpackOr(data.pseudo, Uint8Array, data.shown, 0);
    this.percent = unpackOr(data.percent, Uint8Array, data.shown, 255);
    setHeight(this.root, data.height);
    this.nothing.textContent = data.empty;
    this.nothing.hidden = data.shown > 0;
    if (moved) this.reorder(before.table === data.table);
    if (data.selected !== null && !this.choosing()) this.choice.take(unpackMask(data.selected, data.count));
    this.arrange();
    this.tellRefusals();
    if (this.viewer.opened) this.viewer.ask();
  }

  // Other rows, or the same in another order: the image in focus stays where it is on the screen, if it is still there.
  reorder(sameTable) {
    const { data, choice } = this;
    const focused = this.order[choice.focus];
    const above = this.layout && this.inView(choice.focus) ? this.layout.at(choice.focus)[1] - this.tall.top : null;
    this.order = data.rows === null ? Int32Array.from({ length: data.shown }, (_, row) => row) : unpack(data.rows, Int32Array);
    this.place = new Int32Array(data.count).fill(-1);
    this.order.forEach((row, position) => (this.place[row] = position));
    if (sameTable) choice.settle(this.order, this.place, focused);
    else this.choice = new Choice(data.count);
    this.measure();
    if (!(this.place[focused] >= 0)) this.tall.top = 0;
    else if (above !== null) this.tall.top = this.layout.at(choice.focus)[1] - above;
    this.tiles.reseat();
  }

  // Whether the selection is newer here than what Python says.
  choosing() {
    return this.band.drawn || this.reporting || this.queue.open.some((event) => event.kind === "select" || event.chosen);
  }

  // What was painted and then refused is gone from the tiles by now; say why, and on which.
  tellRefusals() {
    const { refused } = this.queue;
    if (!refused.length) return;
    this.bar.tell(`Not saved: ${refused.at(-1)[1]}`, true);
    this.tiles.refuse((row) => refused.some(([event]) => this.pending.covers(event, row)));
    const [row] = refused.at(-1)[0].kind === "label" ? rowsOf(refused.at(-1)[0]) : [];
    if (this.place[row] >= 0 && !this.viewer.opened) this.focusOn(this.place[row]);
  }

  // The label of a row as it will be once every open event is handled; null for none.
  labelOf(row) {
    const event = this.pending.of(row);
    if (event) {
      const one = this.data.classes.find((known) => known.id === event.class);
      return one ? { class: one, pseudo: false, percent: null } : null;
    }
    const position = this.place[row];
    const one = this.data.classes[this.labels[position]];
    if (!one) return null;
    const percent = this.percent[position];
    return { class: one, pseudo: Boolean(this.pseudo[position]), percent: percent === 255 ? null : percent };
  }

  captionOf(row) {
    return this.data.captions?.[this.place[row]];
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  measure() {
    const captions = this.data.captions !== null || this.data.classes.length > 0;
    this.root.classList.toggle("captioned", captions);
    this.layout = new Layout(this.scroller.clientWidth, this.bar.size, this.order.length, captions);
    this.tall.resize(this.layout.height);
  }

  // The thumbnails have another size: what was first in sight stays so.
  resize() {
    const first = this.order.length ? Math.floor(this.tall.top / this.layout.step) * this.layout.columns : 0;
    this.arrange();
    this.tall.top = this.layout.at(first)[1] - GRID_GAP;
    this.paint();
  }

  arrange() {
    this.measure();
    this.paint();
  }

  scrolled() {
    const { shift } = this.tall;
    this.tall.follow();
    this.tiles.loader.scrolled(this.tall.top, this.tall.view);
    if (shift === this.tall.shift) this.tiles.furnish(false);
    else this.paint();
  }

  // Bring the page into agreement with what is shown.
  paint() {
    if (!this.layout || !this.labels) return;
    this.tiles.furnish(true);
    this.scroller.setAttribute("aria-activedescendant", `image-${this.choice.focus}`);
    this.bar.draw();
    this.exemplars.drawFor(this.order[this.choice.focus]);
    if (this.viewer.opened) this.viewer.draw();
  }

  inView(position) {
    const [, y] = this.layout.at(position);
    return y + this.layout.tile > this.tall.top && y < this.tall.top + this.tall.view;
  }

  // The rows whose pictures no edge cuts.
  seenWhole() {
    const { top, view } = this.tall;
    const whole = (y) => y >= top - 1 && y + this.layout.tile <= top + view + 1;
    return this.order.filter((_, position) => whole(this.layout.at(position)[1]));
  }

  // --- mouse ------------------------------------------------------------------------------------------------------

  positionOf(event) {
    const tile = event.target.closest(".tile");
    return tile ? Number(tile.dataset.position) : -1;
  }

  click(event) {
    const position = this.positionOf(event);
    if (position < 0 || event.detail > 1 || this.band.justEnded) return;
    this.choice.click(this.order, position, { range: event.shiftKey, toggle: event.ctrlKey || event.metaKey });
    this.changed();
  }

  // --- what is done -----------------------------------------------------------------------------------------------

  choose(change) {
    change(this.choice);
    this.changed();
  }

  changed() {
    this.paint();
    if (!this.data.report) return;
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => {
      this.reporting = undefined;
      this.send({ kind: "select" }, this.choice.rows(), { latest: true });
    }, SELECT_PATIENCE);
  }

  focusOn(position) {
    this.choice.focus = Math.max(0, Math.min(this.order.length - 1, position));
    this.tall.top = this.layout.reveal(this.choice.focus, this.tall.top, this.tall.view);
    this.paint();
  }

  step(by, selecting = false) {
    if (!this.order.length) return;
    this.focusOn(this.choice.focus + by);
    if (!selecting) this.choice.anchor = this.choice.focus;
    if (selecting) this.choose((choice) => choice.range(this.order, choice.anchor, choice.focus, false));
    if (this.viewer.opened) this.viewer.open(this.order[this.choice.focus]);
  }

  open(position) {
    if (position < 0 || position >= this.order.length) return;
    this.focusOn(position);
    this.viewer.open(this.order[position]);
  }

  // An image from beside: an example or a neighbour, perhaps none of the grid's.
  viewRow(row) {
    if (this.viewer.opened) this.viewer.visit(row);
    else this.viewer.open(row);
  }

  compare(exemplars, more) {
    exemplars.turn(more);
    this.paint();
  }

  find() {
    const host = this.viewer.opened ? this.viewer.element : this.root;
    this.palette.open(host, this.data.classes);
  }

  // Do {kind, class} to the image in the viewer, else to the selection, else to the one in focus and go on to the next.
  give({ kind, class: one }) {
    const viewed = this.viewer.opened ? this.viewer.row : null;
    const inFocus = this.order.subarray(this.choice.focus, this.choice.focus + 1);
    const chosen = viewed === null && this.choice.size > 0;
    const rows = chosen ? this.choice.rows() : viewed === null ? inFocus : [viewed];
    if (!rows.length) return;
    this.send({ kind, class: one?.id, chosen }, rows);
    this.bar.tell(`${plural(rows.length, "image")} ${{ label: `→ ${one?.name}`, clear: "cleared", skip: "skipped" }[kind]}`);
    if (chosen) this.dismiss();
    else if (rows[0] === inFocus[0]) this.step(1);
    this.paint();
  }

  // The selection has served; Python hears so by what was done with it, and need not run once more for it.
  dismiss() {
    clearTimeout(this.reporting);
    this.reporting = undefined;
    this.choice.none();
  }

  // Take the answers of the selection, else of every image shown, as labels.
  agree() {
    const rows = this.choice.size ? this.choice.rows() : this.order;
    if (!rows.length) return;
    this.send({ kind: "agree" }, rows);
    this.bar.tell(`Agreeing to ${plural(rows.length, "answer")} …`);
  }

  similar(row) {
    if (row !== undefined && this.data.similar) this.send({ kind: "similar" }, [row]);
  }

  send(event, rows = [], options = {}) {
    this.queue.add({ ...event, ...packRows(rows, this.data.count), count: this.data.count, table: this.data.table }, options);
  }
}
