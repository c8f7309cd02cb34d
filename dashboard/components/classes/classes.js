// The class editor: add, rename, recolour, merge, delete. Each step is an event (../events.py) that undoes.

const MERGE = "M4 5h5l4 5h4M4 15h5l1.5-2M14 7l3 3-3 3";
const DELETE = "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6";
const editors = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  if (!editors.has(parentElement)) editors.set(parentElement, new Editor(parentElement, data.shelf));
  const editor = editors.get(parentElement);
  editor.queue.connect((value) => setStateValue("events", value));
  editor.receive(data);
  return () => setTimeout(() => parentElement.isConnected || editor.queue.close()); // also called for a render overtaken
}

class Editor {
  constructor(parent, shelf) {
    this.find = (name) => parent.querySelector(`.${name}`);
    this.queue = new EventQueue(shelf);
    this.unfolded = { id: null, what: "" }; // the row that asks something: "palette", "merge" or "delete"
    this.find("add").onsubmit = (event) => this.add(event);
    this.find("new").onkeydown = (event) => event.stopPropagation();
  }

  receive(data) {
    this.data = data;
    this.queue.acknowledge(data.acknowledged);
    this.draw();
  }

  send(event) {
    this.unfolded = { id: null, what: "" };
    this.queue.add(event);
    this.draw();
  }

  add(event) {
    event.preventDefault();
    const name = this.find("new").value.trim();
    if (!name) return;
    this.find("new").value = "";
    this.send({ kind: "add", name });
  }

  unfold(id, what) {
    const same = this.unfolded.id === id && this.unfolded.what === what;
    this.unfolded = same ? { id: null, what: "" } : { id, what };
    this.draw();
  }

  draw() {
    const typing = this.find("rows").querySelector("input:focus");
    const kept = typing && { id: typing.dataset.id, value: typing.value, at: typing.selectionStart };
    this.find("rows").replaceChildren(...this.data.classes.flatMap((one) => this.row(one)));
    this.find("state").textContent = this.queue.problem || (this.queue.open.length ? "Saving …" : "");
    if (!kept) return;
    const again = this.find("rows").querySelector(`input[data-id="${kept.id}"]`);
    if (!again) return;
    again.value = kept.value;
    again.focus();
    again.setSelectionRange(kept.at, kept.at);
  }

  row(one) {
    const row = node(
      "div",
      { class: "row", style: `--class: ${one.colour}` },
      tool("swatch", `Change the colour of ${one.name}`, () => this.unfold(one.id, "palette")),
      this.name(one),
      node("kbd", {}, one.key),
      node("span", { class: "count" }, one.count.toLocaleString("en")),
      tool("icon", `Merge ${one.name} into another class`, () => this.unfold(one.id, "merge"), icon(MERGE)),
      tool("icon", `Delete ${one.name}`, () => this.unfold(one.id, "delete"), icon(DELETE)),
    );
    if (this.unfolded.id !== one.id) return [row];
    const ask = { palette: () => this.palette(one), merge: () => this.merge(one), delete: () => this.remove(one) };
    return [row, node("div", { class: "ask" }, ...ask[this.unfolded.what]())];
  }

  name(one) {
    const input = node("input", {
      class: "name",
      type: "text",
      value: one.name,
      maxlength: 80,
      "data-id": one.id,
      "aria-label": `Name of the class ${one.name}`,
    });
    input.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Escape") input.value = one.name;
      if (["Enter", "Escape"].includes(event.key)) input.blur();
    };
    input.onblur = () => {
      const name = input.value.trim();
      if (name && name !== one.name) this.send({ kind: "rename", class: one.id, name });
      else input.value = one.name;
    };
    return input;
  }

  palette(one) {
    const own = one.colour.toUpperCase();
    const used = this.data.classes.map((other) => other.colour.toUpperCase());
    return this.data.palette.map((colour) => {
      const shade = colour.toUpperCase();
      const taken = shade !== own && used.includes(shade);
      const dot = tool(`dot${taken ? " taken" : ""}${shade === own ? " own" : ""}`, taken ? `${colour}, in use` : colour, () =>
        this.send({ kind: "recolour", class: one.id, colour }),
      );
      dot.style.setProperty("--class", colour);
      return dot;
    });
  }

  merge(one) {
    const others = this.data.classes.filter((other) => other.id !== one.id);
    if (!others.length) return ["There is no other class to merge it into."];
    const targets = others.map((other) => {
      const target = node("button", { class: "target", type: "button", style: `--class: ${other.colour}` }, other.name);
      target.onclick = () => this.send({ kind: "merge", class: one.id, into: other.id });
      return target;
    });
    return [`Give ${plural(one.count, "label")} of ${one.name} to`, ...targets];
  }

  remove(one) {
    const lost = one.count ? ` ${plural(one.count, "image")} would be without a label.` : "";
    return [
      node("span", { class: "question" }, `Delete ${one.name}?${lost}`),
      node("button", { class: "danger", type: "button", onclick: () => this.send({ kind: "delete", class: one.id }) }, "Delete"),
      node("button", { class: "keep", type: "button", onclick: () => this.unfold(null, "") }, "Keep"),
    ];
  }
}

function tool(name, title, onclick, ...content) {
  return node("button", { class: name, type: "button", title, "aria-label": title, onclick }, ...content);
}
