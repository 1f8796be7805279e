// @ts-check
// Reloads the page when a newer build made another page of it. Only `sitegen serve` sends this.

const own = new URL(import.meta.url).searchParams
const page = own.get('page')
let version = own.get('version') ?? ''
/** @type {EventSource | null} */
let events = null

function listen() {
  if (events !== null) return
  events = new EventSource(`/__sitegen/events?version=${encodeURIComponent(version)}`)
  events.onmessage = async event => {
    if (event.data === version) return
    pause()
    version = event.data
    if (await isOutdated()) location.reload()
    else if (!document.hidden) listen()
  }
}

/** Whether the server has another page at this address now, or files of the index that the page holds are gone. */
async function isOutdated() {
  if (performance.getEntriesByType('resource').some(({ name }) => name.includes('/search/'))) return true
  const now = await fetch(location.href, { method: 'HEAD', cache: 'no-store' })
  return now.redirected || now.headers.get('X-Sitegen-Page') !== page
}

// A browser opens few connections to one host: a page that nobody sees gives its own back, and catches up later.
function pause() {
  events?.close()
  events = null
}

document.addEventListener('visibilitychange', () => (document.hidden ? pause() : listen()))
window.addEventListener('pagehide', pause)
window.addEventListener('pageshow', listen)
if (!document.hidden) listen()
