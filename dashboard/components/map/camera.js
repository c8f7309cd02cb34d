// Where the map is looked at from: data units ↔ CSS pixels of the canvas, y upwards in the data.

const CAMERA_MARGIN = 28; // pixels kept free around the points at first
const CAMERA_TOP = 70; // the same above them, where the toolbar lies
const CAMERA_CLOSEST = 400; // times the scale at which all points fit

class Camera {
  constructor() {
    this.resize(1, 1);
    [this.x, this.y, this.zoom] = [0, 0, 1]; // what is looked at, in data units; times the fitted scale
    this.bounds = { left: 0, right: 1, bottom: 0, top: 1 };
  }

  // CSS pixels per data unit.
  get scale() {
    return this.fitted * this.zoom;
  }

  get fitted() {
    const { left, right, bottom, top } = this.bounds;
    const wide = Math.max(1, this.width - 2 * CAMERA_MARGIN) / Math.max(right - left, 1e-9);
    const high = Math.max(1, this.height - CAMERA_TOP - CAMERA_MARGIN) / Math.max(top - bottom, 1e-9);
    return Math.min(wide, high);
  }

  resize(width, height) {
    [this.width, this.height] = [Math.max(1, width), Math.max(1, height)];
    this.middle = [this.width / 2, (this.height + CAMERA_TOP - CAMERA_MARGIN) / 2]; // the pixel at which that is seen
  }

  frame(bounds) {
    this.bounds = bounds;
    this.reset();
  }

  reset() {
    const { left, right, bottom, top } = this.bounds;
    [this.x, this.y, this.zoom] = [(left + right) / 2, (bottom + top) / 2, 1];
  }

  pan(right, down) {
    this.x -= right / this.scale;
    this.y += down / this.scale;
  }

  // Zoom by a factor; the data under the pixel stays under it.
  zoomAt(factor, pixelX = this.middle[0], pixelY = this.middle[1]) {
    const [x, y] = this.toData(pixelX, pixelY);
    this.zoom = Math.min(CAMERA_CLOSEST, Math.max(0.5, this.zoom * factor));
    const [movedX, movedY] = this.toData(pixelX, pixelY);
    this.x += x - movedX;
    this.y += y - movedY;
  }

  toData(pixelX, pixelY) {
    return [this.x + (pixelX - this.middle[0]) / this.scale, this.y - (pixelY - this.middle[1]) / this.scale];
  }

  // What is in sight, in data units.
  get sight() {
    const [[left, top], [right, bottom]] = [this.toData(0, 0), this.toData(this.width, this.height)];
    return { left, right, bottom, top };
  }

  toPixel(x, y) {
    return [this.middle[0] + (x - this.x) * this.scale, this.middle[1] - (y - this.y) * this.scale];
  }
}
