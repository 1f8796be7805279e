// The reading list: its papers, their text in the browser's storage, what a link shares. Pure.

/**
 * @typedef {object} Kept
 * @property {string} url of the paper's page, relative to the root of the site: papers/ID/
 * @property {string} title
 * @property {string} authors as a list shows them
 * @property {string} date ISO, or ''
 * @property {boolean} read
 * @property {string} note the reader's own
 * @property {string} added the day on which it was put on the list, ISO, or ''
 * @property {string[]} lists names of the further lists that it is on
 * @property {string} pdf address of the paper itself, or ''
 */

export const MOST = 5000 // papers of a list; storage is small
/** The url of a paper's page, relative to the root. */
export const PAPER = /^papers\/[a-z0-9][a-z0-9_.-]*\/$/
const LONGEST_NOTE = 5000 // characters
const text = (value, most = 2000) => (typeof value === 'string' ? value.slice(0, most) : '')

const MOST_LISTS = 20 // of one paper
const WEB = /^https?:[/][/]/

/** Names of lists out of whatever was stored, or a text with commas between them. */
export function listNames(value) {
  const names = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : []
  const said = names.map(name => text(name, 80).trim().replace(/\s+/g, ' ').replaceAll(',', ' '))
  return [...new Set(said.filter(Boolean))].slice(0, MOST_LISTS)
}

/** A kept paper from whatever was stored, or null. */
export function kept(value) {
  if (typeof value !== 'object' || value === null || !PAPER.test(value.url)) return null
  return {
    url: value.url,
    title: text(value.title) || value.url,
    authors: text(value.authors),
    date: text(value.date, 10),
    read: value.read === true,
    note: text(value.note, LONGEST_NOTE),
    added: /^\d{4}-\d\d-\d\d$/.test(value.added) ? value.added : '',
    lists: listNames(value.lists),
    pdf: WEB.test(text(value.pdf)) ? text(value.pdf) : '',
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

/**
 * The list with some fields of a paper changed.
 * @param {Kept[]} papers
 * @param {string} url
 * @param {Partial<Kept>} fields
 */
export const changed = (papers, url, fields) =>
  papers.map(paper => (paper.url === url ? { ...paper, ...fields } : paper))

/** Two notes as one, with no line twice. */
function joinedNotes(a, b) {
  if (a === b || !b || a.includes(b)) return a
  return !a || b.includes(a) ? b : `${a}\n${b}`
}

/** What two browsers know of one paper. */
const together = (mine, other) => ({
  ...mine,
  read: mine.read || other.read,
  note: joinedNotes(mine.note, other.note),
  added: [mine.added, other.added].filter(Boolean).sort()[0] ?? '',
  lists: [...new Set([...mine.lists, ...other.lists])],
  pdf: mine.pdf || other.pdf,
})

/**
 * Two lists as one: nothing that either has is lost, and it does not matter how often they are put together.
 * @param {Kept[]} papers
 * @param {Kept[]} more
 */
export function merged(papers, more) {
  const others = new Map(more.map(paper => [paper.url, paper]))
  return added(papers, more).map(paper => {
    const other = others.get(paper.url)
    return other ? together(paper, other) : paper
  })
}

/**
 * The papers to show, in order.
 * @param {Kept[]} papers newest first
 * @param {{find: string, show: string, list: string, sort: string}} how `find`: words that title, authors or note must
 *   have; `show`: `all`, `read` or `unread`; `list`: the name of one, or ''; `sort`: `added`, `date` or `title`
 */
export function arranged(papers, { find, show, list, sort }) {
  const plain = said => said.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const wanted = plain(find).split(/\s+/).filter(Boolean)
  const kept = papers.filter(paper => {
    const said = plain(`${paper.title} ${paper.authors} ${paper.note} ${paper.lists.join(' ')}`)
    return (
      (show === 'all' || paper.read === (show === 'read')) &&
      (!list || paper.lists.includes(list)) &&
      wanted.every(word => said.includes(word))
    )
  })
  if (sort === 'title') return kept.sort((a, b) => a.title.localeCompare(b.title))
  if (sort === 'date') return kept.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0))
  return kept
}

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
