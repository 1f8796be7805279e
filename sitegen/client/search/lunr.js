// Answers Lunr's own language, exactly as lunr.py does on the whole index.

import { expansions, fits, near } from './expand.js'
import { withinLimit } from './expansion-limit.js'
import { idf } from './idf.js'
import { parseLunr } from './lunr-query.js'
import { evaluate } from './score.js'
import { stem } from './text.js'
import { MOST_PARTIAL, wordsToComplete } from './top-k-bounds.js'

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
 * @param {boolean} partly whether the first layer of postings will do
 */
async function expand(pages, clause, most, partly) {
  const word = wordOf(clause)
  const distance = Math.min(clause.distance, MOST_EDITS)
  if (!distance && !word.includes('*')) {
    const entry = await (partly ? pages.leading(word) : pages.entry(word))
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
 * The words of which only the first layer was read, with what each can add at most to a score.
 * @param {import('./page-format.js').Entry[]} entries
 * @param {number[]} boosts of each
 * @param {import('./pages.js').Model} model
 */
function openWords(entries, boosts, { documents, fields }) {
  const length = Math.hypot(...boosts)
  const rounding = 0.0005 * fields.length
  return entries
    .map((entry, i) => ({
      entry,
      rows: entry.rows,
      bound: (boosts[i] / length) * (idf(entry.count, documents) * entry.bound + rounding),
    }))
    .filter(({ entry }) => entry.bound !== undefined)
}

/**
 * The papers that answer plain words, from as few postings as make the first `count` certain.
 * @param {import('./pages.js').Pages} pages
 * @param {{clause: import('./lunr-query.js').Clause, entries: import('./page-format.js').Entry[]}[]} parts whose entries are
 *   replaced by whole ones where that is needed
 * @param {number} count
 */
async function evaluatePartly(pages, parts, count) {
  for (;;) {
    const ranked = evaluate(parts, pages.model)
    const boosts = new Map()
    for (const { clause, entries } of parts)
      for (const entry of entries) boosts.set(entry, (boosts.get(entry) ?? 0) + clause.boost)
    const open = openWords([...boosts.keys()], [...boosts.values()], pages.model)
    const scores = new Float64Array(pages.documents)
    for (const { document, score } of ranked) scores[document] = score
    const needed = wordsToComplete(open, scores, () => true, count)
    if (!needed.length) return ranked
    await Promise.all(
      needed.map(async ({ entry }) => {
        const whole = await pages.whole(entry)
        for (const part of parts) part.entries = part.entries.map(other => (other === entry ? whole : other))
      }),
    )
  }
}

/**
 * The papers that answer a query, best first. Throws QueryError where Lunr raises its parse error.
 * @param {import('./pages.js').Pages} pages
 * @param {string} text
 * @param {number} [count] how many of the best must be certain; of the others some may be left out
 */
export async function answerLunr(pages, text, count = Infinity) {
  const clauses = parseLunr(text, pages.fields)
  const patterns = clauses.filter(isPattern).length || 1
  /** @type {any} */
  const most = Object.fromEntries(Object.entries(MOST).map(([what, n]) => [what, Math.ceil(n / patterns)]))
  // A word that is looked for in all fields, and neither required nor prohibited, adds to scores and does nothing else.
  const partly =
    count < Infinity &&
    clauses.every(
      clause => !isPattern(clause) && clause.presence === 0 && clause.fields.length === pages.fields.length,
    ) &&
    clauses.filter(clause => pages.isFrequent(wordOf(clause))).length <= MOST_PARTIAL
  const expanded = await Promise.all(clauses.map(clause => expand(pages, clause, most, partly)))
  const parts = clauses.map((clause, i) => ({ clause, entries: expanded[i].entries }))
  return {
    ranked: partly ? await evaluatePartly(pages, parts, count) : evaluate(parts, pages.model),
    counted: parts.every(({ entries }) => entries.every(({ bound }) => bound === undefined)),
    exact: !expanded.some(({ bounded }) => bounded),
    terms: [...new Set(parts.flatMap(({ clause, entries }) => (clause.presence < 0 ? [] : entries.map(e => e.term))))],
  }
}
