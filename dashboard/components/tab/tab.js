// A tab's own business: the watch for news, the name in a cookie, the button that copies the address.

const YEAR = 31536000; // seconds
const CHAIN =
  "M8.2 11.8a3.2 3.2 0 0 0 4.6 0l3-3a3.25 3.25 0 0 0-4.6-4.6l-1 1M11.8 8.2a3.2 3.2 0 0 0-4.6 0l-3 3a3.25 3.25 0 0 0 4.6 4.6l1-1";
const tabs = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  if (!tabs.has(parentElement)) tabs.set(parentElement, { watch: new Watch(), button: drawLink(parentElement) });
  const { watch } = tabs.get(parentElement);
  watch.follow(data.url, data.version, (version) => setTriggerValue("news", version));
  if (data.who) document.cookie = `${data.cookie}=${data.who}; path=/; max-age=${YEAR}; SameSite=Lax`;
  return () => setTimeout(() => parentElement.isConnected || watch.stop()); // also called for a render overtaken
}

function drawLink(parent) {
  const said = node("span", { class: "said", "aria-live": "polite" }, "Copy link");
  const title = "Copy the address of what you see: project, screen, embedding, selection, colours";
  const button = node("button", { class: "link", type: "button", title }, icon(CHAIN), said);
  button.onclick = async () => {
    said.textContent = (await copy(address())) ? "Copied" : "Not copied";
    setTimeout(() => (said.textContent = "Copy link"), 1600);
  };
  parent.append(button);
  return button;
}

// What the tab shows, without who looks at it: the labels of whoever opens it are theirs.
function address() {
  const url = new URL(location.href);
  url.searchParams.delete("who");
  return url.href;
}

// A page that is served without encryption to other machines has no clipboard; there the old way is tried.
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const field = node("textarea", { style: "position: fixed; opacity: 0" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
