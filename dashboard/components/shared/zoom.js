// Look closer: the wheel zooms about the pointer, a drag moves, a double click goes back.

const CLOSEST = 24; // times the fitted size, unless whoever zooms sets `closest`

class Zoom {
  // `changed` is called whenever the image has moved in its frame.
  constructor(frame, image, changed = () => {}) {
    this.image = image;
    this.frame = frame;
    this.changed = changed;
    this.closest = CLOSEST;
    this.reset();
    frame.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.press(event));
    frame.addEventListener("dblclick", () => this.reset());
  }

  reset() {
    [this.scale, this.x, this.y] = [1, 0, 0];
    this.draw();
  }

  wheel(event) {
    event.preventDefault();
    const box = this.frame.getBoundingClientRect();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
    this.zoomAt(Math.exp(-pixels / 400), event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
  }

  // Zoom by a factor; what lies at a place, in pixels from the frame's centre, stays there.
  zoomAt(factor, left = 0, top = 0) {
    const scale = Math.min(this.closest, Math.max(1, this.scale * factor));
    const growth = scale / this.scale;
    [this.x, this.y] = scale === 1 ? [0, 0] : [left - (left - this.x) * growth, top - (top - this.y) * growth];
    this.scale = scale;
    this.draw();
  }

  press(event) {
    if (this.scale === 1) return;
    const [startX, startY] = [event.clientX - this.x, event.clientY - this.y];
    const move = (moved) => {
      [this.x, this.y] = [moved.clientX - startX, moved.clientY - startY];
      this.draw();
    };
    this.frame.setPointerCapture(event.pointerId);
    this.frame.addEventListener("pointermove", move);
    this.frame.addEventListener("pointerup", () => this.frame.removeEventListener("pointermove", move), { once: true });
  }

  draw() {
    this.image.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.frame.classList.toggle("zoomed", this.scale > 1);
    this.changed();
  }
}
