// One image at its native resolution, over the whole page: zoom, what is known of it, what is like it, labels by key.

const VIEWER_KEYS = [["← →", "next"], ["X", "compare"], ["/", "find a class"], ["Esc", "close"]];

class Viewer {
  // `grid` offers data, cards, labelOf(row), captionOf(row), step(by), give(command), similar(row).
  constructor(grid) {
    this.grid = grid;
    this.row = null;
    this.image = node("img", { alt: "", draggable: "false" });
    this.frame = node("div", { class: "picture" }, this.image);
    this.name = node("h2", {});
    this.facts = new Facts();
    this.chips = node("div", { class: "chips" });
    this.alike = new Alike(grid, (row) => this.visit(row));
    this.exemplars = new Exemplars(grid);
    this.below = node("div", { class: "below" }, this.alike.element, this.exemplars.element);
    const stage = node("div", { class: "main" }, this.frame, this.below);
    this.element = node("dialog", { class: "viewer", tabindex: "-1", "aria-label": "Image" }, stage, this.side());
    this.zoom = new Zoom(this.frame, this.image);
    this.image.onload = () => this.sharpen();
    this.image.onerror = () => this.fallBack();
    this.element.onclose = () => this.left();
  }

  side() {
    const tool = (title, path, act) => node("button", { class: "tool", title, "aria-label": title, onclick: act }, icon(path));
    this.back = tool("Back to the image before", "M8 5L4 9l4 4M4 9h7.500a4 4 0 0 1 0 8H9", () => this.visit(this.trail.pop(), false));
    const arrows = [tool("Previous (←)", "M12 4.500L6.500 10l5.500 5.500", () => this.grid.step(-1)), tool("Next (→)", "M8 4.500L13.500 10 8 15.500", () => this.grid.step(1))];
    const close = tool("Close (Esc)", "M5.500 5.500l9 9M14.500 5.500l-9 9", () => this.close());
    const head = node("div", { class: "head" }, ...arrows, this.back, node("span", { class: "grow" }), close);
    const similar = node("button", { class: "wide", onclick: () => this.similar() }, node("kbd", {}, "S"), "Find what is like it");
    const keys = node("p", { class: "hint" }, ...VIEWER_KEYS.flatMap(([key, does]) => [node("span", {}, ...key.split(" ").map((cap) => node("kbd", {}, cap)), does)]));
    return node("aside", {}, head, this.name, this.chips, this.facts.element, node("span", { class: "grow" }), ...(this.grid.data.similar ? [similar] : []), keys);
  }

  get opened() {
    return this.row !== null;
  }

  // The image in focus in the grid.
  open(row) {
    this.trail = [];
    this.show(row);
  }

  // Another image, perhaps none of the grid's; the way back is kept.
  visit(row, forth = true) {
    if (row === undefined) return;
    if (forth) this.trail.push(this.row);
    this.show(row);
  }

  async show(row) {
    if (!this.element.open) this.element.showModal();
    const { activeElement } = this.element.getRootNode();
    if (!this.element.contains(activeElement) || row !== this.row) this.element.focus();
    const moved = row !== this.row;
    this.row = row;
    this.back.hidden = !this.trail.length;
    this.draw();
    this.ask();
    if (!moved) return;
    this.zoom.reset();
    this.image.src = this.grid.cards.thumb(row);
    const card = await this.grid.cards.card(row).catch(() => null);
    if (!card || row !== this.row) return;
    this.image.src = card.image;
    this.image.alt = card.path;
    this.name.textContent = card.path.split("/").pop();
    this.facts.describe(card);
  }

  // The file is gone, or no picture any more: its thumbnail is left.
  fallBack() {
    const thumb = this.grid.cards.thumb(this.row);
    if (this.row === null || this.image.src.endsWith(thumb)) return;
    this.image.src = thumb;
    this.name.textContent = `${this.image.alt.split("/").pop()}: the file cannot be shown, only its thumbnail`;
  }

  // Ask who labelled it and what is like it; asked anew after every label.
  async ask() {
    const { row } = this;
    const answer = await fetchOk(this.grid.data.about.replace("ROW", row)).catch(() => null);
    const about = await answer?.json();
    if (!about || row !== this.row) return;
    this.about = { row, ...about };
    this.draw();
  }

  // A small image is shown with its own pixels rather than blurred.
  sharpen() {
    const shown = Math.min(this.frame.clientWidth / this.image.naturalWidth, this.frame.clientHeight / this.image.naturalHeight);
    this.image.style.imageRendering = shown > 8 ? "pixelated" : "auto";
  }

  // What may change while the image stays.
  draw() {
    const { row, grid } = this;
    const label = grid.labelOf(row);
    const about = this.about?.row === row ? this.about : null;
    const identity = JSON.stringify([row, label, about, grid.data.classes, grid.data.labelling, Boolean(grid.cards.bytes)]);
    this.exemplars.drawFor(row);
    if (identity === this.drawn) return;
    this.drawn = identity;
    const chips = grid.data.classes.map((one) => {
      const given = label?.class.id === one.id;
      return classChip(one, { labelling: grid.data.labelling, given, percent: given ? label.percent : null, give: () => grid.give({ kind: "label", class: one }) });
    });
    this.chips.replaceChildren(...chips);
    this.facts.judge(label, about?.label ?? null, grid.captionOf(row));
    this.alike.draw(about);
  }

  similar() {
    const { row } = this;
    this.close();
    this.grid.similar(row);
  }

  close() {
    this.element.close();
    this.left();
  }

  left() {
    if (!this.opened) return;
    this.row = null;
    this.grid.scroller.focus({ preventScroll: true });
    this.grid.paint();
  }
}
