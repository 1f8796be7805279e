// The order of the search box: Lunr's unboosted scores, then a share of the scores of similar papers.

/**
 * @typedef {object} Group what one word of the query stands for
 * @property {import('./pages.js').Entry | undefined} exact
 * @property {import('./pages.js').Entry[]} others what the word may become, or was meant for
 * @property {number} share weight of papers that have only the others
 * @property {0 | 1 | -1} presence
 * @property {number} count how often the word was typed
 */

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

const merged = (entries, fields) => fields.map((_, f) => {
  const rows = entries.map(entry => entry.rows[f]).filter(Boolean)
  return rows.length ? merge(rows) : undefined
})

/** Adds Lunr's weights of a word to the scores of the papers that have it; `skip` marks papers to leave out. */
function add(rows, share, scores, { documents, k1, b, averages, boosts }, skip) {
  let count = 0
  for (const row of rows) if (row) count += row.documents.length
  const idf = Math.log(1 + Math.abs((documents - count + 0.5) / (count + 0.5)))
  rows.forEach((row, f) => {
    if (!row) return
    for (let i = 0; i < row.documents.length; i++) {
      const d = row.documents[i]
      if (skip?.[d]) continue
      const tf = row.frequencies[i]
      scores[d] += share * boosts[f] * idf * ((k1 + 1) * tf) / (k1 * (1 - b + b * (row.lengths[i] / averages[f])) + tf)
    }
  })
}

/**
 * Scores of all papers, and how many of the query's words each has.
 * @param {Group[]} groups
 * @param {object} model see `modelOf`
 */
export function scoreAll(groups, model) {
  const scores = new Float64Array(model.documents)
  const had = new Uint8Array(model.documents)
  const barred = new Uint8Array(model.documents)
  const mark = (rows, set) => { for (const row of rows) if (row) for (const d of row.documents) set[d] = 1 }
  let needed = 0
  let wanted = 0
  const musts = []
  for (const { exact, others, share, presence, count } of groups) {
    const has = presence < 0 ? barred : new Uint8Array(model.documents)
    if (exact) {
      mark(exact.rows, has)
      if (presence >= 0) add(exact.rows, count, scores, model)
    }
    if (others.length) {
      const rows = merged(others, model.fields)
      if (presence >= 0) add(rows, share * count, scores, model, exact && Uint8Array.from(has))
      mark(rows, has)
    }
    if (presence < 0) continue
    wanted += 1
    if (presence > 0) {
      needed += 1
      musts.push(has)
    }
    for (let d = 0; d < had.length; d++) had[d] += has[d]
  }
  for (const must of musts) for (let d = 0; d < had.length; d++) if (!must[d]) barred[d] = 1
  return { scores, had, barred, wanted, needed }
}

/** Papers whose title is made of exactly these terms. */
export function titled(counts, entries, title) {
  const rows = [...counts].map(([term, count]) => [entries.get(term)?.rows[title], count])
  if (!rows.length || rows.some(([row]) => !row)) return new Set()
  const length = [...counts.values()].reduce((a, b) => a + b, 0)
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
    for (const n of neighbours) scores[d] += part * (own.get(n) ?? 0) / neighbours.length
  })
  return [...candidates].sort((a, b) => scores[b] - scores[a] || b - a)
}
