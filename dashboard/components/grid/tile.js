// One thumbnail: picture, class edge and badge, the line under it. Made once, then shown for one image after another;
// only what has changed is written to the page.

class Tile {
  constructor(loader) {
    this.loader = loader;
    this.picture = node("img", { alt: "", draggable: "false", decoding: "async" });
    this.badge = node("span", { class: "badge" });
    this.tick = node("span", { class: "tick" }, icon("M5 10.500l3.500 3.500L15 7"));
    this.frame = node("div", { class: "frame" }, this.picture, this.badge, this.tick);
    this.caption = node("div", { class: "caption numbers" });
    this.element = node("div", { class: "tile", role: "option" }, this.frame, this.caption);
    this.picture.onload = () => this.arrived(true);
    this.picture.onerror = () => this.arrived(false);
    this.shown = {}; // what stands in the page, by name
  }

  // `view` = {position, row, count, url, place, size, selected, focused, label, caption}; label = {class, pseudo, percent}.
  show(view) {
    const { element } = this;
    const words = this.words(view.label);
    this.position = view.position;
    this.put("position", view.position, (position) => {
      element.id = `image-${position}`;
      element.dataset.position = position;
      element.setAttribute("aria-posinset", position + 1);
    });
    this.put("row", view.row, (row) => (element.dataset.row = row));
    this.put("count", view.count, (count) => element.setAttribute("aria-setsize", count));
    this.put("place", `translate(${view.place[0]}px, ${view.place[1]}px)`, (place) => (element.style.transform = place));
    this.put("size", view.size, (size) => (element.style.width = this.frame.style.height = `${size}px`));
    this.put("selected", view.selected, (selected) => element.setAttribute("aria-selected", String(selected)));
    this.put("focused", view.focused, (focused) => element.classList.toggle("focused", focused));
    this.put("label", view.label && [view.label.class.colour, view.label.class.key, view.label.class.name, view.label.pseudo].join(), () => this.showLabel(view.label));
    this.put("caption", view.caption ?? words, (caption) => (this.caption.textContent = this.caption.title = caption));
    this.put("said", `Image ${view.position + 1}, ${words || "no label"}`, (said) => element.setAttribute("aria-label", said));
    this.put("url", view.url, (url) => this.load(url));
  }

  put(name, value, write) {
    if (this.shown[name] === value) return;
    this.shown[name] = value;
    write(value);
  }

  load(url) {
    this.frame.classList.remove("loaded", "failed");
    this.loader.want(this, url);
  }

  // The three that the loader calls and hears of.
  fetch(url) {
    this.picture.src = url;
  }

  cancel() {
    this.picture.removeAttribute("src");
  }

  arrived(whole) {
    const url = this.picture.getAttribute("src");
    if (url !== this.shown.url) return; // of the image that stood here before
    this.frame.classList.add(whole ? "loaded" : "failed");
    this.loader.done(this, url, whole);
  }

  // Out of sight; the tile waits to be used again.
  rest() {
    this.loader.leave(this);
    this.element.remove();
    this.shown.url = undefined;
  }

  showLabel(label) {
    this.element.classList.toggle("labelled", Boolean(label));
    this.element.classList.toggle("pseudo", Boolean(label?.pseudo));
    if (!label) return;
    this.element.style.setProperty("--colour", label.class.colour);
    this.element.style.setProperty("--key-ink", inkOn(label.class.colour));
    this.badge.textContent = label.class.key || label.class.name.slice(0, 1);
  }

  // A label that was not saved: said by the bar, shown here.
  refuse() {
    this.frame.animate([{ boxShadow: "0 0 0 4px var(--attention)" }, { boxShadow: "0 0 0 4px transparent" }], { duration: 2500, easing: "ease-in" });
  }

  words(label) {
    if (!label) return "";
    return label.percent === null ? label.class.name : `${label.class.name} ${label.percent}%`;
  }
}
