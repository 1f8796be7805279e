// Whether the best papers are known although of some words only the first layer of postings was read.

import { plainScores, scoreOf } from './rank.js'

export const MOST_PARTIAL = 3 // words that may be read in part: the bounds of more are seldom low enough together
const SLACK = 1e-9 // sums in another order differ by less

/**
 * @typedef {object} Open a word of which other papers may have more
 * @property {import('./page-format.js').Row[]} rows
 * @property {number} bound what the word can add at most to BM25F's score of a paper that is not in `rows`
 * @property {number} rarity what it can add at most to what the title says
 */

/**
 * The words that have to be read whole, since a paper that is not in their rows may be among the first or change their order.
 * @template {Open} T
 * @param {T[]} open
 * @param {import('./rank.js').Scored} scored by what is known, nothing of it too high
 * @param {(document: number) => boolean} admitted
 * @param {number} count papers that have to be certain
 * @param {Iterable<number>} [others] papers that have to be certain whatever their score
 * @returns {T[]}
 */
export function wordsToComplete(open, scored, admitted, count, others = []) {
  if (!open.length) return open
  const scores = plainScores(scored)
  const known = scores.filter((score, d) => score > 0 && admitted(d)).sort()
  if (known.length <= count) return open // so that, where some are left out, there are more than were asked for
  const least = known[known.length - count] - SLACK
  const read = d => {
    for (const one of words) if (!one.has[d]) one.needed = true
  }
  const words = open.map(word => ({ word, has: marked(word.rows, scores.length), needed: false }))
  for (let d = 0; d < scores.length; d++) {
    let [score, had, title] = [scored.scores[d], scored.had[d], scored.titles[d]]
    for (const { word, has } of words) {
      if (has[d]) continue
      score += word.bound
      title += word.rarity
      had += 1
    }
    if (had === scored.had[d] || scoreOf(scored, score, had, title) < least || !admitted(d)) continue
    read(d)
    if (words.every(one => one.needed)) break
  }
  for (const d of others) read(d)
  return words.filter(one => one.needed).map(one => one.word)
}

function marked(rows, documents) {
  const has = new Uint8Array(documents)
  for (const row of rows) if (row) for (const d of row.documents) has[d] = 1
  return has
}
