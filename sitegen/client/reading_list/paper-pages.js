// What the pages of papers say: they hold the citations and the similar papers, so nothing else need be published.

import { paperOf, root } from './bookmark.js'
import { PAPER } from './list.js'

const AT_ONCE = 6 // requests at a time

/** `make` of each value, a few at a time, in order. */
export async function each(values, make) {
  const made = []
  for (let i = 0; i < values.length; i += AT_ONCE)
    made.push(...(await Promise.all(values.slice(i, i + AT_ONCE).map(make))))
  return made
}

/** A paper's page as a document, or null when it is not there. */
export async function paperPage(url) {
  const response = await fetch(new URL(url, root))
  if (response.status === 404) return null
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return new DOMParser().parseFromString(await response.text(), 'text/html')
}

/** What the page of a paper says of it, as a reading list keeps it; null where there is no such paper. */
export async function paperAt(url) {
  const found = await paperPage(url)
  const article = found?.querySelector('article')
  return article ? paperOf(article, url) : null
}

/**
 * The similar papers that a paper's page names.
 * @param {Document} document
 * @param {string} url of the page
 * @returns {import('./suggestions.js').Near[]}
 */
export function nearOn(document, url) {
  return [...document.querySelectorAll('.similar li')].flatMap(item => {
    const link = item.querySelector('a')
    const address = new URL(link?.getAttribute('href') ?? '', new URL(url, root)).href
    const near = address.startsWith(root.href) ? address.slice(root.href.length) : ''
    const why = item.querySelector('span')?.textContent.trim() ?? ''
    return PAPER.test(near) ? [{ url: near, title: link.textContent.trim(), why }] : []
  })
}
