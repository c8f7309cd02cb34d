// The labelling stage: one large image, the classes with their keys, the film of suggestions.
//
// It answers a key at once and tells Python through the queue (../events.py); what Python has stored comes back in data.images.
// Until then the open events say how each image is marked, so nothing flickers and nothing is lost.

const AHEAD = 8; // images fetched before they are needed
const SKIPPED = "skipped";
const UNREADABLE = "The file of this image cannot be shown: it was moved or damaged. Put it back, or skip the image by U; Data lists such files after a rescan.";
const KEYS = [
  ["1 … 9", "label the image with that class; further classes have 0 and letters"],
  ["/", "find a class by its name, or add one"],
  ["U", "skip: do not suggest it again"],
  ["X", "compare with examples of each class; with Shift more of them"],
  ["Ctrl Z", "undo the last step, also after a restart"],
  ["← →", "look at the image before or after"],
  ["wheel", "zoom in; drag to move; double click to go back"],
  ["?", "show or hide these keys"],
];
const stages = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  if (!stages.has(parentElement)) stages.set(parentElement, new Stage(parentElement, data.shelf));
  const stage = stages.get(parentElement);
  stage.queue.connect((value) => setStateValue("events", value));
  stage.receive(data);
  return () => setTimeout(() => parentElement.isConnected || stage.leave()); // also called for a render overtaken
}

class Stage {
  constructor(parent, shelf) {
    this.find = (name) => parent.querySelector(`.${name}`);
    this.queue = new EventQueue(shelf);
    this.focus = null; // id of the image shown; null for the first open one
    this.fetched = new Map(); // url → Image, so that the browser keeps what comes next
    this.zoom = new Zoom(this.find("frame"), this.find("picture"));
    this.find("skip").onclick = () => this.mark({ kind: "skip" });
    this.find("undo").onclick = () => this.undo();
    this.sheet = new KeySheet(KEYS);
    this.palette = new ClassPalette((one) => this.mark({ kind: "label", class: one.id, how: "key" }), (name) => this.invent(name));
    this.find("finder").onclick = () => this.lookUp();
    this.comparison = new Comparison(() => this.drawComparison());
    this.find("comparing").onclick = () => this.compare(false);
    this.find("frame").append(this.comparison.element);
    this.find("stage").append(this.sheet.element);
    this.find("help").onclick = () => this.sheet.toggle();
    this.find("add").onsubmit = (event) => this.addClass(event);
    this.find("picture").onload = () => this.drawPicture();
    this.find("picture").onerror = () => this.drawPicture();
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  leave() {
    document.removeEventListener("keydown", this.onKey);
    this.queue.close();
  }

  // What somebody else labels while it is being looked at stays: a key on its way must not fall on the next image.
  receive(data) {
    const seen = this.data && this.current();
    const open = seen && this.markOf(seen) === "";
    this.data = data;
    this.queue.acknowledge(data.acknowledged);
    if (open && data.images.some((image) => image.id === seen.id && image.mark !== "")) this.focus ??= seen.id;
    releaseMenu();
    this.draw();
  }

  // What is known of an image: the id of its class, SKIPPED, or "" while it is open.
  markOf(image) {
    const event = this.queue.open.findLast((open) => open.image === image.id);
    return event ? (event.kind === "skip" ? SKIPPED : event.class) : image.mark;
  }

  current() {
    const chosen = this.data.images.find((image) => image.id === this.focus);
    return chosen ?? this.data.images.find((image) => this.markOf(image) === "");
  }

  undoing() {
    return this.queue.open.some((event) => event.kind === "undo");
  }

  key(event) {
    const key = commandKey(event);
    const named = this.data.classes.find((one) => one.key === key);
    const command = {
      u: () => this.mark({ kind: "skip" }),
      x: () => this.compare(event.shiftKey),
      "ctrl+z": () => this.undo(),
      "/": () => this.lookUp(),
      "?": () => this.sheet.toggle(),
      Escape: () => this.sheet.toggle(false),
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
    }[key];
    if (!named && !command) return;
    event.preventDefault();
    if (named) this.mark({ kind: "label", class: named.id, how: "key" }, event.repeat);
    else command();
  }

  // A held key is not a decision about the images it would run over.
  mark(event, repeated = false) {
    const image = this.current();
    if (!image || repeated || this.undoing()) return;
    this.queue.add({ ...event, image: image.id });
    this.focus = null;
    this.draw();
    this.flash(event);
  }

  undo() {
    this.queue.add({ kind: "undo" });
    this.focus = null;
    this.draw();
  }

  addClass(event) {
    event.preventDefault();
    this.invent(this.find("new").value.trim());
    this.find("new").value = "";
    this.find("new").blur();
  }

  invent(name) {
    if (name) this.queue.add({ kind: "add", name });
    this.draw();
  }

  lookUp() {
    this.palette.open(this.find("stage"), this.data.classes);
  }

  compare(more) {
    this.comparison.turn(more);
    this.draw();
  }

  step(by) {
    const images = this.data.images;
    const at = images.indexOf(this.current());
    const next = images[(at < 0 ? images.length : at) + by];
    if (next) this.show(next);
  }

  show(image) {
    this.focus = image.id;
    this.draw();
  }

  draw() {
    this.drawComparison(); // first: it takes room from the picture
    this.drawPicture();
    this.drawClasses();
    this.drawAnswer();
    this.drawFilm();
    this.fetchAhead();
  }

  drawPicture() {
    const image = this.current();
    const picture = this.find("picture");
    if (image && picture.dataset.id !== image.id) {
      picture.dataset.id = image.id;
      picture.src = image.url;
      picture.alt = image.caption;
      this.zoom.reset();
    }
    const lost = Boolean(image) && picture.complete && !picture.naturalWidth; // its file is gone, or no picture any more
    this.find("frame").classList.toggle("done", !image);
    this.find("frame").classList.toggle("lost", lost);
    this.find("path").textContent = image?.caption ?? "";
    this.find("empty").textContent = lost ? UNREADABLE : image ? "" : this.data.finished;
    this.drawSize();
  }

  drawSize() {
    const picture = this.find("picture");
    const times = Math.min(picture.clientWidth / picture.naturalWidth, picture.clientHeight / picture.naturalHeight); // shown whole
    const shown = Number.isFinite(times) && times > 0 ? ` · shown ${times.toFixed(times < 10 ? 1 : 0)}×` : "";
    this.find("size").textContent = picture.naturalWidth
      ? `${picture.naturalWidth} × ${picture.naturalHeight} px${shown}` : "";
  }

  drawClasses() {
    const image = this.current();
    const marked = image ? this.markOf(image) : "";
    const rows = this.data.classes.map((one) =>
      node(
        "button",
        {
          class: marked === one.id ? "class marked" : "class",
          type: "button",
          style: `--class: ${one.colour}`,
          onclick: () => this.mark({ kind: "label", class: one.id, how: "click" }),
        },
        node("kbd", {}, one.key),
        one.exemplars.length ? node("img", { src: one.exemplars[0], alt: "" }) : node("span", { class: "blank" }),
        node("span", { class: "name", title: one.name }, one.name),
        node("span", { class: "count" }, one.count.toLocaleString("en")),
      ),
    );
    this.find("classes").replaceChildren(...rows);
    this.find("classes").classList.toggle("many", rows.length > 7);
  }

  // Below the picture, which makes room for it.
  drawComparison() {
    const { classes } = this.data;
    const about = (one) => ({
      one,
      examples: one.exemplars.map((url) => ({ url })),
      chip: classChip(one, { give: () => this.mark({ kind: "label", class: one.id, how: "click" }) }),
    });
    this.comparison.draw(classes, () => classes.map(about));
    this.find("comparing").setAttribute("aria-pressed", String(this.comparison.shown));
    this.find("frame").classList.toggle("beside", this.comparison.shown);
  }

  drawAnswer() {
    const open = this.queue.open.length;
    const problem = this.queue.problem;
    const saved = this.find("saved");
    saved.textContent = problem || (open ? (this.undoing() ? "Undoing …" : `Saving ${open} …`) : this.data.saved);
    saved.classList.toggle("problem", Boolean(problem));
    saved.dataset.open = open;
    this.find("effect").textContent = this.data.effect;
  }

  drawFilm() {
    const image = this.current();
    const frames = this.data.images.map((one) => {
      const mark = this.markOf(one);
      const known = this.data.classes.find((named) => named.id === mark);
      const said = known ? known.name : mark === SKIPPED ? "skipped" : one.reason;
      return node(
        "button",
        {
          class: `shot${one === image ? " shown" : ""}${mark === "" ? "" : " handled"}`,
          type: "button",
          "aria-current": String(one === image),
          title: one.reason,
          style: `--class: ${known ? known.colour : "transparent"}`,
          onclick: () => this.show(one),
        },
        node("img", { src: one.thumb, alt: one.caption, loading: "lazy" }),
        node("span", { class: "why" }, said),
      );
    });
    const film = this.find("film");
    film.replaceChildren(...frames);
    const at = film.querySelector(".shown") ?? film.lastElementChild;
    if (at) film.scrollLeft = at.offsetLeft - film.offsetLeft - 2.2 * at.offsetWidth;
  }

  fetchAhead() {
    const open = this.data.images.filter((image) => this.markOf(image) === "").slice(0, AHEAD);
    const urls = new Set(open.map((image) => image.url));
    for (const url of this.fetched.keys()) if (!urls.has(url)) this.fetched.delete(url);
    for (const url of urls) if (!this.fetched.has(url)) this.fetched.set(url, Object.assign(new Image(), { src: url }));
  }

  // A short word over the picture that says what was just decided.
  flash(event) {
    const named = this.data.classes.find((one) => one.id === event.class);
    const verdict = this.find("verdict");
    verdict.textContent = named ? named.name : "skipped";
    verdict.style.setProperty("--class", named?.colour ?? "var(--st-gray-color, #777)");
    verdict.getAnimations().forEach((animation) => animation.cancel());
    verdict.animate([{ opacity: 1 }, { opacity: 1, offset: 0.6 }, { opacity: 0 }], { duration: 700 });
  }
}
