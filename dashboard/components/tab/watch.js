// Hears of labels given and jobs begun in another tab, browser or process, and says so when nobody is disturbed by it.

const WATCH_EVERY = 2000; // milliseconds
const WATCH_AGAIN = 10000; // milliseconds until the same news is told once more: a run that is overtaken may miss it
const WATCH_QUIET = 700; // milliseconds without a key, a wheel or a drag after which a person is taken to rest
const WATCH_ACTS = ["keydown", "input", "wheel", "scroll", "pointerdown", "pointerup", "pointermove", "pointercancel"];
const WATCH_OPEN = "[role=dialog], [role=listbox], [role=menu], [data-testid=stPopoverBody]"; // a run could close these

class Watch {
  constructor() {
    this.told = { version: "", at: 0 };
    this.last = -Infinity; // when the person last did something
    this.held = false; // whether a button of the mouse is held: a lasso, a slider
    this.act = (event) => {
      if ("buttons" in event) this.held = event.buttons > 0;
      if (event.type !== "pointermove" || this.held) this.last = performance.now();
    };
    this.seen = () => document.hidden || this.look();
    for (const name of WATCH_ACTS) addEventListener(name, this.act, { capture: true, passive: true });
    document.addEventListener("visibilitychange", this.seen);
    this.timer = setInterval(() => this.look(), WATCH_EVERY);
  }

  // `tell` runs the script; fresh at every render, like the version that the page now shows.
  follow(url, version, tell) {
    Object.assign(this, { url, version, tell });
  }

  async look() {
    if (document.hidden || this.asking || !this.url) return;
    this.asking = true;
    const url = this.url;
    const found = await fetch(url, { cache: "no-store" }).then((answer) => (answer.ok ? answer.json() : null), () => null);
    this.asking = false;
    if (found && url === this.url) this.consider(found.version);
  }

  consider(version) {
    if (version === this.version) return;
    if (this.disturbs()) {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.consider(version), WATCH_QUIET);
      return;
    }
    const now = performance.now();
    if (version === this.told.version && now - this.told.at < WATCH_AGAIN) return;
    this.told = { version, at: now };
    this.tell(version);
  }

  disturbs() {
    const running = document.querySelector(".stApp")?.dataset.testScriptState === "running";
    return running || this.held || performance.now() - this.last < WATCH_QUIET || document.querySelector(WATCH_OPEN);
  }

  stop() {
    clearInterval(this.timer);
    clearTimeout(this.later);
    for (const name of WATCH_ACTS) removeEventListener(name, this.act, { capture: true });
    document.removeEventListener("visibilitychange", this.seen);
  }
}
