// The search client: answers queries from the index in pages. Runs in a page, in a Web Worker and under Node.

import { expansions, fits, near } from './expand.js'
import { parseLunr, QueryError } from './lunr-query.js'
import { Pages, StaleError } from './pages.js'
import { evaluate, modelOf } from './score.js'
import { stem, term, words } from './text.js'

const MOST_EDITS = 3  // Lunr's own advice; its automata grow beyond reason after that
const MOST_TERMS = 1024  // terms that one clause may stand for

/**
 * @typedef {object} Hit
 * @property {number} number the paper's number in the index: higher is newer
 * @property {string} id
 * @property {string} url relative to the root of the site
 * @property {string} title
 * @property {string[]} authors
 * @property {string} date ISO, or ''
 * @property {string} venue
 * @property {number | null} votes
 * @property {{label: string, slug: string}[]} topics
 * @property {{label: string, slug: string}[]} tags
 * @property {string} summary
 * @property {number} score
 *
 * @typedef {object} Answer
 * @property {number} total papers that answer the query
 * @property {boolean} exact whether nothing was left out to keep the query cheap
 * @property {{kind: 'syntax' | 'typo' | 'bounded', message: string} | null} notice what to tell the reader
 * @property {Hit[]} hits
 * @property {string[]} terms index terms that were looked for, for `segments` of text.js
 */

/** The entries that a clause stands for, in Lunr's order, and whether some were left out. */
async function expand(pages, clause) {
  const word = clause.stemmed ? stem(clause.term) : clause.term
  const distance = Math.min(clause.distance, MOST_EDITS)
  if (!distance && !word.includes('*')) {
    const entry = await pages.entry(word)
    return { entries: entry ? [entry] : [], bounded: false }
  }
  const prefix = distance ? '' : word.slice(0, word.indexOf('*'))
  const matches = distance ? t => near(t, word, distance) : t => fits(t, word)
  let found = (await pages.entries(prefix)).filter(entry => matches(entry.term))
  const bounded = clause.distance > distance || found.length > MOST_TERMS
  if (found.length > MOST_TERMS) found = found.slice(0, MOST_TERMS)
  const byTerm = new Map(found.map(entry => [entry.term, entry]))
  return { entries: expansions([...byTerm.keys()], word, distance).map(t => byTerm.get(t)), bounded }
}

async function answer(pages, clauses) {
  const expanded = await Promise.all(clauses.map(clause => expand(pages, clause)))
  const parts = clauses.map((clause, i) => ({ clause, entries: expanded[i].entries }))
  return {
    ranked: evaluate(parts, modelOf(pages.manifest)),
    exact: !expanded.some(x => x.bounded),
    terms: [...new Set(parts.flatMap(({ clause, entries }) => (clause.presence < 0 ? [] : entries.map(e => e.term))))],
  }
}

function boxClauses(text, fields) {
  return words(text).map(term).filter(Boolean).map(t => ({ term: t, fields, boost: 1, distance: 0, presence: 0, stemmed: false }))
}

/**
 * Opens the index of a site.
 * @param {string | URL} root the root of the site, ending in /
 * @param {{fetch?: typeof fetch}} [options]
 */
export async function openSearch(root, { fetch = globalThis.fetch.bind(globalThis) } = {}) {
  const base = new URL('search/', root)
  let pages = await Pages.open(base, fetch)

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

  /**
   * @param {string} text
   * @param {{syntax?: 'box' | 'lunr', limit?: number, offset?: number, signal?: AbortSignal}} [options]
   * @returns {Promise<Answer>}
   */
  async function query(text, { syntax = 'box', limit = 10, offset = 0, signal } = {}) {
    return reading(async pages => {
      let clauses
      try {
        clauses = syntax === 'lunr' ? parseLunr(text, pages.fields) : boxClauses(text, pages.fields)
      } catch (error) {
        if (!(error instanceof QueryError)) throw error
        return { total: 0, exact: true, notice: { kind: 'syntax', message: error.message }, hits: [], terms: [] }
      }
      const { ranked, exact, terms } = await answer(pages, clauses)
      signal?.throwIfAborted()
      const top = ranked.slice(offset, offset + limit)
      const cards = await Promise.all(top.map(({ document }) => pages.card(document)))
      signal?.throwIfAborted()
      return {
        total: ranked.length,
        exact,
        notice: exact ? null : { kind: 'bounded', message: 'Too many words match; the first ones were taken.' },
        hits: cards.map((card, i) => ({ ...card, score: top[i].score })),
        terms,
      }
    })
  }

  return { query, documents: () => pages.manifest.documents }
}
