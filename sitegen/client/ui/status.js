// The line that says what was found, for the eye and for screen readers. Pure.

const LONGEST = 60 // characters of a query that are repeated to the reader

const short = text => (text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}…` : text)

/**
 * How many papers answer, as far as that is known.
 * @param {import('../search/search.js').Answer} answer
 * @param {import('./i18n.js').Translator} i18n
 */
export function manyOf({ total, counted }, i18n) {
  if (counted) return i18n.number(total)
  const unit = 10 ** Math.floor(Math.log10(total))
  return `${i18n.number(Math.floor(total / unit) * unit)}+`
}

/**
 * @param {import('../search/search.js').Answer} answer
 * @param {Pick<import('./url-state.js').State, 'query'>} state
 * @param {import('./i18n.js').Translator} i18n
 */
export function statusOf(answer, state, i18n) {
  const { total, every, counted, notice } = answer
  const n = manyOf(answer, i18n)
  const query = short(state.query.trim().replace(/\s+/g, ' '))
  if (notice?.kind === 'typo') return i18n.count('search_typo', total, { n, words: short(notice.words.join(', ')) })
  if (!total) return i18n.translate(query ? 'search_none' : 'search_none_chosen', { query })
  if (notice?.kind === 'phrase') {
    const { found, among } = notice
    const phrase = query.replace(/["“”]/g, '')
    return i18n.translate('search_phrase', { query: phrase, found: i18n.number(found), among: i18n.number(among) })
  }
  if (query && counted && every < total) {
    const some = i18n.number(total)
    return every
      ? i18n.count('search_every', every, { query, some })
      : i18n.translate('search_no_every', { query, some })
  }
  return query ? i18n.count('search_found', total, { n, query }) : i18n.count('papers', total, { n })
}
