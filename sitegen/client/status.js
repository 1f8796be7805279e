// The line that says what was found, for the eye and for screen readers. Pure.

const LONGEST = 60  // characters of a query that are repeated to the reader

const short = text => (text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}…` : text)

/**
 * How many papers answer, as far as that is known.
 * @param {import('./search.js').Answer} answer
 * @param {import('./words.js').Speaker} words
 */
export function manyOf({ total, counted }, words) {
  if (counted) return words.number(total)
  const unit = 10 ** Math.floor(Math.log10(total))
  return `${words.number(Math.floor(total / unit) * unit)}+`
}

/**
 * @param {import('./search.js').Answer} answer
 * @param {import('./url-state.js').State} state
 * @param {import('./words.js').Speaker} words
 */
export function statusOf(answer, state, words) {
  const { total, notice } = answer
  const n = manyOf(answer, words)
  const query = short(state.query.trim().replace(/\s+/g, ' '))
  if (notice?.kind === 'typo') return words.count('search_typo', total, { n, words: short(notice.words.join(', ')) })
  if (!total) return words.say(query ? 'search_none' : 'search_none_chosen', { query })
  return query ? words.count('search_found', total, { n, query }) : words.count('papers', total, { n })
}
