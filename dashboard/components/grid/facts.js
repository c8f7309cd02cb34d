// What is known of the image in the viewer: its label with who gave it, how and when, its size, the table's columns.

const HOWS = { click: "by click", key: "by key", grid: "in a grid", lasso: "with the lasso", command: "by a command", imported: "imported", reviewed: "in review", accepted: "accepted" };

class Facts {
  constructor() {
    this.judged = node("dl", { class: "judged" });
    this.columns = node("dl", {});
    this.element = node("div", { class: "facts" }, this.judged, this.columns);
  }

  // `card` = {path, width, height, columns}
  describe(card) {
    const told = Object.keys(card.columns).some((name) => /^folder_\d+$/.test(name)); // the folders stand among the columns
    const facts = { folder: told ? "" : card.path.split("/").slice(0, -1).join("/"), size: `${card.width} × ${card.height} px`, ...card.columns };
    this.write(this.columns, facts);
  }

  // `label` as the grid shows it, {class, pseudo, percent}; `given` = {class_id, who, when, how, percent} as it is stored.
  judge(label, given, caption) {
    const facts = { label: "none yet" };
    if (label?.pseudo && given?.how !== "accepted") facts.answer = label.percent === null ? label.class.name : `${label.class.name} ${label.percent}%`;
    else if (label) facts.label = label.class.name;
    if (label && given && given.class_id === label.class.id) {
      facts.given = `${HOWS[given.how] ?? given.how}${given.percent === null ? "" : ` at ${given.percent}%`}`;
      facts.by = given.who;
      facts.on = new Date(given.when).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    }
    if (caption) facts.note = caption;
    this.write(this.judged, facts);
  }

  write(list, facts) {
    const known = Object.entries(facts).filter(([, value]) => value !== "");
    list.replaceChildren(...known.flatMap(([name, value]) => [node("dt", {}, name.replaceAll("_", " ")), node("dd", {}, String(value))]));
  }
}
