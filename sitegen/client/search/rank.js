// The order of the search box: Lunr's unboosted scores, then a share of the scores of similar papers.

import { idf } from './idf.js'

/**
 * @typedef {object} Group what one word of the query stands for
 * @property {import('./page-format.js').Entry | undefined} exact
 * @property {import('./page-format.js').Entry[]} others what the word may become, or was meant for
 * @property {number} share weight of papers that have only the others
 * @property {0 | 1 | -1} presence
 * @property {number} weight how often the word was typed, and its boost
 * @property {number} together the number of the prohibited phrase that it is part of, or 0
 * @property {boolean} typo whether the others are words that it may have been meant for
 * @property {string} word folded
 */

const SHORT_TITLE = 3 // terms; the index puts all papers with such titles into the first layers of their terms

const sum = counts => [...counts.values()].reduce((a, b) => a + b, 0)

/** One row out of several: a paper counts once, with all its frequencies together. */
function merge(rows) {
  if (rows.length === 1) return rows[0]
  const found = new Map()
  for (const { documents, frequencies, lengths } of rows) {
    for (let i = 0; i < documents.length; i++) {
      const before = found.get(documents[i])
      found.set(documents[i], [(before?.[0] ?? 0) + frequencies[i], lengths[i]])
    }
  }
  const documents = Uint32Array.from(found.keys()).sort()
  return {
    documents,
    frequencies: Uint32Array.from(documents, d => found.get(d)[0]),
    lengths: Uint32Array.from(documents, d => found.get(d)[1]),
  }
}

/** Several entries as one. */
function merged(entries, fields) {
  const rows = fields.map((_, f) => {
    const found = entries.map(entry => entry.rows[f]).filter(Boolean)
    return found.length ? merge(found) : undefined
  })
  return { rows, count: rows.reduce((sum, row) => sum + (row?.documents.length ?? 0), 0) }
}

/** Lunr's weight of a term in a field, times `factor`. */
const weight = (factor, tf, length, f, { k1, b, averages }) =>
  (factor * ((k1 + 1) * tf)) / (k1 * (1 - b + b * (length / averages[f])) + tf)

/** Adds the weights of a word to the scores of the papers that have it; `skip` marks papers to leave out. */
function add({ rows, count }, share, scores, model, skip) {
  const rarity = idf(count, model.documents)
  rows.forEach((row, f) => {
    if (!row) return
    const factor = share * model.boosts[f] * rarity
    for (let i = 0; i < row.documents.length; i++) {
      const d = row.documents[i]
      if (!skip?.[d]) scores[d] += weight(factor, row.frequencies[i], row.lengths[i], f, model)
    }
  })
}

/**
 * Scores of all papers, and how many of the query's words each has.
 * @param {Group[]} groups
 * @param {import('./pages.js').Model} model
 */
export function scoreAll(groups, model) {
  const scores = new Float64Array(model.documents)
  const had = new Uint8Array(model.documents)
  const barred = new Uint8Array(model.documents)
  const mark = (rows, set) => {
    for (const row of rows) if (row) for (const d of row.documents) set[d] = 1
  }
  let needed = 0
  let wanted = 0
  const musts = []
  /** @type {Map<number, Uint8Array[]>} */
  const prohibited = new Map()
  for (const { exact, others, share, presence, weight, together } of groups) {
    const has = presence < 0 && !together ? barred : new Uint8Array(model.documents)
    if (exact) {
      mark(exact.rows, has)
      if (presence >= 0) add(exact, weight, scores, model)
    }
    if (others.length) {
      const all = merged(others, model.fields)
      if (presence >= 0) add(all, share * weight, scores, model, exact && Uint8Array.from(has))
      mark(all.rows, has)
    }
    if (together) prohibited.set(together, [...(prohibited.get(together) ?? []), has])
    if (presence < 0) continue
    wanted += 1
    if (presence > 0) {
      needed += 1
      musts.push(has)
    }
    for (let d = 0; d < had.length; d++) had[d] += has[d]
  }
  for (const sets of prohibited.values()) {
    for (let d = 0; d < barred.length; d++) if (sets.every(set => set[d])) barred[d] = 1
  }
  for (const must of musts) for (let d = 0; d < had.length; d++) if (!must[d]) barred[d] = 1
  return { scores, had, barred, wanted, needed }
}

/**
 * Papers whose title is made of exactly these terms.
 * @param {Map<string, number>} counts how often the title has each term
 * @param {Map<string, import('./page-format.js').Entry>} entries
 * @param {number} title the field
 * @param {number} [length] of the title, where it has more terms than these
 */
export function titled(counts, entries, title, length = sum(counts)) {
  /** @type {[import('./page-format.js').Row, number][]} */
  const rows = [...counts].map(([term, count]) => [entries.get(term)?.rows[title], count])
  if (!rows.length || rows.some(([row]) => !row)) return new Set()
  let left = null
  for (const [row, count] of rows) {
    const next = new Set()
    row.documents.forEach((d, i) => {
      if (row.frequencies[i] === count && row.lengths[i] === length && (!left || left.has(d))) next.add(d)
    })
    left = next
  }
  return left
}

/**
 * Papers that may have a title of exactly these terms, as far as some terms of which all postings are known can tell;
 * undefined where these tell nothing. Short titles are not looked for: all papers that have them are in the first layers.
 * @param {Map<string, number>} counts
 * @param {Map<string, import('./page-format.js').Entry>} entries
 * @param {number} title
 */
export function maybeTitled(counts, entries, title) {
  const length = sum(counts)
  if (length <= SHORT_TITLE || [...counts.keys()].some(term => !entries.has(term))) return new Set()
  const whole = [...counts].filter(([term]) => entries.get(term).bound === undefined)
  return whole.length ? titled(new Map(whole), entries, title, length) : undefined
}

/**
 * The first `count` papers of a list by score, equal scores newest first.
 * @param {Uint32Array} documents
 * @param {Float64Array} scores
 */
export function best(documents, scores, count) {
  let kept = documents
  if (documents.length > 2 * count) {
    const sorted = Float64Array.from(documents, d => scores[d]).sort()
    const least = sorted[sorted.length - count]
    kept = documents.filter(d => scores[d] >= least)
  }
  return [...kept].sort((a, b) => scores[b] - scores[a] || b - a).slice(0, count)
}

/**
 * Candidates in a new order: each keeps part of its score and gets the rest from those of its neighbours that are
 * candidates too.
 * @param {number[]} candidates
 * @param {number[][]} near the neighbours of each
 * @param {Float64Array} scores changed in place, so that all papers can be compared again
 * @param {number} part what comes from the neighbours
 */
export function rerank(candidates, near, scores, part) {
  const own = new Map(candidates.map(d => [d, scores[d]]))
  for (let d = 0; d < scores.length; d++) scores[d] *= 1 - part
  candidates.forEach((d, i) => {
    const neighbours = near[i].filter(n => n !== d)
    for (const n of neighbours) scores[d] += (part * (own.get(n) ?? 0)) / neighbours.length
  })
  return [...candidates].sort((a, b) => scores[b] - scores[a] || b - a)
}
