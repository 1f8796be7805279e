// The reading list: its papers, their text in the browser's storage, what a link shares, what a file brings. Pure.

/**
 * @typedef {object} Kept
 * @property {string} url of the paper's page, relative to the root of the site: papers/ID/
 * @property {string} title
 * @property {string} authors as a list shows them
 * @property {string} date ISO, or ''
 * @property {boolean} read
 *
 * @typedef {{title: string, doi: string, url: string, read: boolean}} Wanted an entry of a file: `url` when it is a paper
 *   of this site
 */

const MOST = 5000  // papers of a list; storage is small
/** The url of a paper's page, relative to the root. */
export const PAPER = /^papers\/[a-z0-9][a-z0-9_.-]*\/$/
const text = (value, most = 2000) => (typeof value === 'string' ? value.slice(0, most) : '')

/** A kept paper from whatever was stored, or null. */
function kept(value) {
  if (typeof value !== 'object' || value === null || !PAPER.test(value.url)) return null
  return { url: value.url, title: text(value.title) || value.url, authors: text(value.authors), date: text(value.date, 10), read: value.read === true }
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
  const urls = ids.split(',').filter(Boolean).map(id => `papers/${id}/`).filter(url => PAPER.test(url))
  return [...new Set(urls)].slice(0, 500)
}

/** The url of a paper of this site which an address names, or ''. */
function ownUrl(address) {
  try {
    const path = new URL(address).pathname
    return /\/(papers\/[^/]+\/)(?:index\.(?:html|md|json))?$/.exec(path)?.[1] ?? ''
  } catch {
    return PAPER.test(address) ? address : ''
  }
}

const plain = value => text(value).replace(/\\[a-zA-Z]+\s?|[{}\\]/g, '').replace(/\s+/g, ' ').trim()

/** The value of a BibTeX field: what stands between its braces or quotes. */
function bibtexField(entry, name) {
  const start = new RegExp(`[,\\s]${name}\\s*=\\s*`, 'i').exec(entry)
  if (!start) return ''
  const at = start.index + start[0].length
  const close = entry[at] === '{' ? '}' : '"'
  if (close === '"' && entry[at] !== '"') return /^[^,}\s]*/.exec(entry.slice(at))[0]
  let depth = 0
  for (let i = at + 1; i < entry.length; i++) {
    if (entry[i] === '{') depth += 1
    else if (entry[i] === close && depth === 0) return entry.slice(at + 1, i)
    else if (entry[i] === '}') depth -= 1
  }
  return entry.slice(at + 1)
}

const fromBibtex = content => content.split(/^[ \t]*@(?=\w+\s*[{(])/m).slice(1).map(entry => ({
  title: plain(bibtexField(entry, 'title')), doi: bibtexField(entry, 'doi') || bibtexField(entry, 'eprint'), url: bibtexField(entry, 'url'), read: false,
}))

const fromRis = content => content.split(/^ER {2}-.*$/m).filter(entry => /^TY {2}-/m.test(entry)).map(entry => {
  const field = names => new RegExp(`^(?:${names}) {2}- (.*)$`, 'm').exec(entry)?.[1].trim() ?? ''
  return { title: field('TI|T1'), doi: field('DO'), url: field('UR'), read: false }
})

function fromJson(value) {
  const items = Array.isArray(value) ? value : Array.isArray(value?.items) ? value.items : []
  return items.filter(item => typeof item === 'object' && item !== null).map(item => ({
    title: plain(item.title), doi: text(item.DOI), url: text(item.custom?.readingList?.url) || text(item.URL), read: item.custom?.readingList?.read === true,
  }))
}

/**
 * The papers that a file names: BibTeX, RIS or CSL-JSON, of this site or from anywhere.
 * @param {string} content
 * @returns {Wanted[]}
 */
export function parseFile(content) {
  let found
  try {
    found = fromJson(JSON.parse(content))
  } catch {
    found = /^TY {2}-/m.test(content) ? fromRis(content) : fromBibtex(content)
  }
  return found.slice(0, MOST).map(wanted => ({ ...wanted, url: ownUrl(wanted.url) })).filter(({ title, doi, url }) => title || doi || url)
}

/** What each later one of equal keys gets behind it: b, c, ..., z, aa, ... */
function suffix(n) {
  let letters = ''
  for (let rest = n + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(97 + (rest - 1) % 26) + letters
  return letters
}

/** Keys made distinct, in order. */
export function distinct(keys) {
  const used = new Set()
  return keys.map(key => {
    let made = key
    for (let n = 1; used.has(made); n++) made = key + suffix(n)
    used.add(made)
    return made
  })
}

/**
 * The references of many papers as one file.
 * @param {'bibtex' | 'ris' | 'csl'} format
 * @param {{paper: Kept, text: string}[]} citations each paper's own, as its page has it
 */
export function bibliography(format, citations) {
  if (format === 'ris') return citations.map(({ text }) => `${text.trim()}\n`).join('\n')
  if (format === 'bibtex') {
    const keys = distinct(citations.map(({ text }) => /@\w+\{([^,\s]*)/.exec(text)?.[1] ?? 'paper'))
    return citations.map(({ text }, i) => `${text.trim().replace(/(@\w+\{)[^,\s]*/, (_, head) => head + keys[i])}\n`).join('\n')
  }
  const items = citations.flatMap(({ paper, text }) => (
    JSON.parse(text).map(item => ({ ...item, custom: { readingList: { url: paper.url, read: paper.read } } }))))
  const keys = distinct(items.map(item => item.id))
  return `${JSON.stringify(items.map((item, i) => ({ ...item, id: keys[i] })), null, 1)}\n`
}
