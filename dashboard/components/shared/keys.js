// Which key counts as a command; put before a component's own script.

// The key of a keydown event ("1", "u", "ctrl+z", "ArrowLeft" …), or "" while somebody types or a dialog is open.
function commandKey(event) {
  const target = event.composedPath()[0];
  const typing = target instanceof Element && target.closest("input, textarea, select, [contenteditable=true]");
  const dialog = document.querySelector('[role="dialog"]:not([aria-hidden="true"])');
  if (typing || dialog || event.isComposing || event.altKey) return "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `ctrl+${key}` : key;
}

// Whether a key is meant for the component with this root: the focus is in it, or nowhere in particular.
function meantFor(root, event) {
  const path = event.composedPath();
  if (path.includes(root)) return true;
  const target = path[0];
  return target === document.body || (target instanceof Element && target.matches("main, section, [tabindex='-1']"));
}

// A menu that was chosen from keeps the focus, and with it the keys; called when its choice has been answered.
function releaseMenu() {
  const active = document.activeElement;
  if (active?.matches('[role="combobox"]') && active.getAttribute("aria-expanded") !== "true") active.blur();
}
