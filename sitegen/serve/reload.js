// @ts-check
// Reloads the page when there is a newer build than the one it came from. Only `sitegen serve` sends this.

const version = new URL(import.meta.url).searchParams.get("version") ?? "";
/** @type {EventSource | null} */
let events = null;

function listen() {
  if (events !== null) return;
  events = new EventSource(`/__sitegen/events?version=${encodeURIComponent(version)}`);
  events.onmessage = (event) => {
    if (event.data !== version) location.reload();
  };
}

// A browser opens few connections to one host: a page that nobody sees gives its own back, and catches up later.
function pause() {
  events?.close();
  events = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? pause() : listen()));
window.addEventListener("pagehide", pause);
window.addEventListener("pageshow", listen);
if (!document.hidden) listen();
