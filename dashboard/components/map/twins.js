// Maps beside each other: the image under the pointer of one is ringed in all others of the same table, without Python.

const POINTED = "handful-pointed"; // the event, {from, table, row}; row -1 for none

class Twins {
  // `ring` is called with the row that another map points at, or -1.
  constructor(ring) {
    this.heard = ({ detail }) => detail.from !== this && ring(detail.table === this.table ? detail.row : -1);
    addEventListener(POINTED, this.heard);
  }

  point(row) {
    dispatchEvent(new CustomEvent(POINTED, { detail: { from: this, table: this.table, row } }));
  }

  close() {
    this.point(-1);
    removeEventListener(POINTED, this.heard);
  }
}
