// What the mouse, the pen and the fingers do on the map; tells the map and keeps no picture of its own.

const CLICK_REACH = 4; // pixels that a click may move
const CLICK_WAIT = 260; // milliseconds in which a second click makes a double click

class Pointer {
  // `map` offers camera, tool, pointed, moved(), pickAt(pixel, mode), outline(pixels, mode), finish(pixels, mode), reset().
  constructor(surface, map) {
    Object.assign(this, { surface, map });
    this.fingers = new Map(); // pointer id → pixel, while down
    surface.addEventListener("pointerdown", (event) => this.down(event));
    surface.addEventListener("pointermove", (event) => this.move(event));
    surface.addEventListener("pointerup", (event) => this.up(event));
    surface.addEventListener("pointercancel", () => this.cancel());
    surface.addEventListener("pointerleave", () => map.pointed.hoverAt(null));
    surface.addEventListener("dblclick", () => this.double());
    surface.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  pixel(event) {
    const box = this.surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event) {
    if (event.button > 0) return;
    this.surface.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, this.pixel(event));
    if (this.fingers.size > 1) {
      this.cancel();
      return;
    }
    this.from = this.pixel(event);
    this.mode = event.shiftKey ? "add" : event.altKey ? "subtract" : "replace";
    const drawing = this.map.tool !== "hand" || this.mode !== "replace";
    this.path = drawing ? [this.from] : null;
    this.dragging = false;
  }

  move(event) {
    const pixel = this.pixel(event);
    if (this.fingers.size > 1) this.pinch(event.pointerId, pixel);
    else if (!this.from) this.map.pointed.hoverAt(pixel);
    else if (this.dragging || Math.hypot(pixel[0] - this.from[0], pixel[1] - this.from[1]) > CLICK_REACH) this.drag(event, pixel);
  }

  drag(event, pixel) {
    const last = this.fingers.get(event.pointerId) ?? pixel;
    if (!this.dragging) this.map.pointed.hoverAt(null);
    this.dragging = true;
    if (!this.path) {
      this.map.camera.pan(pixel[0] - last[0], pixel[1] - last[1]);
      this.map.moved();
    } else if (this.map.tool === "box") {
      this.path = rectangle(this.from, pixel);
      this.map.outline(this.path, this.mode);
    } else {
      const steps = event.getCoalescedEvents?.() ?? [];
      this.path.push(...(steps.length ? steps.map((step) => this.pixel(step)) : [pixel]));
      this.map.outline(this.path, this.mode);
    }
    this.fingers.set(event.pointerId, pixel);
  }

  // Two fingers: move and zoom together.
  pinch(id, pixel) {
    const [other] = [...this.fingers].filter(([finger]) => finger !== id).map(([, place]) => place);
    const last = this.fingers.get(id);
    if (!other || !last) return;
    const before = Math.hypot(last[0] - other[0], last[1] - other[1]);
    const after = Math.hypot(pixel[0] - other[0], pixel[1] - other[1]);
    this.map.camera.pan((pixel[0] - last[0]) / 2, (pixel[1] - last[1]) / 2);
    this.map.camera.zoomAt(after / Math.max(1, before), (pixel[0] + other[0]) / 2, (pixel[1] + other[1]) / 2);
    this.map.moved();
    this.fingers.set(id, pixel);
  }

  up(event) {
    this.fingers.delete(event.pointerId);
    if (this.from && this.dragging && this.path) this.map.finish(this.path, this.mode);
    else if (this.from && !this.dragging) this.click(this.from, this.mode);
    [this.from, this.path, this.dragging] = [null, null, false];
  }

  click(pixel, mode) {
    clearTimeout(this.clicked);
    this.clicked = setTimeout(() => this.map.pickAt(pixel, mode), CLICK_WAIT);
  }

  double() {
    clearTimeout(this.clicked);
    this.map.reset();
  }

  cancel() {
    [this.from, this.path, this.dragging] = [null, null, false];
    this.map.outline(null);
  }

  wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
    this.map.camera.zoomAt(Math.exp(-pixels / 420), ...this.pixel(event));
    this.map.moved();
  }
}
