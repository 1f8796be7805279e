// Answers Lunr's own language, exactly as lunr.py does on the whole index.

import { expansions, fits, near } from './expand.js'
import { withinLimit } from './expansion-limit.js'
import { parseLunr } from './lunr-query.js'
import { evaluate } from './score.js'
import { stem } from './text.js'

const MOST_EDITS = 3 // Lunr's own advice is less; its automata grow beyond reason after that
// What the clauses of a query may cost together; within that they are exact, beyond it the commonest terms are taken.
const MOST = { terms: 8192, pages: 96, postings: 160_000 }

const wordOf = clause => (clause.stemmed ? stem(clause.term) : clause.term)

/** Whether a clause may stand for more than one term. */
const isPattern = ({ term, distance }) => distance > 0 || term.includes('*')

/**
 * The entries that a clause stands for, in Lunr's order, and whether some were left out.
 * @param {import('./pages.js').Pages} pages
 * @param {import('./lunr-query.js').Clause} clause
 * @param {typeof MOST} most
 */
async function expand(pages, clause, most) {
  const word = wordOf(clause)
  const distance = Math.min(clause.distance, MOST_EDITS)
  if (!distance && !word.includes('*')) {
    const entry = await pages.entry(word)
    return { entries: entry ? [entry] : [], bounded: false }
  }
  const prefix = distance ? '' : word.slice(0, word.indexOf('*'))
  const matches = distance ? t => near(t, word, distance) : t => fits(t, word)
  const { entries, bounded } = await withinLimit(
    pages,
    (await pages.vocabulary(prefix)).filter(({ term }) => matches(term)),
    most,
  )
  const byTerm = new Map(entries.map(entry => [entry.term, entry]))
  const order = expansions([...byTerm.keys()].sort(), word, distance)
  return { entries: order.map(t => byTerm.get(t)), bounded: bounded || clause.distance > distance }
}

/**
 * The papers that answer a query, best first. Throws QueryError where Lunr raises its parse error.
 * @param {import('./pages.js').Pages} pages
 * @param {string} text
 */
export async function answerLunr(pages, text) {
  const clauses = parseLunr(text, pages.fields)
  const patterns = clauses.filter(isPattern).length || 1
  /** @type {any} */
  const most = Object.fromEntries(Object.entries(MOST).map(([what, n]) => [what, Math.ceil(n / patterns)]))
  const expanded = await Promise.all(clauses.map(clause => expand(pages, clause, most)))
  const parts = clauses.map((clause, i) => ({ clause, entries: expanded[i].entries }))
  return {
    ranked: evaluate(parts, pages.model),
    counted: true,
    exact: !expanded.some(({ bounded }) => bounded),
    terms: [...new Set(parts.flatMap(({ clause, entries }) => (clause.presence < 0 ? [] : entries.map(e => e.term))))],
  }
}
