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
