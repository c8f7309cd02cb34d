// Examples of each class, to compare with before deciding (X shows them, Shift+X more of each).

const EXAMPLE_STEPS = [1, 3, 6]; // examples of each class

class Comparison {
  // `again` is called when another number of examples is wanted by mouse.
  constructor(again) {
    this.again = again;
    this.step = 0;
    this.element = node("div", { class: "compare", role: "group", "aria-label": "Examples of each class", hidden: true });
  }

  get shown() {
    return !this.element.hidden;
  }

  toggle(shown = !this.shown) {
    this.element.hidden = !shown;
  }

  // What X does, and with Shift: the next number of examples, from the most back to the least.
  turn(more) {
    if (!more) return this.toggle();
    this.step = this.shown ? (this.step + 1) % EXAMPLE_STEPS.length : this.step;
    this.toggle(true);
  }

  // `identity` says what is shown, so that the same is not drawn twice; `columns` makes [{one, examples: [{url, open}], chip}];
  // `question` is the address of the image in question, where it does not stand beside anyway.
  draw(identity, columns, question) {
    const drawn = JSON.stringify([identity, this.step]);
    if (!this.shown || drawn === this.drawn) return;
    this.drawn = drawn;
    const count = EXAMPLE_STEPS[this.step];
    const asked = question ? [node("figure", {}, node("img", { src: question, alt: "The image in focus" }), node("figcaption", {}, "this image"))] : [];
    const [sign, word] = this.step === EXAMPLE_STEPS.length - 1 ? ["−", "Fewer"] : ["+", "More"];
    const more = node("button", { class: "more", type: "button", title: `${word} of each (Shift X)`, "aria-label": `${word} examples of each class`, onclick: () => this.further() }, sign);
    this.element.replaceChildren(...asked, node("div", { class: "columns" }, ...columns().map((column) => this.column(column, count))), more);
  }

  further() {
    this.turn(true);
    this.again();
  }

  column({ one, examples, chip }, count) {
    const pictures = examples.slice(0, count).map(({ url, open }, place) => {
      const said = `example ${place + 1} of ${one.name}`;
      if (open) return node("button", { class: "example", "aria-label": `Open ${said}`, onclick: open }, node("img", { src: url, alt: "" }));
      return node("span", { class: "example" }, node("img", { src: url, alt: said }));
    });
    const none = node("span", { class: "example none", title: "Nothing is labelled so yet" });
    return node("div", { class: "column", style: chipStyle(one) }, node("div", { class: "examples" }, ...(pictures.length ? pictures : [none])), chip);
  }
}
