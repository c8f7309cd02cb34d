// Draws points on a plain canvas, where a browser has no WebGL2: as the Painter does, by stamping a small picture of each
// kind of point. On a machine without a graphics card, a remote desktop say, an administrator may have switched WebGL off.

class Stamper {
  slow = true; // as for a Painter without a graphics card
  data = {};

  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  points(values) {
    this.data.points = values;
  }

  codes(values) {
    this.data.codes = values;
  }

  flags(values) {
    this.data.flags = values;
  }

  order(values) {
    this.data.order = values;
  }

  palette(values) {
    this.data.palette = values;
  }

  // Draw `spans` = [[from, to], …] of the order; `look` as for the Painter.
  draw(camera, look, spans) {
    const { points, codes, flags, order } = this.data;
    const { canvas, context } = this;
    context.clearRect(0, 0, canvas.width, canvas.height);
    const scale = camera.scale * look.ratio;
    const [left, top] = [camera.middle[0] * look.ratio - camera.x * scale, camera.middle[1] * look.ratio + camera.y * scale];
    const stamps = new Array(4 * 256); // made when the first such point comes
    for (const [from, to] of spans) {
      for (let k = from; k < to; k++) {
        const slot = order[k];
        const kind = (flags[slot] << 8) | codes[slot];
        const stamp = (stamps[kind] ??= this.stamp(codes[slot], flags[slot], look));
        const half = stamp.width / 2;
        context.drawImage(stamp, left + points[2 * slot] * scale - half, top - points[2 * slot + 1] * scale - half);
      }
    }
  }

  // A point of a code and flags.
  stamp(code, flags, look) {
    const [chosen, marked] = [flags & CHOSEN, flags & MARKED];
    const muted = look.dimmed && !chosen;
    const edged = marked && !muted;
    const size = look.size * look.ratio;
    const radius = size * (marked ? 1.35 : code === 255 ? 0.88 : 1) + (marked ? 1.5 : 0);
    const line = edged ? Math.max(1, 1.25 * look.ratio) : 0;
    const side = 2 * Math.ceil(radius + 1);
    const picture = new OffscreenCanvas(side, side);
    const context = picture.getContext("2d");
    const circle = (size) => {
      context.beginPath();
      context.arc(side / 2, side / 2, Math.max(0.5, size), 0, 2 * Math.PI);
    };
    const [red, green, blue, alpha] = muted ? look.muted : this.colourOf(code);
    context.fillStyle = cssColour([red, green, blue, alpha * (edged ? 1 : look.opacity)]);
    circle(radius - line);
    context.fill();
    [context.strokeStyle, context.lineWidth] = [cssColour(look.ink), line];
    circle(radius - line / 2);
    if (edged) context.stroke();
    return picture;
  }

  // Four shares of one.
  colourOf(code) {
    return Array.from(this.data.palette.subarray(4 * code, 4 * code + 4), (one) => one / 255);
  }

  close() {}
}
