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
}

function entry(row, chosen, setStateValue) {
  const counts = PARTS.filter(([part]) => row[part]).map(([part, said]) => `${row[part].toLocaleString("en")} ${said}`);
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
    node("span", { class: "counts" }, counts.join(" · ")),
  );
}

function legend() {
  return node("div", { class: "legend" }, ...PARTS.map(([part, said]) => node("span", {}, node("i", { class: part }), said)));
}
