// Colour per code: 256 entries of red, green, blue, alpha. Codes 0 … 254 mean something; 255 is "none".

const NO_CODE = 255;
const SCALES = {
  // every 16th colour or so of matplotlib's maps, between which we interpolate
  viridis: "440154 482878 3e4a89 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725",
  cividis: "00224e 123570 3b496c 575d6d 707173 8a8678 a59c74 c3b369 e1cc55 fee838",
};

// `paint` = {entries: [{colour}], scale}; `hidden` holds codes not to be drawn; `none` is the colour of code 255.
function paletteOf(paint, hidden, none) {
  const palette = new Uint8Array(256 * 4);
  for (let code = 0; code < 255; code++) {
    const colour = paint.scale ? scaleColour(paint.scale, code / 254) : parseColour(paint.entries[code]?.colour ?? "#000000");
    palette.set([...colour, hidden.has(code) ? 0 : 255], code * 4);
  }
  palette.set([...none, hidden.has(NO_CODE) ? 0 : 255], NO_CODE * 4);
  return palette;
}

// The colour [red, green, blue] at a share in 0 … 1 of a scale.
function scaleColour(name, share) {
  const stops = SCALES[name].split(" ").map((stop) => parseColour(`#${stop}`));
  const place = share * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  return stops[low].map((value, channel) => Math.round(value + (stops[low + 1][channel] - value) * (place - low)));
}

function scaleGradient(name) {
  return `linear-gradient(to right, ${SCALES[name].split(" ").map((stop) => `#${stop}`).join(", ")})`;
}
