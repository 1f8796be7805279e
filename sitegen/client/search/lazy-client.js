// The search engine of a page: opened when first needed, in a worker where there is one.

import { openSearchInWorker } from './worker-client.js'

/**
 * @param {string} root the root of the site, relative to the page
 * @returns {{warm: () => void, query: (text: string, options?: any) => Promise<import('./search.js').Answer>,
 *   facets: (text: string, options?: object) => Promise<import('../ui/facets.js').Facets>}} as of `openSearch`
 */
export function lazyClient(root) {
  const base = new URL(root, document.baseURI)
  let opening

  async function open() {
    // The page asks for the manifest itself: it may have been preloaded, and the worker need not wait for its modules.
    const manifest = fetch(new URL('search/manifest.json', base)).then(
      response => (response.ok ? response.text() : undefined),
      () => undefined,
    )
    try {
      return await openSearchInWorker(base, { manifest })
    } catch {
      // No workers here, or no network: the page itself can try, and if that fails its error is the one to show.
      const { openSearch } = await import('./search.js')
      return openSearch(base)
    }
  }

  /** A failure to open is forgotten, so that the next query tries again. */
  function opened() {
    opening ??= open().catch(error => {
      opening = undefined
      throw error
    })
    return opening
  }

  return {
    warm: () => {
      opened().catch(() => {})
    },
    query: async (text, options) => {
      const search = await opened()
      options?.signal?.throwIfAborted()
      return search.query(text, options)
    },
    facets: async (text, options) => (await opened()).facets(text, options),
  }
}
