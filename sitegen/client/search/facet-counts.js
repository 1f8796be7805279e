// What the papers that answer a query have in common.

import { matching, strict, withAll } from './box.js'

/**
 * How many of the papers that answer carry each label: of those with all words, when there are any. A kind is counted as if
 * none of its own filters were set.
 * @param {import('./pages.js').Pages} pages
 * @param {string} typed
 * @param {{filters?: object, kinds?: ('topics' | 'tags' | 'venues' | 'authors' | 'years')[], limit?: number}} options
 */
export async function countFacets(
  pages,
  typed,
  { filters, kinds = ['topics', 'tags', 'venues', 'years'], limit = 20 } = {},
) {
  /** @type {Map<string, Promise<any>>} */
  const parts = new Map(kinds.filter(kind => kind !== 'years').map(kind => [kind, pages.part(kind)])) // fetched side by side
  const [found] = await Promise.all([matching(pages, typed, filters), ...parts.values()])
  const counted = { total: found.documents().length, every: withAll(found, found.documents()).length }
  if (!found.words) counted.every = counted.total
  for (const kind of kinds) {
    const set = new Uint8Array(pages.documents)
    for (const d of strict(found, found.documents(kind.slice(0, -1)))) set[d] = 1
    const count = list => {
      let n = 0
      for (const d of list) n += set[d]
      return n
    }
    if (kind === 'years') {
      const { years } = pages.manifest
      counted.years = years
        .map(([year, first], i) => {
          let n = 0
          for (let d = first; d < (years[i + 1]?.[1] ?? pages.documents); d++) n += set[d]
          return { label: String(year), slug: String(year), count: n }
        })
        .filter(({ count: n }) => n)
        .reverse()
      continue
    }
    const part = await parts.get(kind)
    counted[kind] = (part?.labels ?? [])
      .map((label, i) => ({ ...label, count: count(part.documents[i]) }))
      .filter(({ count: n }) => n)
      .sort((a, b) => b.count - a.count)
      .slice(0, limit)
  }
  return counted
}
