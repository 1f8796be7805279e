// "For you": papers near those on a list, out of the similar papers that their own pages name. Pure.

/**
 * @typedef {object} Near a paper that the page of another one calls similar
 * @property {string} url relative to the root
 * @property {string} title
 * @property {string} why the page's own reason, or ''
 *
 * @typedef {Near & {because: string[]}} Suggestion `because`: titles of the papers on the list that it is near to
 */

/**
 * The papers that most of the list is near to, those of newer ones first; none that is on the list.
 * @param {{title: string, near: Near[]}[]} pages of papers on the list, newest first
 * @param {Set<string>} known urls of the whole list
 * @param {number} most
 * @returns {Suggestion[]}
 */
export function suggestions(pages, known, most) {
  /** @type {Map<string, Suggestion & {weight: number}>} */
  const found = new Map()
  for (const { title, near } of pages) {
    near.forEach((paper, place) => {
      if (known.has(paper.url)) return
      const before = found.get(paper.url) ?? { ...paper, because: [], weight: 0 }
      before.because.push(title)
      before.weight += 1 / (1 + place / 5)
      found.set(paper.url, before)
    })
  }
  return [...found.values()]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, most)
    .map(({ weight, ...paper }) => paper)
}
