// The legend: one line a colour with its count. A click hides or shows it, a double click, alt-click or O shows it alone.

const CROWDED = 0.05; // share of the points under a legend above which a small map begins with it folded
const TOOLBAR_WIDTH = 460; // pixels; a legend that would reach it stands lower

class Legend {
  // `changed` is called with the set of hidden codes.
  constructor(changed) {
    this.changed = changed;
    this.hidden = new Set();
    this.range = null; // the bar of a scale, where there is one
    this.all = node("button", { class: "all", onclick: () => this.showAll() }, "Show all");
    this.title = node("button", { class: "title", "aria-expanded": "true", onclick: () => this.fold() });
    this.fresh = true; // nobody has seen it yet
    this.lines = node("div", { class: "lines" });
    this.element = node("div", { class: "legend panel", role: "group", "aria-label": "Legend" }, this.title, this.lines);
  }

  fold(to) {
    const folded = this.element.classList.toggle("folded", to);
    this.title.setAttribute("aria-expanded", String(!folded));
  }

  // `counts` = images per code; `chosen` = selected ones per code, or null without a selection.
  update(paint, counts, chosen) {
    const identity = JSON.stringify([paint.title, paint.scale, paint.low, paint.high, paint.entries.map((entry) => entry.name)]);
    if (identity !== this.identity) {
      this.hidden.clear();
      this.range = paint.scale ? new RangeBar(paint, () => this.narrow()) : null;
      this.title.replaceChildren(node("span", {}, paint.title), icon("M6 8l4 4 4-4"));
    }
    this.identity = identity;
    const codes = paint.scale ? [] : paint.entries.map((_, code) => code);
    if (counts[NO_CODE]) codes.push(NO_CODE);
    this.codes = codes;
    const focused = this.lines.getRootNode().activeElement?.dataset.code;
    for (const old of this.lines.querySelectorAll(".line")) old.remove();
    const lines = codes.map((code) => this.line(code, paint.entries[code] ?? { name: paint.none }, counts, chosen));
    if (this.range && !this.range.element.isConnected) this.lines.prepend(this.range.element);
    if (!this.range) this.lines.querySelector(".bar")?.remove();
    this.lines.append(...lines, this.all);
    this.all.hidden = !this.hidden.size;
    lines.find((line) => line.dataset.code === focused)?.focus({ preventScroll: true });
  }

  // Stand in the corner where the panel hides the fewest points; `pixels` = [[x, y], …] of some of them. In a small map
  // a panel that would hide many even there is folded, until it is opened.
  settle(pixels, { width, height }, small) {
    const { offsetWidth: wide, offsetHeight: high } = this.element;
    const corners = { "top right": [width - wide, 0], "top left": [0, 46], "bottom right": [width - wide, height - high], "bottom left": [0, height - high] };
    const hides = ([left, top]) => pixels.filter(([x, y]) => x > left - 20 && x < left + wide + 20 && y > top - 20 && y < top + high + 20).length;
    const [best] = Object.keys(corners).sort((one, other) => hides(corners[one]) - hides(corners[other]));
    const crowded = small && this.fresh && hides(corners[best]) > CROWDED * pixels.length;
    this.fresh &&= !pixels.length;
    if (crowded) {
      this.fold(true);
      this.settle(pixels, { width, height });
      return;
    }
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
        "data-code": code,
        title: "Click: hide or show. Double click, or O: show it alone.",
        onkeydown: (event) => void (event.key.toLowerCase() === "o" && this.isolate(code)),
        onclick: (event) => (event.altKey || event.detail === 2 ? this.isolate(code) : this.toggle(code)),
      },
      swatch,
      node("span", { class: "name" }, entry.name),
      node("span", { class: "numbers count" }, count),
    );
  }

  toggle(code) {
    if (!this.hidden.delete(code)) this.hidden.add(code);
    this.changed();
  }

  // Show one code alone; the same again shows all.
  isolate(code) {
    const others = (this.range ? Array.from({ length: NO_CODE }, (_, other) => other) : this.codes).filter((other) => other !== code);
    const alone = !this.hidden.has(code) && others.every((other) => this.hidden.has(other));
    const all = alone || this.before === code;
    this.hidden = new Set(all ? [] : others);
    this.before = all ? null : code;
    this.changed();
  }

  // Of a scale, show what lies between its handles.
  narrow() {
    const withoutCode = this.hidden.has(NO_CODE);
    this.hidden = new Set(this.range.outside);
    if (withoutCode) this.hidden.add(NO_CODE);
    this.changed();
  }

  showAll() {
    if (!this.hidden.size) return;
    this.hidden.clear();
    this.range?.reset();
    this.changed();
  }
}
