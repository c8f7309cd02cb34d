// One thumbnail: picture, class edge and badge, the line under it. Made once, then shown for one image after another.

class Tile {
  constructor() {
    this.picture = node("img", { alt: "", draggable: "false", decoding: "async" });
    this.badge = node("span", { class: "badge" });
    this.tick = node("span", { class: "tick" }, icon("M5 10.500l3.500 3.500L15 7"));
    this.frame = node("div", { class: "frame" }, this.picture, this.badge, this.tick);
    this.caption = node("div", { class: "caption numbers" });
    this.element = node("div", { class: "tile", role: "option" }, this.frame, this.caption);
    this.picture.onload = () => this.frame.classList.add("loaded");
    this.picture.onerror = () => this.frame.classList.add("failed");
  }

  // `view` = {position, count, url, place, size, selected, focused, label, caption, id}; label = {class, pseudo, percent}.
  show(view) {
    const { element } = this;
    element.id = view.id;
    element.style.transform = `translate(${view.place[0]}px, ${view.place[1]}px)`;
    element.style.width = `${view.size}px`;
    this.frame.style.height = `${view.size}px`;
    if (this.url !== view.url) this.load(view.url);
    element.setAttribute("aria-selected", String(view.selected));
    element.setAttribute("aria-setsize", view.count);
    element.setAttribute("aria-posinset", view.position + 1);
    element.classList.toggle("focused", view.focused);
    this.showLabel(view.label);
    this.caption.textContent = view.caption ?? this.words(view.label);
    element.setAttribute("aria-label", `Image ${view.position + 1}, ${this.words(view.label) || "no label"}`);
  }

  load(url) {
    this.url = url;
    this.frame.classList.remove("loaded", "failed");
    if (url) this.picture.src = url;
    else this.picture.removeAttribute("src");
  }

  showLabel(label) {
    this.element.classList.toggle("labelled", Boolean(label));
    this.element.classList.toggle("pseudo", Boolean(label?.pseudo));
    if (!label) return;
    this.element.style.setProperty("--colour", label.class.colour);
    this.element.style.setProperty("--key-ink", inkOn(label.class.colour));
    this.badge.textContent = label.class.key || label.class.name.slice(0, 1);
  }

  words(label) {
    if (!label) return "";
    return label.percent === null ? label.class.name : `${label.class.name} ${label.percent} %`;
  }
}
