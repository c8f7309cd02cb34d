// The keys and the tools of the map, and what they do.

const MAP_KEYS = [
  ["H", "hand: drag moves, the wheel zooms; a click shows what is like an image"],
  ["L", "lasso: draw around images"],
  ["B", "box: drag a rectangle"],
  ["Shift", "with any tool: draw, and add to the selection"],
  ["Alt", "with any tool: draw, and take from the selection"],
  ["1 … 9", "label the selection with that class"],
  ["Ctrl+Z", "undo the last labels"],
  ["← ↑ ↓ →", "move"],
  ["+ - 0", "closer, further, all images"],
  ["N T D", "on or off: names of the colours, thumbnails, crowds as density"],
  ["M", "maps beside each other: move them together, or each alone"],
  ["A", "all colours, after some were hidden in the legend"],
  ["P V", "save what is seen: a picture (PNG), a drawing (SVG)"],
  ["Esc", "clear the selection"],
];

const MAP_STEP = 60; // pixels that an arrow moves
const MAP_FACTOR = 1.5; // that plus and minus zoom by

function mapKey(map, event) {
  const key = commandKey(event);
  const one = map.data.classes.find((known) => known.key && known.key === key);
  const act = one && map.amount ? () => map.label(one) : mapCommands(map)[key];
  if (!key || !act) return;
  event.preventDefault();
  event.stopPropagation(); // the grid beside us listens too
  act();
}

function mapCommands(map) {
  return {
    h: () => map.choose("hand"),
    l: () => map.choose("lasso"),
    b: () => map.choose("box"),
    "+": () => map.zoom(MAP_FACTOR),
    "=": () => map.zoom(MAP_FACTOR),
    "-": () => map.zoom(1 / MAP_FACTOR),
    n: () => map.layers.turn("names"),
    t: () => map.layers.turn("pictures"),
    d: () => map.layers.turn("density"),
    m: map.data.beside ? () => map.together.toggle() : undefined,
    a: () => map.legend.showAll(),
    p: () => savePicture(map, "png"),
    v: () => savePicture(map, "svg"),
    0: () => map.reset(),
    "?": () => map.keys.toggle(),
    "ctrl+z": () => map.send({ kind: "undo" }),
    Escape: () => (map.keys.shown ? map.keys.toggle(false) : map.clear()),
    ArrowLeft: () => map.move(MAP_STEP, 0),
    ArrowRight: () => map.move(-MAP_STEP, 0),
    ArrowUp: () => map.move(0, MAP_STEP),
    ArrowDown: () => map.move(0, -MAP_STEP),
  };
}

// What a button of the toolbar does.
function mapTool(map, name) {
  if (name in TOOLS) map.choose(name);
  else if (name === "help") map.keys.toggle();
  else if (name in LAYS) map.layers.turn(name);
  else if (name in TIES) map.together.toggle();
  else if (name in SAVES) savePicture(map, name);
  else if (name === "whole") map.reset();
  else map.zoom(name === "closer" ? MAP_FACTOR : 1 / MAP_FACTOR);
}
