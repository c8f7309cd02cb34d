// The card beside the pointer: thumbnail, file name, what colours the point, and the table's columns.

const HOVER_DWELL = 90; // milliseconds on a point before its card opens; none once a card is open
const HOVER_COLUMNS = 4; // columns of the table shown at most, unless told otherwise

class Hover {
  constructor(columns = HOVER_COLUMNS) {
    this.columns = columns;
    this.picture = node("img", { alt: "", draggable: "false" });
    this.lines = node("div", { class: "lines" });
    this.element = node("div", { class: "card panel", hidden: true }, this.picture, this.lines);
    this.row = -1;
  }

  // Show the card of a row at a pixel; `line` = {colour, text} says how it is coloured. Row -1 hides it.
  show(row, pixel, size, cards, line) {
    if (row === this.row) return;
    this.row = row;
    clearTimeout(this.timer);
    if (row < 0) {
      this.element.hidden = true;
      return;
    }
    this.timer = setTimeout(() => this.open(row, pixel, size, cards, line), this.element.hidden ? HOVER_DWELL : 0);
  }

  async open(row, [x, y], size, cards, line) {
    this.picture.src = cards.thumb(row);
    this.lines.replaceChildren(this.paintLine(line));
    this.element.hidden = false;
    this.put(x, y, size);
    const card = await cards.card(row).catch(() => null);
    if (!card || row !== this.row) return;
    const known = Object.entries(card.columns).filter(([name, value]) => value !== "" && !name.startsWith("folder_"));
    const columns = known.slice(0, this.columns);
    this.lines.replaceChildren(
      node("div", { class: "path" }, card.path.split("/").pop()),
      this.paintLine(line),
      ...columns.map(([name, value]) => node("div", { class: "fact" }, node("span", {}, name.replaceAll("_", " ")), String(value))),
    );
    this.put(x, y, size);
  }

  paintLine({ colour, text }) {
    return node("div", { class: "paint" }, node("i", colour ? { style: `background:${colour}` } : { class: "none" }), text);
  }

  // Beside the point, on the side where there is room.
  put(x, y, { width, height }) {
    const box = this.element.getBoundingClientRect();
    const left = x + 16 + box.width > width ? x - 16 - box.width : x + 16;
    const top = Math.min(Math.max(8, y - box.height / 2), Math.max(8, height - box.height - 8));
    this.element.style.transform = `translate(${Math.round(Math.max(4, left))}px, ${Math.round(top)}px)`;
  }
}
