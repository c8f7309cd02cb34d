// Find a class by typing a part of its name (“/”): for more classes than keys, and for whoever does not know the keys.

class ClassPalette {
  // `give` is called with the class chosen; `invent`, where given, with a name that no class has.
  constructor(give, invent = null) {
    this.give = give;
    this.invent = invent;
    this.input = node("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-label": "Find a class by its name", placeholder: "Find a class …", autocomplete: "off", spellcheck: "false" });
    this.list = node("div", { class: "list", role: "listbox", id: "palette-list", "aria-label": "Classes" });
    this.element = node("div", { class: "palette", hidden: true }, this.input, this.list);
    this.input.oninput = () => this.draw(0);
    this.input.onblur = () => setTimeout(() => this.close(false), 100); // a click on a line comes first
    this.input.onkeydown = (event) => this.key(event);
  }

  get shown() {
    return !this.element.hidden;
  }

  // Over `host`, which takes the focus back.
  open(host, classes) {
    this.before = host.getRootNode().activeElement ?? host;
    this.classes = classes;
    host.append(this.element);
    this.element.hidden = false;
    this.input.value = "";
    this.draw(0);
    this.input.focus();
  }

  close(focus = true) {
    if (!this.shown) return;
    this.element.hidden = true;
    if (focus) this.before.focus({ preventScroll: true });
  }

  key(event) {
    event.stopPropagation(); // it is typing, whatever else listens
    const act = {
      ArrowDown: () => this.draw((this.at + 1) % this.found.length),
      ArrowUp: () => this.draw((this.at + this.found.length - 1) % this.found.length),
      Enter: () => this.choose(this.at),
      Escape: () => this.close(),
      Tab: () => this.close(),
    }[event.key];
    if (!act || event.isComposing) return;
    event.preventDefault();
    act();
  }

  draw(at) {
    const typed = this.input.value.trim();
    this.found = matching(this.classes, typed);
    if (this.invent && typed && !this.classes.some((one) => one.name === typed)) this.found.push({ name: typed, colour: "transparent", added: true });
    this.at = Math.max(0, Math.min(at, this.found.length - 1));
    const lines = this.found.map((one, place) =>
      node(
        "div",
        { role: "option", id: `palette-${place}`, "aria-selected": String(place === this.at), class: "entry", style: `--colour:${one.colour}`, onpointerdown: (event) => { event.preventDefault(); this.choose(place); } },
        node("i", {}), node("span", {}, one.added ? `Add “${one.name}”` : one.name), ...(one.key ? [node("kbd", {}, one.key)] : []),
      ),
    );
    this.list.replaceChildren(...(lines.length ? lines : [node("div", { class: "nobody" }, "No class has such a name.")]));
    this.input.setAttribute("aria-activedescendant", `palette-${this.at}`);
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  choose(place) {
    const one = this.found[place];
    if (!one) return;
    this.close();
    if (one.added) this.invent(one.name);
    else this.give(one);
  }
}

// The classes whose name holds what was typed: those that begin with it, then those with a word that does, then the others.
function matching(classes, typed) {
  const wanted = typed.toLowerCase();
  const rank = ({ name }) => {
    const place = name.toLowerCase().indexOf(wanted);
    return place < 0 ? -1 : place === 0 ? 0 : /\W/.test(name[place - 1]) ? 1 : 2;
  };
  return classes.filter((one) => rank(one) >= 0).sort((one, other) => rank(one) - rank(other));
}
