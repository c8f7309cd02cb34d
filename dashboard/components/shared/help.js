// The sheet that lists a component's keys; any click closes it.

class KeySheet {
  // `keys` = [[key, what it does], …]
  constructor(keys) {
    const lines = keys.flatMap(([key, does]) => [node("dt", {}, ...this.caps(key)), node("dd", {}, does)]);
    this.element = node("div", { class: "keys", role: "note", "aria-label": "Keys", hidden: true }, node("dl", {}, ...lines));
    this.element.onclick = () => this.toggle(false);
  }

  caps(key) {
    return key.split(" ").flatMap((cap) => [node("kbd", {}, cap), " "]);
  }

  toggle(shown = this.element.hidden) {
    this.element.hidden = !shown;
  }

  get shown() {
    return !this.element.hidden;
  }
}
