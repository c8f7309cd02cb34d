// What is drawn over the points while somebody works: the outline, and a ring around the point under the pointer.

class Surface {
  constructor() {
    this.element = svgNode("svg", { class: "surface" });
    this.path = svgNode("path", { class: "outline" });
    this.ring = svgNode("circle", { class: "ring" });
    this.element.append(this.path, this.ring);
  }

  // `path` = [[x, y], …] in pixels, or null for none; an outline that takes away is dashed.
  outline(path, mode) {
    this.path.setAttribute("d", path ? `M${path.map((pixel) => pixel.map((place) => place.toFixed(1))).join("L")}Z` : "");
    this.path.classList.toggle("subtract", mode === "subtract");
  }

  // `pixel` = where the ring's centre is, or null for none; a `distant` one is pointed at from elsewhere.
  circle(pixel, radius, distant) {
    this.ring.classList.toggle("distant", distant);
    this.ring.setAttribute("r", pixel ? radius : 0);
    if (!pixel) return;
    this.ring.setAttribute("cx", pixel[0]);
    this.ring.setAttribute("cy", pixel[1]);
  }
}

function svgNode(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
