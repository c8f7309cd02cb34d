// Which points lie inside a drawn outline, and how that changes what was selected.

// The points inside a polygon [[x, y], …] (even-odd rule) that `wanted` accepts, as flags; most fall to the rectangle.
function pointsInside(points, polygon, wanted) {
  const inside = new Uint8Array(points.length / 2);
  const box = boundsOf(polygon.flat());
  for (let i = 0; i < inside.length; i++) {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    if (!(x >= box.left && x <= box.right && y >= box.bottom && y <= box.top)) continue;
    if (polygonHolds(polygon, x, y) && wanted(i)) inside[i] = 1;
  }
  return inside;
}

function polygonHolds(polygon, x, y) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i];
    const [bx, by] = polygon[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

function rectangle([ax, ay], [bx, by]) {
  return [[ax, ay], [bx, ay], [bx, by], [ax, by]];
}

// The selection after an outline was drawn: "replace" it, "add" to it or "subtract" from it.
function combine(selected, inside, mode) {
  const result = new Uint8Array(inside.length);
  for (let i = 0; i < result.length; i++) {
    if (mode === "add") result[i] = selected[i] | inside[i];
    else if (mode === "subtract") result[i] = selected[i] & (1 - inside[i]);
    else result[i] = inside[i];
  }
  return result;
}
