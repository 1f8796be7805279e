// The order of the search box: docs/search-ranking.md.

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

const FEW_TERMS = 3 // of which a paper should have all; so it should of FEW_WORDS typed without a stop word among them
const FEW_WORDS = 4
const TITLE_SHARE = 0.5 // what a title that has all words adds
const NEIGHBOURS_SHARE = [0.3, 0.8] // of the mean score of a paper's neighbours: where few words were typed, and else
const EXACT_SHARE = 0.5 // what a title with all words as they were typed adds
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
  return { rows }
}

/**
 * The papers that have a word, and its weighted frequency in each, all fields together: BM25F's.
 * @param {{rows: (import('./page-format.js').Row | undefined)[], others?: number}} entry
 * @param {import('./pages.js').Model} model
 * @param {Float64Array} frequencies of all papers, to be filled; all 0
 */
function weightedFrequencies({ rows, others = 0 }, { b, weights, means }, frequencies) {
  const holders = []
  rows.forEach((row, f) => {
    if (!row) return
    for (let i = 0; i < row.documents.length; i++) {
      const d = row.documents[i]
      if (!frequencies[d]) holders.push(d)
      frequencies[d] += (weights[f] * row.frequencies[i]) / (1 - b + b * (row.lengths[i] / means[f]))
    }
  })
  return { holders, papers: holders.length + others }
}

/**
 * What is known of all papers after their words were weighed.
 * @typedef {object} Scored
 * @property {Float64Array} scores BM25F's
 * @property {Uint8Array} had how many of the words of the query each has
 * @property {Float64Array} titles the rarities of the words that each has in its title, together
 * @property {number} rarity of all words of the query together
 * @property {Map<Group, number>} rarities of each
 * @property {Uint8Array} barred whether something that was asked for is missing, or something prohibited is there
 * @property {number} wanted words that papers may have
 * @property {boolean} isShort whether these are a few words and no sentence
 */

/**
 * @param {Group[]} groups
 * @param {import('./pages.js').Model} model
 * @param {number} typed how many words were typed, stop words too
 * @returns {Scored}
 */
export function scoreAll(groups, model, typed) {
  const { documents, k1 } = model
  const scores = new Float64Array(documents)
  const titles = new Float64Array(documents)
  const had = new Uint8Array(documents)
  const barred = new Uint8Array(documents)
  const frequencies = new Float64Array(documents)
  const title = model.fields.indexOf('title')
  const rarities = new Map()
  let wanted = 0
  let rarity = 0
  /** @type {Uint8Array[]} */
  const musts = []
  /** @type {Map<number, Uint8Array[]>} */
  const prohibited = new Map()
  for (const group of groups) {
    const { exact, others, share, presence, weight, together } = group
    const has = presence < 0 && !together ? barred : new Uint8Array(documents)
    const add = (entry, factor) => {
      const { holders, papers } = weightedFrequencies(entry, model, frequencies)
      const says = factor * rarityOf(papers, documents)
      rarities.set(group, Math.max(rarities.get(group) ?? 0, says))
      for (const d of holders) {
        if (!has[d] && presence >= 0) scores[d] += (says * (k1 + 1) * frequencies[d]) / (k1 + frequencies[d])
        frequencies[d] = 0
      }
      if (presence >= 0) for (const d of entry.rows[title]?.documents ?? []) if (!has[d]) titles[d] += says
      for (const d of holders) has[d] = 1
    }
    if (exact) add(exact, weight)
    if (others.length) add(merged(others, model.fields), share * weight)
    if (together) prohibited.set(together, [...(prohibited.get(together) ?? []), has])
    if (presence < 0) continue
    wanted += 1
    rarity += rarities.get(group) ?? 0
    if (presence > 0) musts.push(has)
    for (let d = 0; d < had.length; d++) had[d] += has[d]
  }
  for (const sets of prohibited.values()) {
    for (let d = 0; d < barred.length; d++) if (sets.every(set => set[d])) barred[d] = 1
  }
  for (const must of musts) for (let d = 0; d < had.length; d++) if (!must[d]) barred[d] = 1
  const isShort = wanted <= FEW_TERMS || typed <= FEW_WORDS
  return { scores, had, titles, rarity, rarities, barred, wanted, isShort }
}

/** What a word says: its idf, which is never below 0. */
export const rarityOf = (papers, documents) => Math.log(1 + (documents - papers + 0.5) / (papers + 0.5))

/** The score of a paper before its neighbours are looked at: of a few words, all should be there. */
const baseOf = ({ isShort, wanted }, score, had) => (isShort ? (score * had) / wanted : score)

/** How much more a paper counts for the words in its title. */
const titleFactor = ({ rarity }, title) => 1 + TITLE_SHARE * (rarity ? title / rarity : 0) ** 3

/** What a paper's score would be with this much, without its neighbours. No part of it can grow and the score become less. */
export const scoreOf = (scored, score, had, title) => baseOf(scored, score, had) * titleFactor(scored, title)

/**
 * Scores with what each paper gets from its neighbours: a share of the mean of theirs.
 * @param {Scored} scored
 * @param {(document: number) => Iterable<number>} neighboursOf
 * @param {number} each how many neighbours papers have
 * @param {Iterable<number>} [documents] of which the scores are wanted; of all papers that have a word, if not said
 */
export function withNeighbours(scored, neighboursOf, each, documents = scored.scores.keys()) {
  const { scores, had, titles, isShort } = scored
  const share = NEIGHBOURS_SHARE[isShort ? 0 : 1] / each
  const found = scores.map((score, d) => scoreOf(scored, score, had[d], titles[d]))
  for (const d of documents) {
    if (!scores[d]) continue
    let theirs = 0
    for (const n of neighboursOf(d)) if (n !== d) theirs += baseOf(scored, scores[n], had[n])
    found[d] += share * theirs * titleFactor(scored, titles[d])
  }
  return found
}

/** The same scores without neighbours. */
export const plainScores = scored =>
  scored.scores.map((score, d) => scoreOf(scored, score, scored.had[d], scored.titles[d]))

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
 * How much more a paper counts for the words that stand in its title just as they were typed.
 * @param {string[]} typed folded words, each once
 * @param {Set<string>} title the folded words of the title
 */
export const exactFactor = (typed, title) =>
  1 + (EXACT_SHARE * typed.filter(word => title.has(word)).length) / (typed.length || 1)
