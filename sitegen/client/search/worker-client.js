// The same search as search.js, computed in a Web Worker.

/**
 * Opens the index of a site in a worker; what it answers has the methods of `openSearch`.
 * @param {string | URL} root the root of the site, ending in /
 * @param {{worker?: Worker, manifest?: Promise<string | undefined>}} [options] `manifest`: as in `openSearch`, read while
 *   the worker starts
 */
export async function openSearchInWorker(
  root,
  { manifest, worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }) } = {},
) {
  const waiting = new Map()
  let last = 0
  worker.addEventListener('message', ({ data: { id, part, value, error } }) => {
    const { resolve, reject, onScreen } = waiting.get(id) ?? {}
    if (part) return onScreen?.(part)
    waiting.delete(id)
    if (error) reject?.(Object.assign(new Error(error.message), { name: error.name }))
    else resolve?.(value)
  })
  worker.addEventListener('error', event => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || 'the search worker failed'))
    waiting.clear()
  })

  function call(name, given, signal, onScreen) {
    last += 1
    const id = last
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      waiting.set(id, { resolve, reject, onScreen })
      signal?.addEventListener(
        'abort',
        () => {
          waiting.delete(id)
          worker.postMessage({ id, call: 'abort' })
          reject(signal.reason)
        },
        { once: true },
      )
      worker.postMessage({ id, call: name, given })
    })
  }

  await call('open', { root: String(new URL(root, globalThis.location?.href)), manifest: await manifest })
  return {
    /** @type {(text: string, options?: any) => Promise<any>} */
    query: (text, { signal, onScreen, ...options } = {}) => call('query', { text, options }, signal, onScreen),
    /** @type {(text: string, options?: any) => Promise<any>} */
    facets: (text, { signal, ...options } = {}) => call('facets', { text, options }, signal),
  }
}
