// The bar above the thumbnails: what is shown, what has just happened, the size, the classes with their keys.

const SIZES = { min: 56, max: 256, step: 8 };
const chosenSizes = new Map(); // shelf → size of thumbnails chosen in this page

class Bar {
  // `grid` offers data, order, choice, exemplars, keys and what is done in it.
  constructor(grid) {
    this.grid = grid;
    const size = chosenSizes.get(grid.data.shelf) ?? grid.data.size;
    this.slider = node("input", { type: "range", ...SIZES, value: size, "aria-label": "Size of the thumbnails", title: "Size of the thumbnails" });
    this.slider.oninput = () => this.resize();
    this.slider.onchange = () => grid.scroller.focus();
    this.status = node("span", { class: "numbers status", role: "status" });
    this.chips = node("div", { class: "chips" });
    this.title = node("span", { class: "title" });
    this.back = node("button", { class: "tool", title: "Back", "aria-label": "Back", onclick: () => grid.send({ kind: "close" }) }, icon("M12 4.500L6.500 10l5.500 5.500"));
    this.comparing = node("button", { class: "tool", title: "Compare with examples of each class (X)", "aria-label": "Compare with examples of each class", onclick: () => grid.compare(grid.exemplars, false) }, icon("M3 4.500h5.500v11H3zM11.500 4.500H17v11h-5.500zM10 2.500v15"));
    this.finding = node("button", { class: "tool", title: "Find a class by its name (/)", "aria-label": "Find a class by its name", onclick: () => grid.find() }, "/");
    const help = node("button", { class: "tool", title: "Keys (?)", "aria-label": "Keys", onclick: () => grid.keys.toggle() }, "?");
    this.element = node("div", { class: "bar" }, node("div", { class: "line" }, this.back, this.title, this.status, this.slider, this.comparing, this.finding, help), this.chips);
  }

  get size() {
    return Number(this.slider.value);
  }

  resize() {
    chosenSizes.set(this.grid.data.shelf, this.size);
    this.grid.resize();
  }

  draw() {
    const { data, order, choice, exemplars } = this.grid;
    const said = choice.size ? `${choice.size.toLocaleString("en")} of ${order.length.toLocaleString("en")} selected` : data.note || plural(order.length, "image");
    if (!this.told && this.status.textContent !== said) this.status.textContent = this.status.title = said;
    this.comparing.setAttribute("aria-pressed", String(exemplars.shown));
    const identity = JSON.stringify([data.classes, data.labelling, data.title, data.closable, data.exemplars.length]);
    if (identity === this.drawn) return;
    this.drawn = identity;
    this.title.textContent = data.title;
    this.back.hidden = !data.closable;
    this.comparing.hidden = !data.exemplars.length;
    this.drawChips(data);
  }

  drawChips({ classes, labelling }) {
    const chips = labelling ? classes.map((one) => classChip(one, { give: () => this.grid.give({ kind: "label", class: one }) })) : [];
    this.chips.replaceChildren(...chips);
    this.chips.hidden = this.finding.hidden = !chips.length;
  }

  // Say something in the place of the counts for a while.
  tell(text, problem = false) {
    if (this.told && this.status.classList.contains("problem") && !problem) return; // a problem is read to its end
    clearTimeout(this.told);
    this.status.textContent = text;
    this.status.title = text;
    this.status.classList.toggle("problem", problem);
    this.told = setTimeout(() => this.hush(), problem ? 8000 : 4000);
  }

  hush() {
    this.told = undefined;
    this.status.title = "";
    this.status.classList.remove("problem");
    this.draw();
  }
}
