// The images most like the one in the viewer, with their labels; a click goes there.

class Alike {
  // `grid` offers data, cards, labelOf(row).
  constructor(grid, visit) {
    this.grid = grid;
    this.visit = visit;
    this.pictures = node("div", { class: "row" });
    this.element = node("div", { class: "alike", role: "group", "aria-label": "Most alike", hidden: true }, node("h3", {}, "Most alike"), this.pictures);
  }

  // `about` = {neighbours: [{row, alike, class_id}, …]} or null while it is on its way.
  draw(about) {
    if (!about) return;
    this.element.hidden = !about.neighbours.length;
    const drawn = about.neighbours.map((one) => {
      const label = this.grid.labelOf(one.row) ?? this.stored(one.class_id);
      const said = label ? label.class.name : "no label";
      const line = node("span", { class: "numbers" }, ...(label ? [node("i", { class: label.pseudo ? "guess" : "" }), label.class.name] : ["–"]));
      const attributes = { style: label ? chipStyle(label.class) : "", title: `${said}, ${one.alike.toFixed(2)} alike`, "aria-label": `Open a neighbour: ${said}, ${one.alike.toFixed(2)} alike`, onclick: () => this.visit(one.row) };
      return node("button", attributes, node("img", { src: this.grid.cards.thumb(one.row), alt: "" }), line);
    });
    this.pictures.replaceChildren(...drawn);
  }

  stored(classId) {
    const one = this.grid.data.classes.find((known) => known.id === classId);
    return one ? { class: one, pseudo: false } : null;
  }
}
