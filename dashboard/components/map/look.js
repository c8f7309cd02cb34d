// How the points look for a given crowd, zoom and theme.

const readCanvas = () => Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });

// Any CSS colour, custom properties included, as four shares of one.
function readColour(element, colour, probe = readCanvas()) {
  element.style.color = colour;
  probe.fillStyle = getComputedStyle(element).color;
  probe.fillRect(0, 0, 1, 1);
  element.style.color = "";
  return [...probe.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
}

// The radius of a point in CSS pixels: smaller the more there are, larger the closer one looks.
function pointRadius(count, camera) {
  const crowd = 0.36 * Math.sqrt((camera.width * camera.height) / Math.max(1, count));
  return Math.min(11, Math.min(4.6, Math.max(1.1, crowd)) * Math.max(0.8, camera.zoom) ** 0.36);
}

function pointOpacity(count) {
  return Math.min(0.92, Math.max(0.55, 1.2 - 0.1 * Math.log10(Math.max(1, count))));
}

// Four shares of one as a CSS colour.
function cssColour([red, green, blue, alpha]) {
  return `rgba(${[red, green, blue].map((share) => Math.round(share * 255)).join(",")},${Number(alpha.toFixed(3))})`;
}

// The colour of a code, and what it says, {colour, text}.
function paintOfCode(paint, code) {
  if (code === NO_CODE) return { colour: "", text: paint.none };
  if (!paint.scale) return { colour: paint.entries[code].colour, text: paint.entries[code].name };
  const value = paint.low + ((paint.high - paint.low) * code) / 254;
  return { colour: `rgb(${scaleColour(paint.scale, code / 254)})`, text: `${paint.title} ${shortNumber(value)}` };
}
