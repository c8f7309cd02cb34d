// The image that is pointed at, here or in a map beside: its ring, and here its card.

const POINT_REACH = 14; // pixels within which the pointer finds a point

class Pointed {
  // `map` offers finder, exemplars, surface, hover, plot, camera, cards, visible(row), paintOf(row), pixelOf(row).
  constructor(map) {
    this.map = map;
    [this.here, this.beside] = [-1, -1]; // rows
    this.twins = new Twins((row) => this.besidePoints(row));
  }

  // The row whose thumbnail or point lies at a pixel, or -1.
  rowAt(pixel) {
    const { map } = this;
    if (!map.crowd || !map.palette) return -1;
    const pictured = map.exemplars.at(pixel, map.pixelOf);
    if (pictured >= 0) return pictured;
    return map.finder.nearest(...map.camera.toData(...pixel), POINT_REACH / map.camera.scale, (row) => map.visible(row));
  }

  hoverAt(pixel) {
    const { map } = this;
    const row = pixel ? this.rowAt(pixel) : -1;
    if (row !== this.here) this.twins.point(row);
    this.here = row;
    this.ring();
    map.surface.element.style.cursor = map.tool === "hand" ? (row >= 0 ? "pointer" : "grab") : "crosshair";
    map.hover.show(row, row >= 0 ? map.pixelOf(row) : null, map.camera, map.cards, row >= 0 ? map.paintOf(row) : null);
  }

  // Another map points at a row, or at none (-1).
  besidePoints(row) {
    this.beside = row;
    this.ring();
  }

  ring() {
    const { map } = this;
    const row = this.here >= 0 ? this.here : this.beside;
    const placed = map.crowd && row >= 0 && !Number.isNaN(map.places[2 * row]);
    map.surface.circle(placed ? map.pixelOf(row) : null, placed ? map.plot.styleOf(map.camera).size + 4 : 0, row !== this.here);
  }
}
