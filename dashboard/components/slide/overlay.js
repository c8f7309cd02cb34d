// Draws the tiles over the slide: their colours, their pictures when one is close, and which is meant.

const OVERLAY_PICTURES = 44; // CSS pixels of a tile on screen from which its own picture is drawn
const OVERLAY_MOST = 400; // pictures drawn at once
const OVERLAY_KEPT = 1200; // pictures kept for when one comes back
const OVERLAY_EDGES = 9; // CSS pixels of a tile from which its edge is drawn
const OVERLAY_FADE = 240; // CSS pixels of a tile by which its colour has faded, for then one looks at the tissue
const OVERLAY_FAINTEST = 0.2; // share of the colour that is left then

class Overlay {
  // `thumb` is (row) => address of a tile's picture, or ""; `again` asks for another drawing when one has come.
  constructor(thumb, again) {
    Object.assign(this, { thumb, again });
    this.element = node("canvas", { class: "overlay" });
    this.pictures = new Map(); // row → Image
  }

  resize(width, height) {
    this.ratio = devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    if (this.element.width !== wide || this.element.height !== high) [this.element.width, this.element.height] = [wide, high];
    Object.assign(this, { width, height });
  }

  // `place` = {scale, left, top}: CSS pixels for each of the slide's, and where its corner lies.
  // `look` = {layer, codes, marked, palette, opacity, hovered, chosen, ink, accent}.
  draw(tiles, place, look) {
    const context = this.element.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    if (!tiles) return;
    const seen = this.visible(tiles, place, look.layer);
    const side = seen.length ? tiles.cell[seen[0]] * place.scale : 0;
    if (side >= OVERLAY_PICTURES && seen.length <= OVERLAY_MOST) for (const tile of seen) this.picture(context, tiles, tile, place);
    for (const tile of seen) this.square(context, this.box(tiles, tile, place), look, tile, side >= OVERLAY_EDGES);
    if (look.hovered >= 0) this.frame(context, this.box(tiles, look.hovered, place, tiles.side), look.ink, 1.5);
    if (look.chosen >= 0) this.frame(context, this.box(tiles, look.chosen, place, tiles.side), look.accent, 3);
  }

  visible(tiles, place, layer) {
    const seen = [];
    for (let tile = 0; tile < tiles.count; tile++) {
      if (tiles.layer[tile] !== layer) continue;
      const [left, top, side] = this.box(tiles, tile, place);
      if (left < this.width && top < this.height && left + side > 0 && top + side > 0) seen.push(tile);
    }
    return seen;
  }

  // Left edge, upper edge and side, in CSS pixels, of a tile's field, or with `sides` = tiles.side of the tile itself.
  box(tiles, tile, { scale, left, top }, sides = tiles.cell) {
    const side = sides[tile] * scale;
    return [left + tiles.x[tile] * scale - side / 2, top + tiles.y[tile] * scale - side / 2, side];
  }

  square(context, [left, top, side], { codes, marked, palette, opacity, ink }, tile, edged) {
    const code = codes[tile];
    const [red, green, blue, shown] = palette.subarray(code * 4, code * 4 + 4);
    const gap = edged ? 0.5 : 0;
    const faded = Math.min(1, Math.max(OVERLAY_FAINTEST, (OVERLAY_FADE - side) / (OVERLAY_FADE - OVERLAY_PICTURES)));
    if (code !== NO_CODE && shown) {
      context.fillStyle = `rgb(${red} ${green} ${blue} / ${opacity * faded})`;
      context.fillRect(left + gap, top + gap, side - 2 * gap, side - 2 * gap);
    } else if (edged && shown) {
      context.lineWidth = 1;
      context.strokeStyle = `color-mix(in srgb, ${ink} ${Math.round(34 * opacity)}%, transparent)`;
      context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
    }
    if (edged && (marked[tile] || faded < 1) && shown && code !== NO_CODE) {
      const line = marked[tile] ? Math.min(4, side / 7) : 2;
      context.lineWidth = line;
      context.strokeStyle = `rgb(${red} ${green} ${blue} / ${marked[tile] ? 1 : opacity})`;
      context.strokeRect(left + line / 2 + gap, top + line / 2 + gap, side - line - 2 * gap, side - line - 2 * gap);
    }
  }

  // A line that shows on light and on dark tissue.
  frame(context, [left, top, side], colour, width) {
    context.lineWidth = width + 2;
    context.strokeStyle = "rgb(255 255 255 / 0.9)";
    context.strokeRect(left, top, side, side);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.strokeRect(left, top, side, side);
  }

  picture(context, tiles, tile, place) {
    const row = tiles.row[tile];
    const [left, top, side] = this.box(tiles, tile, place);
    const image = this.pictures.get(row) ?? this.fetch(row);
    if (!image?.complete || !image.naturalWidth) return;
    const part = (image.naturalWidth * tiles.cell[tile]) / tiles.side[tile]; // of a coarser tile its middle
    const edge = (image.naturalWidth - part) / 2;
    context.drawImage(image, edge, edge, part, part, left, top, side, side);
  }

  fetch(row) {
    const url = this.thumb(row);
    if (!url) return undefined;
    if (this.pictures.size >= OVERLAY_KEPT) this.pictures.delete(this.pictures.keys().next().value);
    const image = Object.assign(new Image(), { src: url, onload: () => this.again() });
    this.pictures.set(row, image);
    return image;
  }

  forget() {
    this.pictures.clear();
  }
}
