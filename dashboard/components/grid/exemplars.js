// The image in question beside examples of each class, to compare before deciding (X shows them, Shift+X more of each).

const EXEMPLAR_STEPS = [1, 3, 6]; // examples of each class

class Exemplars {
  // `grid` offers data, cards, give(command), viewRow(row).
  constructor(grid) {
    this.grid = grid;
    this.step = 0;
    this.element = node("div", { class: "compare", role: "group", "aria-label": "Examples of each class", hidden: true });
  }

  get shown() {
    return !this.element.hidden;
  }

  toggle(shown = !this.shown) {
    this.element.hidden = !shown;
  }

  // The next number of examples, from the most back to the least.
  more() {
    this.step = this.shown ? (this.step + 1) % EXEMPLAR_STEPS.length : this.step;
    this.toggle(true);
  }

  draw(row) {
    if (!this.shown || row === undefined) return;
    const { data, cards } = this.grid;
    const identity = JSON.stringify([row, this.step, data.classes, data.exemplars, Boolean(cards.bytes)]);
    if (identity === this.drawn) return;
    this.drawn = identity;
    const count = EXEMPLAR_STEPS[this.step];
    const columns = data.classes.map((one, place) => this.column(one, (data.exemplars[place] ?? []).slice(0, count)));
    const question = node("figure", { class: "question" }, node("img", { src: cards.thumb(row), alt: "The image in focus" }), node("figcaption", {}, "this image"));
    const more = node("button", { class: "tool more", title: `${count === 6 ? "Fewer" : "More"} of each (Shift X)`, "aria-label": `${count === 6 ? "Fewer" : "More"} examples of each class`, onclick: () => this.again() }, count === 6 ? "−" : "+");
    this.element.replaceChildren(question, node("div", { class: "columns" }, ...columns), more);
  }

  again() {
    this.more();
    this.grid.paint();
  }

  column(one, rows) {
    const { grid } = this;
    const pictures = rows.map((row, place) =>
      node("button", { class: "example", "aria-label": `Open example ${place + 1} of ${one.name}`, onclick: () => grid.viewRow(row) }, node("img", { src: grid.cards.thumb(row), alt: "" })),
    );
    const none = node("span", { class: "example none", title: "Nothing is labelled so yet" });
    return node("div", { class: "column", style: chipStyle(one) }, node("div", { class: "examples" }, ...(pictures.length ? pictures : [none])), classChip(one, { labelling: grid.data.labelling, give: () => grid.give({ kind: "label", class: one }) }));
  }
}
