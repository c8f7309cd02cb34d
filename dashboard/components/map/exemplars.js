// Thumbnails laid on the map where their images lie, none over another: more of them the closer one looks.

const EXEMPLAR_SIDE = 58; // pixels
const EXEMPLAR_GAP = 26; // pixels between two at least
const EXEMPLAR_EDGE = 12; // pixels to the map's border at least
const EXEMPLAR_SAMPLE = 4000; // images in sight from which they are chosen
const SHUFFLE = 0x9e3779b1; // times a row, cut to 32 bits: as good as random

class Exemplars {
  constructor() {
    this.element = node("div", { class: "exemplars", "aria-hidden": "true" });
    this.shown = new Map(); // row → its picture
  }

  // Choose anew from some rows in sight, at random, the same each time; who is shown, is `allowed` and still fits stays.
  // `frameOf` gives the colour of a row's frame; `names` = [{x, y, wide}] keep their places.
  settle(rows, { camera, cards, pixelOf, allowed, frameOf, names }) {
    const kept = [...this.shown.keys()].filter(allowed);
    const others = rows.filter(allowed).sort((one, other) => Math.imul(one, SHUFFLE) - Math.imul(other, SHUFFLE));
    const chosen = withoutOverlap([...kept, ...others], pixelOf, camera, names);
    for (const row of this.shown.keys()) if (!chosen.has(row)) this.remove(row);
    for (const row of chosen.keys()) {
      if (!this.shown.has(row)) this.add(row, cards);
      this.shown.get(row).style.setProperty("--colour", frameOf(row));
    }
    this.draw(pixelOf);
  }

  add(row, cards) {
    const picture = node("img", { class: "exemplar", alt: "", draggable: "false", onload: () => picture.classList.add("loaded"), onerror: () => picture.remove() });
    picture.src = cards.thumb(row);
    this.shown.set(row, picture);
    this.element.append(picture);
  }

  remove(row) {
    this.shown.get(row).remove();
    this.shown.delete(row);
  }

  clear() {
    for (const row of this.shown.keys()) this.remove(row);
  }

  draw(pixelOf) {
    for (const [row, picture] of this.shown) {
      const [x, y] = pixelOf(row);
      picture.style.translate = `${(x - EXEMPLAR_SIDE / 2).toFixed(1)}px ${(y - EXEMPLAR_SIDE / 2).toFixed(1)}px`;
    }
  }

  // The row whose thumbnail lies at a pixel, or -1.
  at([x, y], pixelOf) {
    for (const [row, picture] of this.shown) {
      const [centreX, centreY] = pixelOf(row);
      if (picture.isConnected && Math.max(Math.abs(x - centreX), Math.abs(y - centreY)) <= EXEMPLAR_SIDE / 2) return row;
    }
    return -1;
  }
}

// The rows that may have a thumbnail, the first ones first: wholly in sight, and clear of names and of those before.
function withoutOverlap(rows, pixelOf, { width, height }, names) {
  const [reach, side] = [EXEMPLAR_SIDE / 2 + EXEMPLAR_EDGE, EXEMPLAR_SIDE + EXEMPLAR_GAP];
  const chosen = new Map(); // row → pixel
  for (const row of rows) {
    const [x, y] = pixelOf(row);
    if (chosen.has(row) || !(x >= reach && y >= reach && x <= width - reach && y <= height - reach)) continue;
    let clear = names.every((name) => Math.abs(x - name.x) > name.wide + reach || Math.abs(y - name.y) > NAME_LINE / 2 + reach);
    for (const [otherX, otherY] of chosen.values()) if (Math.max(Math.abs(x - otherX), Math.abs(y - otherY)) < side) clear = false;
    if (clear) chosen.set(row, [x, y]);
  }
  return chosen;
}
