// The rail of classes: one is chosen; under each name a bar of what is given by hand, accepted, sure and in doubt.

const PARTS = [
  ["hand", "by hand"],
  ["accepted", "accepted"],
  ["above", "sure"],
  ["below", "in doubt"],
];

export default function ({ parentElement, data, setStateValue }) {
  const rail = parentElement.querySelector(".rail");
  rail.replaceChildren(...data.rows.map((row) => entry(row, data.chosen, setStateValue)), legend());
  const watch = new ResizeObserver(() => shorten(rail)); // tells the size at once, and whenever it changes
  watch.observe(rail.parentElement);
  return () => watch.disconnect();
}

// Leave the words beside the numbers away where they would take a second line, and the numbers where the room is too low.
function shorten(rail) {
  rail.classList.remove("short", "low");
  const lines = [...rail.querySelectorAll(".counts")].filter((one) => one.childElementCount);
  rail.classList.toggle("short", lines.some((one) => one.lastElementChild.offsetTop > one.firstElementChild.offsetTop));
  rail.classList.toggle("low", rail.offsetHeight > rail.parentElement.clientHeight);
}

function entry(row, chosen, setStateValue) {
  const told = PARTS.filter(([part]) => row[part]).map(([part, said]) => [part, row[part].toLocaleString("en"), ` ${said}`]);
  const counts = told.map(([part, count, said]) => node("span", { class: "part" }, node("i", { class: part }), count, node("span", { class: "said" }, said)));
  return node(
    "button",
    {
      class: `entry ${row.kind}`,
      type: "button",
      style: `--class: ${row.colour}`,
      "aria-pressed": String(row.id === chosen),
      onclick: () => setStateValue("chosen", row.id),
    },
    node("span", { class: "dot" }),
    node("span", { class: "name", title: row.name }, row.name),
    node("span", { class: "count" }, row.shown.toLocaleString("en")),
    node("span", { class: "bar" }, ...PARTS.map(([part]) => node("i", { class: part, style: `flex-grow: ${row[part]}` }))),
    node("span", { class: "counts", title: told.map(([, count, said]) => count + said).join(", ") }, ...counts),
  );
}

function legend() {
  return node("div", { class: "legend" }, ...PARTS.map(([part, said]) => node("span", {}, node("i", { class: part }), said)));
}
