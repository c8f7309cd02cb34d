// One image at its native resolution, over the whole page: zoom, facts, neighbours by arrow, labels by key.

class Viewer {
  // `grid` offers cards, classes, labelOf(row), step(by), give(command), similar(row).
  constructor(grid) {
    this.grid = grid;
    this.image = node("img", { alt: "", draggable: "false" });
    this.frame = node("div", { class: "picture" }, this.image);
    this.name = node("h2", {});
    this.facts = node("dl", {});
    this.chips = node("div", { class: "chips" });
    const close = node("button", { class: "tool", title: "Close (Esc)", "aria-label": "Close", onclick: () => this.close() }, icon("M5.500 5.500l9 9M14.500 5.500l-9 9"));
    const similar = node("button", { class: "wide", onclick: () => this.similar() }, node("kbd", {}, "S"), "Find what is like it");
    const arrows = [["Previous (←)", "M12 4.500L6.500 10l5.500 5.500", -1], ["Next (→)", "M8 4.500L13.500 10 8 15.500", 1]].map(([title, path, by]) =>
      node("button", { class: "tool", title, "aria-label": title, onclick: () => grid.step(by) }, icon(path)),
    );
    for (const arrow of arrows) arrow.tabIndex = -1;
    const head = node("div", { class: "head" }, ...arrows, node("span", { class: "grow" }), close);
    this.side = node("aside", {}, head, this.name, this.chips, this.facts, node("span", { class: "grow" }), ...(grid.data.similar ? [similar] : []));
    this.element = node("dialog", { class: "viewer", tabindex: "-1", "aria-label": "Image" }, this.frame, this.side);
    this.zoom = new Zoom(this.frame, this.image);
    this.image.onload = () => this.sharpen();
    this.element.onclose = () => (this.row = null);
    this.row = null;
  }

  get opened() {
    return this.row !== null;
  }

  async open(row) {
    if (!this.element.open) this.element.showModal();
    this.element.focus();
    const moved = row !== this.row;
    this.row = row;
    this.drawLabel();
    if (!moved) return;
    this.zoom.reset();
    this.image.src = this.grid.cards.thumb(row);
    const card = await this.grid.cards.card(row).catch(() => null);
    if (!card || row !== this.row) return;
    this.image.src = card.image;
    this.image.alt = card.path;
    const facts = { size: `${card.width} × ${card.height}`, ...card.columns };
    this.name.textContent = card.path.split("/").pop();
    const known = Object.entries(facts).filter(([, value]) => value !== "");
    this.facts.replaceChildren(...known.flatMap(([name, value]) => [node("dt", {}, name.replaceAll("_", " ")), node("dd", {}, String(value))]));
  }

  // A small image is shown with its own pixels rather than blurred.
  sharpen() {
    const shown = Math.min(this.frame.clientWidth / this.image.naturalWidth, this.frame.clientHeight / this.image.naturalHeight);
    this.image.style.imageRendering = shown > 8 ? "pixelated" : "auto";
  }

  drawLabel() {
    const label = this.grid.labelOf(this.row);
    const { classes, labelling } = this.grid.data;
    const chips = classes.map((one) => {
      const given = label?.class.id === one.id;
      const attributes = { class: given ? "chip given" : "chip", disabled: !labelling, style: chipStyle(one), "aria-pressed": String(given), title: one.name, onclick: () => this.grid.give({ kind: "label", class: one }) };
      return node("button", attributes, ...(one.key ? [node("kbd", {}, one.key)] : []), node("span", {}, one.name), ...(given && label.percent !== null ? [`${label.percent} %`] : []));
    });
    this.chips.replaceChildren(...chips);
  }

  similar() {
    const { row } = this;
    this.close();
    this.grid.similar(row);
  }

  close() {
    this.element.close();
    this.row = null;
  }
}

const chipStyle = (one) => `--colour:${one.colour};--key-ink:${inkOn(one.colour)}`;
