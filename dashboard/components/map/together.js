// Maps beside each other that lie on each other move as one, where the person wants it: what one shows, the others show.

const TOGETHER = "handful-together"; // the event, {from, table, on, view}

class Together {
  // `map` offers data, camera, crowd, toolbar, moved().
  constructor(map) {
    Object.assign(this, { map, on: false, following: false });
    this.heard = ({ detail }) => detail.from !== this && detail.table === map.data?.table && this.follow(detail);
    addEventListener(TOGETHER, this.heard);
  }

  toggle() {
    this.turn(!this.on);
    this.tell();
  }

  turn(on) {
    this.on = on;
    this.map.toolbar.press("together", on);
  }

  // This map has moved.
  moved() {
    if (this.on && !this.following) this.tell();
  }

  tell() {
    const { x, y, scale } = this.map.camera;
    dispatchEvent(new CustomEvent(TOGETHER, { detail: { from: this, table: this.map.data.table, on: this.on, view: { x, y, scale } } }));
  }

  // Another map has moved, or was told to move with us or without.
  follow({ on, view: { x, y, scale } }) {
    const { map } = this;
    this.turn(on);
    if (!on || !map.crowd) return;
    Object.assign(map.camera, { x, y, zoom: scale / map.camera.fitted });
    this.following = true;
    map.moved();
    this.following = false;
  }

  close() {
    removeEventListener(TOGETHER, this.heard);
  }
}
