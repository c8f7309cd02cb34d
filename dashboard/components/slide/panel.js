// The tile that was clicked: large, at every scale of its field, with what is known of it and the classes to give it.

const PANEL_HIDDEN = ["slide", "field", "extent", "magnification", "x", "y"]; // columns that the view tells already

class TilePanel {
  // `view` offers data, cards, tiles, stateOf(tile), choose(tile), label(class, how), clear(), undo().
  constructor(view) {
    this.view = view;
    this.image = node("img", { alt: "", draggable: "false" });
    this.frame = node("div", { class: "large" }, this.image);
    this.zoom = new Zoom(this.frame, this.image);
    this.state = node("div", { class: "paint" });
    this.scales = node("div", { class: "scales", role: "group", "aria-label": "Scales of this field" });
    this.classes = node("div", { class: "classes" });
    this.facts = node("dl", {});
    const undo = node("button", { class: "wide", onclick: () => view.undo() }, node("kbd", {}, "Ctrl Z"), "Undo");
    const clear = node("button", { class: "wide", onclick: () => view.clear() }, node("kbd", {}, "⌫"), "Take the label away");
    this.commands = node("div", { class: "commands" }, clear, undo);
    this.saved = node("div", { class: "saved", role: "status" });
    this.hint = node("div", { class: "hint" }, icon("M4 7.500V4h3.500M12.500 4H16v3.500M16 12.500V16h-3.500M7.500 16H4v-3.500M7.500 10h5M10 7.500v5"), node("p", {}, "Click a place on the slide to see its tile, at every scale, and to label it."));
    this.body = node("div", { class: "body" }, this.frame, this.scales, this.state, this.classes, this.commands, this.facts);
    this.element = node("aside", { "aria-label": "Tile" }, this.hint, this.body, this.saved);
  }

  draw(tile) {
    const shown = tile >= 0;
    [this.hint.hidden, this.body.hidden] = [shown, !shown];
    const open = this.view.queue.open.length;
    this.saved.textContent = this.view.queue.problem || (open ? "Saving …" : this.view.data.saved);
    this.saved.classList.toggle("problem", Boolean(this.view.queue.problem));
    this.saved.dataset.open = open;
    if (!shown) return;
    this.drawState(tile);
    this.drawClasses(tile);
    this.drawScales(tile);
    if (tile !== this.tile) this.load(tile);
  }

  // Its thumbnail at once, then its own pixels and its columns.
  async load(tile) {
    this.tile = tile;
    const { cards, tiles } = this.view;
    const row = tiles.row[tile];
    this.zoom.reset();
    this.image.src = cards.thumb(row);
    const card = await cards.card(row).catch(() => null);
    if (!card || tile !== this.tile) return;
    this.image.src = card.image;
    this.image.alt = card.path;
    const known = Object.entries(card.columns).filter(([name, value]) => value !== "" && !PANEL_HIDDEN.includes(name));
    const side = `${Math.round(tiles.side[tile]).toLocaleString("en")} px of the slide`;
    const centre = `${Math.round(tiles.x[tile]).toLocaleString("en")}, ${Math.round(tiles.y[tile]).toLocaleString("en")}`;
    const facts = [["tile", `${card.width} × ${card.height} px`], ["covers", side], ["centre", centre], ...known];
    this.facts.replaceChildren(...facts.flatMap(([name, value]) => [node("dt", {}, said(name)), node("dd", {}, String(value))]));
  }

  drawState(tile) {
    const { colour, text } = this.view.stateOf(tile);
    this.state.replaceChildren(node("i", colour ? { style: `background:${colour}` } : { class: "none" }), text);
  }

  drawClasses(tile) {
    const given = this.view.labelOf(tile);
    const rows = this.view.data.classes.map((one) =>
      node(
        "button",
        { class: one.id === given ? "class marked" : "class", style: `--class:${one.colour}`, onclick: () => this.view.label(one, "click") },
        one.key ? node("kbd", {}, one.key) : "",
        node("span", { class: "name", title: one.name }, one.name),
      ),
    );
    this.classes.replaceChildren(...rows);
  }

  drawScales(tile) {
    const { tiles, cards, data } = this.view;
    const siblings = tiles.siblings(tile);
    this.scales.hidden = siblings.length < 2;
    const shots = siblings.map((other) =>
      node(
        "button",
        { class: other === tile ? "scale shown" : "scale", "aria-pressed": String(other === tile), onclick: () => this.view.choose(other) },
        node("img", { src: cards.thumb(tiles.row[other]), alt: "" }),
        node("span", {}, data.layers[tiles.layer[other]].name),
      ),
    );
    this.scales.replaceChildren(...shots);
  }
}

const said = (name) => ({ mpp: "µm per pixel" })[name] ?? name.replaceAll("_", " ");
