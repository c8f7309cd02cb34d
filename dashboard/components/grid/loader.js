// Fetches thumbnails a few at a time, the nearest to what is in sight first; what is scrolled past before its turn is never
// asked for.

const LOADS_AT_ONCE = 6; // as many as a browser opens connections to one server
const SKIMMING = 8; // screenfuls a second from which on nobody looks at single images
const SKIM_REST = 80; // milliseconds after which skimming has ended

class Loader {
  // `distance` says how far a tile lies from the middle of what is in sight.
  constructor(distance) {
    this.distance = distance;
    this.waiting = new Map(); // Tile → address
    this.running = new Set(); // Tiles
    this.kept = new Set(); // addresses that have come: the browser has them
    this.skimming = null; // timer until its end
    this.last = [0, 0]; // place and time of the last step
  }

  // Somebody has scrolled to `top`, with `view` pixels in sight: faster than one looks, nothing is fetched.
  scrolled(top, view) {
    const [before, since] = this.last;
    const now = performance.now();
    this.last = [top, now];
    if (Math.abs(top - before) / view < (SKIMMING * Math.max(16, Math.min(100, now - since))) / 1000) return;
    clearTimeout(this.skimming);
    this.skimming = setTimeout(() => {
      this.skimming = null;
      this.go();
    }, SKIM_REST);
  }

  want(tile, url) {
    this.leave(tile);
    if (this.kept.has(url)) tile.fetch(url);
    else if (url) this.waiting.set(tile, url);
  }

  // The tile shows something else, or nothing; its picture is no longer needed.
  leave(tile) {
    this.waiting.delete(tile);
    if (this.running.delete(tile)) tile.cancel();
  }

  // Start what there is room for; called once a tile has been placed, and when one has its picture.
  go() {
    while (!this.skimming && this.waiting.size && this.running.size < LOADS_AT_ONCE) {
      let [nearest, least] = [null, Infinity];
      for (const tile of this.waiting.keys()) {
        const distance = this.distance(tile);
        if (distance < least) [nearest, least] = [tile, distance];
      }
      const url = this.waiting.get(nearest);
      this.waiting.delete(nearest);
      this.running.add(nearest);
      nearest.fetch(url);
    }
  }

  done(tile, url, came) {
    if (came) this.kept.add(url);
    if (this.running.delete(tile)) this.go();
  }
}
