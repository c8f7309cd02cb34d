// The map's tools, and the bar that appears with a selection: its count, the classes to give it, and a way out.

const TOOLS = {
  hand: ["Hand: drag to move, click an image to see what is like it (H)", "M10 3v14M3 10h14M10 3l-2 2M10 3l2 2M10 17l-2-2M10 17l2-2M3 10l2-2M3 10l2 2M17 10l-2-2M17 10l-2 2"],
  lasso: ["Lasso: draw around images (L)", "M10 4c4.4 0 7 2 7 4.5S14.4 13 10 13c-1 0-2-.1-2.900-.3M7.100 12.700C4.600 12 3 10.400 3 8.500 3 6 5.600 4 10 4M7.100 12.700c.9.9.4 2.300-.9 2.300s-1.800-1.600-.6-2.200c.5-.2 1-.2 1.500-.1zM6.200 15c0 1.200-.6 2-1.700 2.300"],
  box: ["Box: drag a rectangle (B)", "M4 4h2M9 4h2M14 4h2v2M16 9v2M16 14v2h-2M11 16H9M6 16H4v-2M4 11V9M4 6V4"],
};
const VIEWS = {
  closer: ["Closer (+)", "M9 4.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM12.500 12.500L16.500 16.500M9 7v4M7 9h4"],
  further: ["Further (-)", "M9 4.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM12.500 12.500L16.500 16.500M7 9h4"],
  whole: ["All images (0, double click)", "M4 7.500V4h3.500M12.500 4H16v3.500M16 12.500V16h-3.500M7.500 16H4v-3.500"],
};
const LAYS = {
  names: ["Names of the colours on the map (N)", "M4 6V4h12v2M10 4v12M8 16h4"],
  pictures: ["Thumbnails on the map (T)", "M3.500 3.500h6v6h-6zM11.500 6.500h5v5h-5zM5 12.500h4v4H5zM12.500 14.500h3v3h-3z"],
  density: ["Crowds as density, rather than point upon point (D)", "M10 10.010v0M7 9.500v0M12.500 8v0M9 13v0M12.500 12.500v0M9.500 6v0M5 13.500v0M15.500 10.500v0M4 7.500v0M14.500 4.500v0M10 16.500v0M15.500 15v0"],
};
const TIES = {
  together: ["Move the maps beside each other together (M)", "M3 4.500h6v11H3zM11 4.500h6v11h-6zM7.500 10h5M7.500 10l1.500-1.500M7.500 10l1.500 1.500M12.500 10L11 8.500M12.500 10L11 11.500"],
};
const SAVES = {
  png: ["Save as a picture, PNG (P)", "M4 4h12v12H4zM4 13l4-4 4 4 2-2 2 2M13 7.500h.01"],
  svg: ["Save as a drawing, SVG (V)", "M10 3v9M6.500 8.500L10 12l3.500-3.500M4 13v3h12v-3"],
};

class Toolbar {
  // `act` is called with the name of a tool, a view, or "help".
  constructor(act) {
    const button = ([name, [title, path]]) =>
      node("button", { class: "tool", title, "aria-label": title, "data-name": name, onclick: () => act(name) }, icon(path));
    const help = node("button", { class: "tool", title: "Keys (?)", "aria-label": "Keys", onclick: () => act("help") }, "?");
    this.tools = Object.entries(TOOLS).map(button);
    const [views, lays, ties, saves] = [VIEWS, LAYS, TIES, SAVES].map((some) => Object.entries(some).map(button));
    Object.assign(this, { ties, switches: [...lays, ...ties] });
    const rule = () => node("span", { class: "rule" });
    this.element = node("div", { class: "tools panel", role: "toolbar", "aria-label": "Map tools" }, ...this.tools, rule(), ...views, rule(), ...lays, ...ties, rule(), ...saves, rule(), help);
  }

  // Offer what takes another map beside this one.
  offer(beside) {
    for (const button of this.ties) button.hidden = !beside;
  }

  // Show whether something is laid on the map, or the maps move together.
  press(name, pressed) {
    for (const button of this.switches) if (button.dataset.name === name) button.setAttribute("aria-pressed", String(Boolean(pressed)));
  }

  choose(tool) {
    for (const button of this.tools) button.setAttribute("aria-pressed", String(button.dataset.name === tool));
  }
}

class SelectionBar {
  // `label` is called with a class, `clear` with nothing.
  constructor(label, clear) {
    Object.assign(this, { label, clear });
    this.element = node("div", { class: "selection panel", role: "group", "aria-label": "Selection", hidden: true });
  }

  update(count, classes) {
    this.element.hidden = count === 0;
    const chips = classes.map((one) =>
      node(
        "button",
        { class: "chip", style: `--colour:${one.colour};--key-ink:${inkOn(one.colour)}`, title: `Label the selection as ${one.name}`, onclick: () => this.label(one) },
        ...(one.key ? [node("kbd", {}, one.key)] : []),
        node("span", {}, one.name),
      ),
    );
    const cross = node("button", { class: "tool", title: "Clear the selection (Esc)", "aria-label": "Clear the selection", onclick: this.clear }, icon("M5.500 5.500l9 9M14.500 5.500l-9 9"));
    this.element.replaceChildren(node("span", { class: "numbers amount" }, `${count.toLocaleString("en")} selected`), node("div", { class: "chips" }, ...chips), cross);
  }
}
