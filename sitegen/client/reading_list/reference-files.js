// Files of references: what a reading list writes, and what it finds in one. Pure.

import { kept, MOST, PAPER } from './list.js'

/**
 * @typedef {import('./list.js').Kept} Kept
 * @typedef {{title: string, doi: string, url: string, own: object}} Wanted an entry of a file: `url` when it is a paper of
 *   this site; `own`: what its reader had made of it, where a reading list wrote the file
 */

const text = value => (typeof value === 'string' ? value.slice(0, 2000) : '')

/** The url of a paper of this site which an address names, or ''. */
function ownUrl(address) {
  try {
    const path = new URL(address).pathname
    return /\/(papers\/[^/]+\/)(?:index\.(?:html|md|json))?$/.exec(path)?.[1] ?? ''
  } catch {
    return PAPER.test(address) ? address : ''
  }
}

const plain = value =>
  text(value)
    .replace(/\\[a-zA-Z]+\s?|[{}\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim()

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

const fromBibtex = content =>
  content
    .split(/^[ \t]*@(?=\w+\s*[{(])/m)
    .slice(1)
    .map(entry => ({
      title: plain(bibtexField(entry, 'title')),
      doi: bibtexField(entry, 'doi') || bibtexField(entry, 'eprint'),
      url: bibtexField(entry, 'url'),
      own: {},
    }))

const RIS_TYPE = /^TY {2}-/m
const fromRis = content =>
  content
    .split(/^ER {2}-.*$/m)
    .filter(entry => RIS_TYPE.test(entry))
    .map(entry => {
      const field = names => new RegExp(`^(?:${names}) {2}- (.*)$`, 'm').exec(entry)?.[1].trim() ?? ''
      return { title: field('TI|T1'), doi: field('DO'), url: field('UR'), own: {} }
    })

/** What a reader made of a paper, as a reading list wrote it: read, note, added, lists, pdf. */
function ownOf(written) {
  if (typeof written !== 'object' || written === null) return {}
  const { read, note, added, lists, pdf } = kept({ ...written, url: 'papers/x/' })
  return { read, note, added, lists, pdf }
}

function fromJson(value) {
  const items = Array.isArray(value) ? value : Array.isArray(value?.items) ? value.items : []
  return items
    .filter(item => typeof item === 'object' && item !== null)
    .map(item => ({
      title: plain(item.title),
      doi: text(item.DOI),
      url: text(item.custom?.readingList?.url) || text(item.URL),
      own: ownOf(item.custom?.readingList),
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
    found = RIS_TYPE.test(content) ? fromRis(content) : fromBibtex(content)
  }
  return found
    .slice(0, MOST)
    .map(wanted => ({ ...wanted, url: ownUrl(wanted.url) }))
    .filter(({ title, doi, url }) => title || doi || url)
}

/** What each later one of equal keys gets behind it: b, c, ..., z, aa, ... */
function suffix(n) {
  let letters = ''
  for (let rest = n + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(97 + ((rest - 1) % 26)) + letters
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

const ownFields = ({ url, read, note, added, lists, pdf }) => ({ url, read, note, added, lists, pdf })

const MARKDOWN = /[\\\x60*_[\]<>#]/g

/** Text of a Markdown link or line. */
const escaped = said => said.replace(MARKDOWN, '\\$&')

/**
 * The list as Markdown, with marks and notes.
 * @param {Kept[]} papers
 * @param {URL} root of the site
 */
export function markdown(papers, root) {
  const item = ({ url, title, authors, date, read, note }) => {
    const mark = read ? 'x' : ' '
    const facts = [authors, date].filter(Boolean).map(escaped).join(', ')
    const said = facts ? ` (${facts})` : ''
    const lines = note ? note.split('\n').map(line => `\n  > ${escaped(line)}`) : []
    return `- [${mark}] [${escaped(title)}](${new URL(url, root).href})${said}${lines.join('')}\n`
  }
  return papers.map(item).join('')
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
    return citations
      .map(({ text }, i) => `${text.trim().replace(/(@\w+\{)[^,\s]*/, (_, head) => head + keys[i])}\n`)
      .join('\n')
  }
  const items = citations.flatMap(({ paper, text }) =>
    JSON.parse(text).map(item => ({ ...item, custom: { readingList: ownFields(paper) } })),
  )
  const keys = distinct(items.map(item => item.id))
  return `${JSON.stringify(
    items.map((item, i) => ({ ...item, id: keys[i] })),
    null,
    1,
  )}\n`
}
