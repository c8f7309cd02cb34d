// Elements made in one call: node("button", { class: "tool", onclick }, "text", child).

function node(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// A line icon of 20 x 20, drawn in the colour of the text around it.
function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// As high as Python says: so many pixels, or all that its place in the window has (height.py).
function setHeight(element, height) {
  element.classList.toggle("filling", height === "window");
  element.style.height = height === "window" ? "" : `${height}px`;
}

const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

// Black or white, whichever reads better on a colour "#rrggbb".
function inkOn(colour) {
  const [red, green, blue] = parseColour(colour);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 150 ? "#1d1a22" : "#ffffff";
}

function parseColour(colour) {
  const value = parseInt(colour.slice(1, 7), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
