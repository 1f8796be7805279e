// What a reader asked for, and the same as the query part of an address. Pure.

/** The ways to narrow a search that hold labels; years are a range and stand apart. */
export const LABELS = ['topic', 'tag', 'author', 'venue']
export const SORTS = ['relevance', 'date', 'votes']
const LONGEST = 2000 // characters of a query that are kept in the address: servers refuse long ones

/**
 * @typedef {object} State
 * @property {string} query as typed
 * @property {Record<string, string[]>} filters chosen values of each of LABELS; only those with any
 * @property {[number, number] | null} years first and last
 * @property {string} sort one of SORTS
 */

/** @returns {[number, number] | null} */
const yearsOf = text => {
  const [, from, to] = /^([0-9]{1,4})(?:\.\.([0-9]{1,4}))?$/.exec(text ?? '') ?? []
  if (!from) return null
  const [a, b] = [Number(from), Number(to ?? from)]
  return [Math.min(a, b), Math.max(a, b)]
}

/**
 * @param {string} search the query part of an address, with or without its question mark
 * @returns {State}
 */
export function readState(search) {
  const given = new URLSearchParams(search)
  const filters = {}
  for (const name of LABELS) {
    const values = [...new Set(given.getAll(name).filter(Boolean))]
    if (values.length) filters[name] = values
  }
  const sort = given.get('sort')
  return {
    query: given.get('q') ?? '',
    filters,
    years: yearsOf(given.get('year')),
    sort: SORTS.includes(sort) ? sort : SORTS[0],
  }
}

/**
 * The query part of the address of a state, `?q=…`; empty when nothing was asked for.
 * @param {State} state
 */
export function writeState({ query, filters, years, sort }) {
  const out = new URLSearchParams()
  if (query.trim()) out.set('q', query.slice(0, LONGEST))
  for (const name of LABELS) for (const value of filters[name] ?? []) out.append(name, value)
  if (years) out.set('year', years[0] === years[1] ? String(years[0]) : years.join('..'))
  if (sort !== SORTS[0]) out.set('sort', sort)
  const text = String(out)
  return text && `?${text}`
}

/** Whether anything is asked for at all. */
export const asks = ({ query, filters, years }) => Boolean(query.trim() || years || Object.keys(filters).length)

/**
 * The state after a value was chosen, or given up when it was chosen before.
 * @param {State} state
 * @param {string} name one of LABELS, or `year`
 * @param {string} value
 * @returns {State}
 */
export function toggled(state, name, value) {
  if (name === 'year') {
    const years = yearsOf(value)
    return { ...state, years: state.years && String(state.years) === String(years) ? null : years }
  }
  const { [name]: before = [], ...others } = state.filters
  const after = before.includes(value) ? before.filter(v => v !== value) : [...before, value]
  return { ...state, filters: after.length ? { ...others, [name]: after } : others }
}

/** The options of the engine's `query` for a state. */
export const optionsOf = ({ filters, years, sort }) => ({
  filters: years ? { ...filters, year: years } : filters,
  sort,
})

/**
 * What else a reader may ask who found nothing: without filters, without operators, each word by itself.
 * @param {State} state
 * @returns {{key: string, values: Record<string, string>, next: State}[]} `key`, `values`: what to call it
 */
export function alternatives(state) {
  const query = state.query.trim()
  const isFiltered = asks({ ...state, query: '' })
  const words = query.replace(/\b(?:topic|tag|author|venue|year|title|abstract):|(?<!\S)[-+]|["“”*]|[~^][0-9.]*/gi, ' ')
  const plain = words.trim().replace(/\s+/g, ' ')
  const each = [...new Set(plain.split(' '))].filter(Boolean)
  const found = []
  if (isFiltered && query)
    found.push({ key: 'search_try_unfiltered', values: {}, next: { ...state, filters: {}, years: null } })
  if (plain && plain !== query) found.push({ key: 'search_try_plain', values: {}, next: { ...state, query: plain } })
  if (each.length > 1) {
    for (const word of each.slice(0, 5)) {
      found.push({ key: 'search_try_word', values: { word }, next: { ...state, query: word } })
    }
  }
  return found
}
