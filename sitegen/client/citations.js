// The formats of a paper's citation that its page does not show, from the CSL-JSON that it carries. Pure.
//
// They are the bytes that `sitegen export` writes (sitegen/render/citations/).

/**
 * An item of CSL-JSON 1.0.2.
 * @typedef {Record<string, any>} Item
 */

export const CSL_SCRIPT = 'script[type="application/vnd.citationstyles.csl+json"]'

/** CSL's type -> that of RIS. */
const RIS_TYPES = {
  'article-journal': 'JOUR',
  'article-magazine': 'MGZN',
  'article-newspaper': 'NEWS',
  book: 'BOOK',
  chapter: 'CHAP',
  dataset: 'DATA',
  manuscript: 'UNPB',
  motion_picture: 'VIDEO',
  pamphlet: 'PAMP',
  'paper-conference': 'CPAPER',
  patent: 'PAT',
  'post-weblog': 'BLOG',
  report: 'RPRT',
  software: 'COMP',
  standard: 'STAND',
  thesis: 'THES',
  webpage: 'ELEC',
}

/**
 * A paper's citation, or '' where its page has none.
 * @param {Document} document the paper's page
 * @param {'bibtex' | 'ris' | 'csl'} format
 */
export function citation(document, format) {
  if (format === 'bibtex') return document.querySelector('pre[data-format="bibtex"]')?.textContent ?? ''
  const carried = document.querySelector(CSL_SCRIPT)?.textContent
  if (!carried) return ''
  const item = JSON.parse(carried)
  return format === 'ris' ? ris(item) : csl(item)
}

/** @param {Record<string, string>} name */
function inverted(name) {
  if (name.literal) return name.literal
  const family = [name['non-dropping-particle'], name.family].filter(Boolean).join(' ')
  return [family, name.given, name.suffix].filter(Boolean).join(', ')
}

/**
 * First and last page; the longest dash parts them.
 * @param {string} pages
 */
function pageRange(pages) {
  const dash = ['—', '–', '-'].find(sign => pages.includes(sign))
  if (!dash) return [pages.trim(), '']
  const at = pages.indexOf(dash)
  return [pages.slice(0, at).trim(), pages.slice(at + 1).replace(/^[ \-–—]+|[ \-–—]+$/g, '')]
}

const digits = (/** @type {number} */ number, /** @type {number} */ count) => String(number).padStart(count, '0')

/** @param {Item} item */
export function ris(item) {
  const [year = 0, month = 0, day = 0] = item.issued?.['date-parts'][0] ?? []
  const [first, last] = pageRange(item.page ?? '')
  const arxiv = item.custom?.arxiv ? `arXiv:${item.custom.arxiv}` : ''
  const rows = [
    ['TY', RIS_TYPES[/** @type {keyof typeof RIS_TYPES} */ (item.type)] ?? 'GEN'],
    ['ID', item.id],
    ['TI', item.title],
    ...(item.author ?? []).map((/** @type {Record<string, string>} */ name) => ['AU', inverted(name)]),
    ['AU', item.custom?.collaboration],
    ...(item.editor ?? []).map((/** @type {Record<string, string>} */ name) => [
      item.type === 'chapter' ? 'A2' : 'ED',
      inverted(name),
    ]),
    [item.type === 'article-journal' ? 'JO' : 'T2', item['container-title']],
    ['J2', item['container-title-short']],
    ['T3', item['collection-title']],
    ['VL', item.volume],
    ['IS', item.issue],
    ['M1', item.number === arxiv ? '' : item.number],
    ['SP', first],
    ['EP', last],
    ['ET', item.edition],
    ['M3', item.genre],
    ['PB', item.publisher],
    ['SN', item.ISBN],
    ['PY', year && digits(year, 4)],
    ['DA', month && `${digits(year, 4)}/${digits(month, 2)}/${day ? digits(day, 2) : ''}/`],
    ['N1', item.note],
    ['DO', item.DOI],
    ['AN', arxiv],
    ['UR', item.URL],
    ['LA', item.language],
  ]
  const lines = rows
    .filter(([, value]) => value)
    .map(([tag, value]) => `${tag}  - ${value.split(/\s+/).filter(Boolean).join(' ')}`)
  return [...lines, 'ER  - ', ''].join('\r\n')
}

/** @param {Item} item */
export function csl(item) {
  const fields = Object.entries(item).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`)
  return `[{${fields.join(',\n ')}}]\n`
}
