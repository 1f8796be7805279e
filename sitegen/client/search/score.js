// Lunr's scoring over posting rows. Follows lunr.py 0.8 (builder.py, index.py, vector.py, idf.py) operation by
// operation, so that scores are equal to the last bit and ties fall in the same order.

import { idf } from './idf.js'

/** Python's round(x, 3): the nearest, and between two equally near the even one. */
export function round3(x) {
  const scaled = x * 1000
  const below = Math.floor(scaled)
  const rest = scaled - below
  if (rest < 0.499999 || rest > 0.500001) return (rest < 0.5 ? below : below + 1) / 1000
  // Only a multiple of 1/16 can lie exactly between two thousandths; toFixed rounds all others correctly.
  return (x * 16) % 1 === 0 ? (below % 2 ? below + 1 : below) / 1000 : Number(x.toFixed(3))
}

/** Lunr's rounded weights of a row. */
function weights(row, weight, field, { k1, b, boosts, averages }) {
  const out = new Float64Array(row.documents.length)
  for (let i = 0; i < out.length; i++) {
    const tf = row.frequencies[i]
    const length = row.lengths[i]
    out[i] = round3(((weight * ((k1 + 1) * tf)) / (k1 * (1 - b + b * (length / averages[field])) + tf)) * boosts[field])
  }
  return out
}

/** Orders entries as lunr.py's builder met their terms: first document, field in it, place in that field. */
function met(entry) {
  let document = Infinity
  let field = 0
  entry.rows.forEach((row, f) => {
    if (row && row.documents[0] < document) [document, field] = [row.documents[0], f]
  })
  return [document, field, entry.ordinal]
}
const byMet = ([a], [b]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]

/**
 * All documents that answer the clauses, best first.
 * @param {{clause: import('./lunr-query.js').Clause, entries: import('./page-format.js').Entry[]}[]} parts
 * @param {import('./pages.js').Model} model
 * @returns {{document: number, score: number}[]} in Lunr's order
 */
export function evaluate(parts, model) {
  if (!parts.length) return []
  const { documents, fields } = model
  const queries = fields.map(() => new Map()) // entry -> boost, by field
  const required = []
  const prohibited = new Uint8Array(documents)
  const order = [] // field * documents + document, in the order in which Lunr first met the pair
  const seen = fields.map(() => null)
  let negated = true

  for (const { clause, entries } of parts) {
    const of = fields.map((_, f) => f).filter(f => clause.fields.includes(fields[f]))
    if (clause.presence >= 0) negated = false
    if (clause.presence < 0) {
      for (const entry of entries) for (const f of of) for (const d of entry.rows[f]?.documents ?? []) prohibited[d] = 1
      continue
    }
    const matched = clause.presence > 0 ? new Uint8Array(documents) : null
    if (matched) required.push(matched)
    for (const entry of entries) {
      for (const f of of) {
        const rows = entry.rows[f]?.documents ?? []
        if (matched) for (const d of rows) matched[d] = 1
        const before = queries[f].get(entry)
        queries[f].set(entry, (before ?? 0) + clause.boost)
        if (before !== undefined) continue
        seen[f] ??= new Uint8Array(documents)
        for (const d of rows) {
          if (seen[f][d]) continue
          seen[f][d] = 1
          order.push(f * documents + d)
        }
      }
    }
  }
  const admitted = d => !prohibited[d] && required.every(set => set[d])
  if (negated) {
    const rest = []
    for (let d = 0; d < documents; d++) if (admitted(d)) rest.push({ document: d, score: 0 })
    return rest
  }

  const memo = new Map()
  const similarity = queries.map((query, f) => {
    if (!seen[f]) return null
    const dots = new Float64Array(documents)
    let squares = 0
    const vector = [...query].map(([entry, boost]) => [met(entry), entry, boost]).sort(byMet)
    for (const [, entry, boost] of vector) {
      squares += boost * boost
      const row = entry.rows[f]
      if (!row) continue
      if (!memo.has(entry)) memo.set(entry, idf(entry.count, documents))
      const w = weights(row, memo.get(entry), f, model)
      for (let i = 0; i < w.length; i++) dots[row.documents[i]] += boost * w[i]
    }
    const magnitude = Math.sqrt(squares)
    if (magnitude === 0) return dots.fill(0)
    for (let d = 0; d < documents; d++) dots[d] /= magnitude
    return dots
  })

  const scores = new Float64Array(documents)
  const listed = new Uint8Array(documents)
  const results = []
  for (const pair of order) {
    const document = pair % documents
    if (!listed[document]) {
      if (!admitted(document)) continue
      listed[document] = 1
      results.push(document)
    }
    scores[document] += similarity[(pair - document) / documents][document]
  }
  return results.map(document => ({ document, score: scores[document] })).sort((a, b) => b.score - a.score)
}
