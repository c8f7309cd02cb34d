// Arrays as base64 text, the browser's side of components/packing.py, and rows as the smaller of a list and a mask.

function unpack(text, Type) {
  if (Uint8Array.fromBase64) return new Type(Uint8Array.fromBase64(text).buffer); // ten times as fast, where there is one
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return new Type(bytes.buffer);
}

// The same, or `count` times one value where Python sent null for an array that is all the same.
function unpackOr(text, Type, count, value) {
  return text === null ? new Type(count).fill(value) : unpack(text, Type);
}

function packBytes(bytes) {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 32768) binary += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(binary);
}

// One bit per item of `flags` (nonzero is set), the lowest bit first; "" when none is set.
function packMask(flags) {
  const bytes = new Uint8Array(Math.ceil(flags.length / 8));
  let any = false;
  for (let i = 0; i < flags.length; i++) {
    if (!flags[i]) continue;
    bytes[i >> 3] |= 1 << (i & 7);
    any = true;
  }
  return any ? packBytes(bytes) : "";
}

function unpackMask(text, count) {
  const bytes = unpack(text, Uint8Array);
  const flags = new Uint8Array(count);
  for (let i = 0; i < Math.min(count, bytes.length * 8); i++) flags[i] = (bytes[i >> 3] >> (i & 7)) & 1;
  return flags;
}

// Rows of a table of `count` as an event carries them: {"rows": …} for few, {"mask": …} for many.
function packRows(rows, count) {
  if (rows.length * 32 < count) return { rows: packBytes(new Uint8Array(Int32Array.from(rows).buffer)) };
  const flags = new Uint8Array(count);
  for (const row of rows) flags[row] = 1;
  return { mask: packMask(flags) };
}

// The places of an array of flags that are set, as Int32Array, ascending.
function placesOf(flags) {
  let count = 0;
  for (const flag of flags) count += flag;
  const places = new Int32Array(count);
  for (let place = 0, next = 0; next < count; place++) if (flags[place]) places[next++] = place;
  return places;
}

// The rows of a table that an event of ours names; the reverse of packRows.
function rowsOf(event) {
  return event.rows === undefined ? placesOf(unpackMask(event.mask ?? "", event.count)) : unpack(event.rows, Int32Array);
}
