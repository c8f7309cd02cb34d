// A class as a button: its key, its name, its colour.

const chipStyle = (one) => `--colour:${one.colour};--key-ink:${inkOn(one.colour)}`;

// `given`: whether the image has this class, and then `percent` where the engine says so.
function classChip(one, { give, labelling = true, given, percent = null }) {
  const pressed = given === undefined ? undefined : String(given);
  const attributes = { class: given ? "chip given" : "chip", disabled: !labelling, style: chipStyle(one), title: `Label as ${one.name}`, "aria-pressed": pressed, onclick: give };
  return node("button", attributes, ...(one.key ? [node("kbd", {}, one.key)] : []), node("span", {}, one.name), ...(percent === null ? [] : [`${percent}%`]));
}
