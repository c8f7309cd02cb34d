// The points as they are seen: crowds as a picture of their density, what is rare or looked at closely point by point.

const PLOT_POINTS = 0.12; // points in sight per pixel that are still drawn one by one,
const PLOT_SLOW = 20_000; // where there is no graphics card at most so many; if more are asked for, a sample while the map moves
const PLOT_REST = 250; // milliseconds for which, there, a moving map only shifts what it drew last
const PLOT_EDGE = 16; // pixels by which a point may reach into the map from outside

class Plot {
  // `redraw` is called when a lost graphics context is back.
  constructor(redraw) {
    this.points = node("canvas", { class: "points" });
    this.density = new Density();
    this.painter = Painter.for(this.points, redraw);
    this.dense = true; // whether crowds may be drawn as density
  }

  // Take over a crowd of points, arranged, and what it looks like from now on; `look` = {palette, dimmed, none, muted, ink}.
  show(crowd, look) {
    if (crowd !== this.crowd) this.painter.points(crowd.places);
    [this.crowd, this.look] = [crowd, look];
    this.painter.palette(look.palette);
    this.painter.codes(crowd.codes);
    this.painter.flags(crowd.flags);
    this.painter.order(crowd.order);
    this.density.stale = true;
    this.drawn = null;
  }

  resize(width, height, ratio) {
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    const changed = this.points.width !== wide || this.points.height !== high;
    if (changed) [this.points.width, this.points.height, this.drawn] = [wide, high, null];
    return changed;
  }

  draw(camera, ratio, moving) {
    if (moving && this.painter.slow && this.drawn && performance.now() - this.drawn.at < PLOT_REST) this.shift(camera);
    else this.drawAnew(camera, ratio, moving);
  }

  // The points that were drawn last, in their places of now.
  shift(camera) {
    const { left, top, scale, first } = this.drawn;
    const [x, y] = camera.toPixel(left, top);
    this.points.style.transform = `translate(${x}px, ${y}px) scale(${camera.scale / scale})`;
    if (first) this.density.show(this.crowd, first - 1, camera, this.look, true);
  }

  drawAnew(camera, ratio, moving) {
    const sight = this.crowd.sight(camera, PLOT_EDGE);
    const [first, amount] = this.split(sight, camera);
    if (first) this.density.show(this.crowd, first - 1, camera, this.look, moving);
    else this.density.hide();
    const share = this.painter.slow && moving ? PLOT_SLOW / Math.max(1, amount) : 1;
    const look = { ...this.look, ...this.styleOf(camera), ratio };
    this.painter.draw(camera, look, this.crowd.spans(sight, first, LAYERS - 1, share));
    const [left, top] = camera.toData(0, 0);
    this.drawn = { left, top, scale: camera.scale, first, at: performance.now() };
    this.points.style.transform = "none";
  }

  // The radius of a point in CSS pixels and its opacity.
  styleOf(camera) {
    return { size: pointRadius(this.crowd.count, camera), opacity: pointOpacity(this.crowd.count) };
  }

  // The lowest layer to be drawn point by point, and the number of its and all higher points: those above are fewer.
  split(sight, camera) {
    const most = this.painter.slow ? PLOT_SLOW : PLOT_POINTS * camera.width * camera.height;
    let [first, sum] = [LAYERS, 0];
    while (first) {
      const amount = this.crowd.amount(sight, first - 1);
      if (this.dense && sum + amount > most) break;
      [first, sum] = [first - 1, sum + amount];
    }
    return [first, sum];
  }

  // What is seen, as one canvas; drawn now, for afterwards the graphics card forgets it.
  picture(camera, ratio) {
    this.draw(camera, ratio, false);
    const canvas = node("canvas", { width: this.points.width, height: this.points.height });
    const context = canvas.getContext("2d");
    if (this.density.shown) {
      const { x, y, width, height } = this.density.frame(camera);
      context.drawImage(this.density.element, x * ratio, y * ratio, width * ratio, height * ratio);
    }
    context.drawImage(this.points, 0, 0);
    return canvas;
  }

  close() {
    this.painter.close();
  }
}
