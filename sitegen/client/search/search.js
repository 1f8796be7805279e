// The search client: answers queries from the index in pages. Runs in a page, in a Web Worker and under Node.

import { answerBox } from './box.js'
import { debounce } from './debounce.js'
import { countFacets } from './facet-counts.js'
import { marksOf } from './highlight.js'
import { Pages, StaleError } from './pages.js'

/**
 * @typedef {object} Label
 * @property {string} label
 * @property {string} slug
 *
 * @typedef {object} Hit
 * @property {number} number the paper's number in the index: higher is newer
 * @property {string} id
 * @property {string} url relative to the root of the site
 * @property {string} title
 * @property {string[]} authors
 * @property {string} date ISO, or ''
 * @property {string} venue
 * @property {number | null} votes
 * @property {Label[]} topics
 * @property {Label[]} tags
 * @property {string} summary
 * @property {number} score
 * @property {import('./highlight.js').Marks} [marks] the same for the eye, where it was asked for
 *
 * @typedef {object} Answer
 * @property {number} total papers that answer the query
 * @property {number} every how many of these have all of its words
 * @property {boolean} counted whether these are all: of very frequent words not all papers may have been read, and then
 *   there may be more than `total`, which is more than were asked for
 * @property {boolean} exact whether nothing was left out to keep the query cheap
 * @property {{kind: 'syntax' | 'typo' | 'phrase' | 'bounded', message: string, words?: string[], found?: number, among?: number} | null} notice what to tell the reader;
 *   `words`: those that no paper has
 * @property {Hit[]} hits
 * @property {string[]} terms index terms that were looked for, for `segments` of text.js
 *
 * @typedef {object} Filters each admits a paper when any of its values does
 * @property {string[]} [topic] slugs or labels
 * @property {string[]} [tag] slugs or labels
 * @property {string[]} [author] words of a name
 * @property {string[]} [venue] labels
 * @property {[number, number]} [year] from and to
 */

async function answerLunr(pages, text) {
  const { answerLunr: answer } = await import('./lunr.js')
  try {
    const { ranked, exact, ...rest } = await answer(pages, text)
    const notice = exact ? null : { kind: 'bounded', message: 'Too many words match; only the commonest were used.' }
    return { total: ranked.length, every: ranked.length, ranked, exact, notice, ...rest }
  } catch (error) {
    if (error.name !== 'QueryError') throw error
    return {
      total: 0,
      every: 0,
      counted: true,
      ranked: [],
      exact: true,
      notice: { kind: 'syntax', message: error.message },
      terms: [],
    }
  }
}

/**
 * Opens the index of a site.
 * @param {string | URL} root the root of the site, ending in /
 * @param {{fetch?: import('./pages.js').Fetch, manifest?: string}} [options] `manifest`: the text of search/manifest.json, where a page
 *   has read it already
 */
export async function openSearch(root, { fetch = globalThis.fetch.bind(globalThis), manifest } = {}) {
  const base = new URL('search/', root)
  let pages = manifest ? new Pages(base, fetch, JSON.parse(manifest)) : await Pages.open(base, fetch)

  /** Runs a reader of the pages; when the site was published anew meanwhile, once more on the new index. */
  async function reading(run) {
    try {
      return await run(pages)
    } catch (error) {
      if (!(error instanceof StaleError)) throw error
      pages = await Pages.open(base, fetch, { cache: 'reload' })
      return run(pages)
    }
  }

  return {
    /**
     * @param {string} text
     * @param {{syntax?: 'box' | 'lunr', limit?: number, offset?: number, countAll?: boolean, filters?: Filters,
     *   sort?: 'relevance' | 'plain' | 'date' | 'votes', signal?: AbortSignal, marks?: import('./highlight.js').Measures,
     *   screen?: number, onScreen?: (answer: Answer) => void, typing?: boolean}} [options] `countAll`: whether `total` must count
     *   all papers, which costs the whole posting lists; filters and sort belong to the box; `onScreen` is given the
     *   answer with `screen` hits alone, as soon as these are there; `typing`: whether another key may follow, which will abort
     *   `signal`: what it would make useless is then put off, see debounce.js
     * @returns {Promise<Answer>}
     */
    query: (
      text,
      {
        syntax = 'box',
        limit = 10,
        offset = 0,
        countAll,
        filters,

        sort,
        signal,
        marks,
        screen = limit,
        onScreen,
        typing,
      } = {},
    ) =>
      reading(async pages => {
        const wait = typing ? debounce(signal) : undefined
        const certain = countAll ? Infinity : offset + limit
        const { ranked, ...rest } =
          syntax === 'lunr'
            ? await answerLunr(pages, text)
            : await answerBox(pages, text, { filters, sort, count: offset + limit, certain, signal, wait })
        signal?.throwIfAborted()
        const wanted = new Set(rest.terms)
        const hit = async ({ document, score }) => {
          const { near, ...card } = await pages.card(document, wait?.short)
          return { ...card, score, ...(marks && { marks: marksOf(card, wanted, marks) }) }
        }
        /** @type {(hits: Hit[]) => any} an Answer */
        const answer = hits => {
          signal?.throwIfAborted()
          return { ...rest, hits }
        }
        const found = ranked.slice(offset, offset + limit)
        const ahead = Promise.all(found.slice(0, screen).map(hit)).then(hits => {
          if (found.length > screen) onScreen?.(answer(hits))
          return hits
        })
        if (typing) await ahead
        const hits = await Promise.all([ahead, ...found.slice(screen).map(hit)])
        return answer(hits.flat())
      }),

    /**
     * How many papers answer, and how many of them carry each label, commonest first.
     * @param {string} text
     * @param {{filters?: Filters, kinds?: ('topics' | 'tags' | 'venues' | 'authors' | 'years')[], limit?: number,
     *   signal?: AbortSignal, typing?: boolean}} [options] `signal` stops what is being fetched for them; `typing` as for `query`
     * @returns {Promise<{total: number, every: number} & Record<string, (Label & {count: number})[]>>}
     */
    facets: (text, { signal, typing, ...options } = {}) =>
      reading(async pages => {
        if (typing) await debounce(signal).long()
        return countFacets(pages.aside(signal), text, options)
      }),
  }
}
