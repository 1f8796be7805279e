// @ts-check
// Reloads the page when a newer build made another page of it. Only `sitegen serve` sends this.

const own = new URL(import.meta.url).searchParams
const page = own.get('page')
const index = own.get('index')
let version = own.get('version') ?? ''
/** @type {EventSource | null} */
let events = null

function listen() {
  if (events !== null) return
  const query = new URLSearchParams({ version, page: location.pathname })
  events = new EventSource(`/__sitegen/events?${query}`)
  events.onmessage = async event => {
    if (event.data === version) return
    pause()
    version = event.data
    if (await isOutdated()) location.reload()
    else if (!document.hidden) listen()
  }
}

/** Whether the server has another page at this address now, or another index than the page has read from. */
async function isOutdated() {
  const now = await fetch(location.href, { method: 'HEAD', cache: 'no-store' })
  if (now.redirected || now.headers.get('X-Sitegen-Page') !== page) return true
  const searches = performance.getEntriesByType('resource').some(({ name }) => name.includes('/search/'))
  return searches && now.headers.get('X-Sitegen-Index') !== index
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
