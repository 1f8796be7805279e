// The reading list: its papers, their text in the browser's storage, what a link shares. Pure.

/**
 * @typedef {object} Kept
 * @property {string} url of the paper's page, relative to the root of the site: papers/ID/
 * @property {string} title
 * @property {string} authors as a list shows them
 * @property {string} date ISO, or ''
 * @property {boolean} read
 */

export const MOST = 5000 // papers of a list; storage is small
/** The url of a paper's page, relative to the root. */
export const PAPER = /^papers\/[a-z0-9][a-z0-9_.-]*\/$/
const text = (value, most = 2000) => (typeof value === 'string' ? value.slice(0, most) : '')

/** A kept paper from whatever was stored, or null. */
function kept(value) {
  if (typeof value !== 'object' || value === null || !PAPER.test(value.url)) return null
  return {
    url: value.url,
    title: text(value.title) || value.url,
    authors: text(value.authors),
    date: text(value.date, 10),
    read: value.read === true,
  }
}

/**
 * @param {string | null} stored
 * @returns {Kept[]} newest first; empty when nothing can be read
 */
export function parseList(stored) {
  try {
    const { papers } = JSON.parse(stored ?? '')
    return unique(papers.map(kept).filter(Boolean))
  } catch {
    return []
  }
}

/** @param {Kept[]} papers */
export const formatList = papers => JSON.stringify({ papers })

function unique(papers) {
  const seen = new Set()
  return papers.filter(({ url }) => !seen.has(url) && seen.add(url)).slice(0, MOST)
}

/** The list with papers put in front; those that it has stay where and as they are. */
export const added = (papers, more) => {
  const have = new Set(papers.map(paper => paper.url))
  return unique([...more.filter(paper => !have.has(paper.url)), ...papers])
}

/** The list without a paper. */
export const removed = (papers, url) => papers.filter(paper => paper.url !== url)

/** The list with a paper marked as read or unread. */
export const marked = (papers, url, read) => papers.map(paper => (paper.url === url ? { ...paper, read } : paper))

/**
 * The part of an address behind # that shares papers: their ids only, nothing about the reader.
 * @param {Kept[]} papers
 */
export const shareHash = papers => `#papers=${papers.map(({ url }) => url.slice(7, -1)).join(',')}`

/**
 * @param {string} hash
 * @returns {string[]} urls of shared papers
 */
export function sharedUrls(hash) {
  const [, ids = ''] = /^#papers=(.*)$/.exec(hash) ?? []
  const urls = ids
    .split(',')
    .filter(Boolean)
    .map(id => `papers/${id}/`)
    .filter(url => PAPER.test(url))
  return [...new Set(urls)].slice(0, 500)
}
