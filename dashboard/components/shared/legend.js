// The legend: one line a colour with its count. A click hides or shows it, a double click or alt-click shows it alone.

const TOOLBAR_WIDTH = 380; // pixels; a legend that would reach it stands lower

class Legend {
  // `changed` is called with the set of hidden codes.
  constructor(changed) {
    this.changed = changed;
    this.hidden = new Set();
    this.title = node("button", { class: "title", "aria-expanded": "true", onclick: () => this.fold() });
    this.lines = node("div", { class: "lines" });
    this.element = node("div", { class: "legend panel", role: "group", "aria-label": "Legend" }, this.title, this.lines);
  }

  fold() {
    const folded = this.element.classList.toggle("folded");
    this.title.setAttribute("aria-expanded", String(!folded));
  }

  // `counts` = images per code; `chosen` = selected ones per code, or null without a selection.
  update(paint, counts, chosen) {
    const identity = JSON.stringify([paint.title, paint.scale, paint.entries.map((entry) => entry.name)]);
    if (identity !== this.identity) this.hidden.clear();
    this.identity = identity;
    this.title.replaceChildren(node("span", {}, paint.title), icon("M6 8l4 4 4-4"));
    const codes = paint.scale ? [] : paint.entries.map((_, code) => code);
    if (counts[NO_CODE]) codes.push(NO_CODE);
    this.codes = codes;
    const lines = codes.map((code) => this.line(code, paint.entries[code] ?? { name: paint.none }, counts, chosen));
    this.lines.replaceChildren(...(paint.scale ? [this.bar(paint)] : []), ...lines);
  }

  // Stand in the corner where the panel hides the fewest points; `pixels` = [[x, y], …] of some of them.
  settle(pixels, { width, height }) {
    const { offsetWidth: wide, offsetHeight: high } = this.element;
    const corners = { "top right": [width - wide, 0], "top left": [0, 46], "bottom right": [width - wide, height - high], "bottom left": [0, height - high] };
    const hides = ([left, top]) => pixels.filter(([x, y]) => x > left - 20 && x < left + wide + 20 && y > top - 20 && y < top + high + 20).length;
    const [best] = Object.keys(corners).sort((one, other) => hides(corners[one]) - hides(corners[other]));
    this.element.dataset.corner = best;
    this.element.classList.toggle("lowered", width - wide < TOOLBAR_WIDTH);
  }

  line(code, entry, counts, chosen) {
    const shown = !this.hidden.has(code);
    const swatch = node("i", { style: entry.colour ? `background:${entry.colour}` : "", class: entry.colour ? "" : "none" });
    const count = chosen ? `${chosen[code].toLocaleString("en")} / ${counts[code].toLocaleString("en")}` : counts[code].toLocaleString("en");
    return node(
      "button",
      {
        class: shown ? "line" : "line off",
        "aria-pressed": String(shown),
        title: "Click: hide or show. Double click: show it alone.",
        onclick: (event) => (event.altKey || event.detail === 2 ? this.isolate(code) : this.toggle(code)),
      },
      swatch,
      node("span", { class: "name" }, entry.name),
      node("span", { class: "numbers count" }, count),
    );
  }

  bar(paint) {
    const ends = node("div", { class: "ends numbers" }, node("span", {}, shortNumber(paint.low)), node("span", {}, shortNumber(paint.high)));
    return node("div", { class: "bar" }, node("div", { class: "ramp", style: `background:${scaleGradient(paint.scale)}` }), ends);
  }

  toggle(code) {
    if (!this.hidden.delete(code)) this.hidden.add(code);
    this.changed();
  }

  // Show one code alone; the same again shows all.
  isolate(code) {
    const others = this.codes.filter((other) => other !== code);
    const alone = !this.hidden.has(code) && others.every((other) => this.hidden.has(other));
    this.hidden = new Set(alone || this.before === code ? [] : others);
    this.before = alone || this.before === code ? null : code;
    this.changed();
  }
}

const shortNumber = (value) => Number(value.toPrecision(4)).toLocaleString("en", { maximumSignificantDigits: 4 });
