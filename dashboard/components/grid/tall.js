// Scrolls over more than a browser's tallest element (17 million pixels in Firefox, 33 in Chromium).
//
// The sheet is cut at TALLEST and shifts along the content page by page, so that small steps move by themselves and a jump
// of the scrollbar leads to the same share of the content. After SlickGrid by Michael Leibman.

const TALLEST = 4_000_000; // pixels; single precision still places what is drawn to a quarter of one
const PAGES = 100; // of the cut sheet
const JUMP = 3; // screenfuls in one step that are a jump of the scrollbar

class Tall {
  constructor(scroller, sheet) {
    this.scroller = scroller;
    this.sheet = sheet;
    this.shift = 0; // pixels of content above the sheet's upper edge
    this.last = 0;
    this.resize(0);
  }

  resize(height) {
    const cut = Math.min(height, TALLEST);
    this.height = height;
    this.page = cut === height ? Infinity : cut / PAGES;
    this.pages = Math.max(1, Math.floor(height / this.page));
    this.skip = this.pages > 1 ? (height - cut) / (this.pages - 1) : 0; // content passed over from page to page
    this.sheet.style.height = `${cut}px`;
    this.turn(this.last + this.shift);
    this.last = this.scroller.scrollTop;
  }

  get view() {
    return this.scroller.clientHeight;
  }

  // Pixels of content above what is in sight.
  get top() {
    return this.scroller.scrollTop + this.shift;
  }

  set top(top) {
    const wanted = Math.max(0, Math.min(this.height - this.view, top));
    this.turn(wanted);
    if (this.scroller.scrollTop !== wanted - this.shift) this.scroller.scrollTop = wanted - this.shift;
    this.last = this.scroller.scrollTop;
  }

  // Called after somebody has scrolled; the shift may have changed.
  follow() {
    const place = this.scroller.scrollTop;
    if (this.pages > 1 && Math.abs(place - this.last) < JUMP * this.view) this.top = place + this.shift;
    else this.turn((place * (this.height - this.view)) / Math.max(1, this.scroller.scrollHeight - this.view));
    this.last = this.scroller.scrollTop;
  }

  turn(top) {
    const page = Math.min(this.pages - 1, Math.floor(Math.max(0, top) / this.page));
    this.shift = Math.round(page * this.skip);
  }
}
