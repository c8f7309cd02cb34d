// The map as a picture to keep: PNG as it is seen, or SVG, in which every point and word stays a shape of its own.

const SVG_MOST = 50_000; // points drawn as circles; more are laid in as one picture
const LEGEND_LINE = 20; // pixels

// A file of what is seen: the points, their names and the legend; `format` = "png" or "svg".
async function savePicture(map, format) {
  if (!map.crowd || !map.theme) return;
  const seen = map.plot.picture(map.camera, map.ratio);
  const many = map.crowd.count > SVG_MOST;
  const sheet = sheetOf(map);
  download(`map.${format}`, format === "png" ? await pngOf(sheet, seen) : svgOf(sheet, seen, many ? null : circlesOf(map)));
}

function sheetOf({ camera, ratio, theme, legend, palette, names, data }) {
  const codes = legend.codes.filter((code) => !legend.hidden.has(code));
  const lines = codes.map((code) => ({ name: data.paint.entries[code]?.name ?? data.paint.none, colour: paletteColour(palette, code, 1) }));
  const colours = { paper: cssColour(theme.paper), ink: cssColour(theme.ink) };
  return { width: camera.width, height: camera.height, ratio, ...colours, font: "sans-serif", legend: lines, names: names.placed(camera) };
}

function circlesOf({ plot, crowd, camera, selected, codes, theme, palette, amount, pixelOf }) {
  const { size, opacity } = plot.styleOf(camera);
  return Array.from(crowd.order.subarray(0, crowd.drawn), (slot) => {
    const row = crowd.rows[slot];
    const [x, y] = pixelOf(row);
    const muted = amount && !selected[row];
    return { x, y, radius: size, colour: muted ? cssColour(theme.muted) : paletteColour(palette, codes[row], opacity) };
  });
}

function paletteColour(palette, code, opacity) {
  return cssColour([0, 1, 2].map((channel) => palette[code * 4 + channel] / 255).concat(opacity));
}

// What a picture shows: `sheet` = {width, height, ratio, paper, ink, font, legend: [{name, colour}], names: [{name, x, y}]}.
function pngOf(sheet, points) {
  const canvas = node("canvas", { width: points.width, height: points.height });
  const context = canvas.getContext("2d");
  context.fillStyle = sheet.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(points, 0, 0);
  context.scale(sheet.ratio, sheet.ratio);
  for (const { text, x, y, anchor, weight } of wordsOf(sheet)) {
    Object.assign(context, { font: `${weight} 13px ${sheet.font}`, textAlign: anchor === "middle" ? "center" : "left", textBaseline: "middle", lineJoin: "round" });
    Object.assign(context, { strokeStyle: sheet.paper, lineWidth: 4 });
    context.strokeText(text, x, y);
    context.fillStyle = sheet.ink;
    context.fillText(text, x, y);
  }
  for (const { x, y, colour } of dotsOf(sheet)) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x, y, 5, 0, 2 * Math.PI);
    context.fill();
  }
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

// `circles` = [{x, y, radius, colour}]; where null, `points` is laid in as it is.
function svgOf(sheet, points, circles) {
  const { width, height } = sheet;
  const drawn = circles
    ? circles.map(({ x, y, radius, colour }) => `<circle cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" r="${radius.toFixed(2)}" fill="${colour}"/>`)
    : [`<image width="${width}" height="${height}" href="${points.toDataURL("image/png")}"/>`];
  const words = wordsOf(sheet).map(
    ({ text, x, y, anchor, weight }) =>
      `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-weight="${weight}" dominant-baseline="middle">${escaped(text)}</text>`,
  );
  const dots = dotsOf(sheet).map(({ x, y, colour }) => `<circle cx="${x}" cy="${y}" r="5" fill="${colour}"/>`);
  const style = `font-family="${escaped(sheet.font)}" font-size="13" fill="${sheet.ink}" stroke="${sheet.paper}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${sheet.paper}"/>`,
    ...drawn,
    `<g ${style}>`,
    ...words,
    "</g>",
    ...dots,
    "</svg>",
  ];
  return new Blob([lines.join("\n")], { type: "image/svg+xml" });
}

// The legend stands in the upper right corner of a picture, whatever covers what on the screen.
function wordsOf({ width, legend, names }) {
  const lines = legend.map(({ name }, line) => ({ text: name, x: legendLeft(width, legend), y: 22 + line * LEGEND_LINE, anchor: "start", weight: 400 }));
  return [...names.map(({ name, x, y }) => ({ text: name, x, y, anchor: "middle", weight: 650 })), ...lines];
}

function dotsOf({ width, legend }) {
  return legend.map(({ colour }, line) => ({ x: legendLeft(width, legend) - 14, y: 22 + line * LEGEND_LINE, colour }));
}

function legendLeft(width, legend) {
  return width - 16 - NAME_LETTER * Math.max(0, ...legend.map(({ name }) => name.length));
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function download(name, blob) {
  const link = node("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
