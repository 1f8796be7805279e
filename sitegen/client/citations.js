// The formats of a paper's citation that its page does not hold, from those that it does. Pure.
//
// A page has the BibTeX for readers without a script, and the facts in its head. RIS and CSL-JSON say the same once
// more; they are the bytes that `sitegen export` writes (sitegen/render/citations.py).

/**
 * @typedef {object} Cited
 * @property {string} bibtex as the page shows it
 * @property {Map<string, string>} facts `citation_...` of the head by the rest of their names, but for the authors
 * @property {string} url of the page
 */

const RIS_TYPES = { article: 'JOUR', inproceedings: 'CPAPER', misc: 'GEN' }
const CSL_TYPES = { article: 'article-journal', inproceedings: 'paper-conference', misc: 'article' }
const CONTAINERS = ['journal_title', 'conference_title', 'series_title']
const COMMANDS = {
  textbackslash: '\\',
  textasciitilde: '~',
  textasciicircum: '^',
  textbraceleft: '{',
  textbraceright: '}',
}

/**
 * A paper's citation, or '' where its page has none.
 * @param {Document} document the paper's page
 * @param {'bibtex' | 'ris' | 'csl'} format
 */
export function citation(document, format) {
  const cited = citedOn(document)
  if (!cited) return ''
  return { bibtex: () => cited.bibtex, ris: () => ris(cited), csl: () => csl(cited) }[format]()
}

function citedOn(document) {
  const bibtex = document.querySelector('pre[data-format="bibtex"]')?.textContent
  if (!bibtex) return null
  const metas = [...document.querySelectorAll('meta[name^="citation_"]')]
  return {
    bibtex,
    facts: new Map(metas.map(meta => [meta.name.slice('citation_'.length), meta.content])),
    url: document.querySelector('link[rel="canonical"]')?.getAttribute('href') ?? '',
  }
}

/** LaTeX as BibTeX has it -> the text that it stands for. */
const plain = latex =>
  latex.replace(/\\(?:([a-z]+)\{\}|(.))/g, (_, command, character) => (command ? COMMANDS[command] : character))

/** A text cut where a separator stands outside of braces. */
function split(text, separator) {
  const parts = ['']
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') depth += 1
    else if (text[i] === '}') depth -= 1
    if (depth === 0 && text.startsWith(separator, i)) {
      parts.push('')
      i += separator.length - 1
    } else parts[parts.length - 1] += text[i]
  }
  return parts
}

/**
 * "Family, Suffix, Given", each perhaps in braces -> its parts.
 * @returns {{family: string, given?: string, suffix?: string}}
 */
function nameOf(author) {
  const parts = split(author, ', ').map(part => plain(/^\{.*\}$/s.test(part) ? part.slice(1, -1) : part))
  const [family] = parts
  return parts.length > 1 ? { family, given: parts.at(-1), ...(parts.length > 2 && { suffix: parts[1] }) } : { family }
}

/** Everything that the formats say. */
function read({ bibtex, facts, url }) {
  const [, type, id] = /^@(\w+)\{([^,]*),/.exec(bibtex)
  const fields = new Map([...bibtex.matchAll(/^ {2}(\w+) = \{(.*)\},$/gm)].map(([, name, value]) => [name, value]))
  const authors = fields.has('author') ? split(fields.get('author'), ' and ') : []
  if (authors.at(-1) === 'others') authors.pop()
  return {
    type,
    id,
    names: authors.map(nameOf),
    container: CONTAINERS.map(name => facts.get(name)).find(Boolean),
    pages: fields.has('pages') ? plain(fields.get('pages')).replace('--', '–') : undefined,
    // 2025/10/09, or as much of it as is known.
    date: facts.get('publication_date')?.split('/') ?? [],
    arxiv: facts.has('arxiv_id') ? `arXiv:${facts.get('arxiv_id')}` : undefined,
    url,
    title: facts.get('title'),
    volume: facts.get('volume'),
    issue: facts.get('issue'),
    publisher: facts.get('publisher'),
    doi: facts.get('doi'),
    firstPage: facts.get('firstpage'),
    lastPage: facts.get('lastpage'),
  }
}

/** @param {{family: string, given?: string, suffix?: string}} name */
const inverted = ({ family, given, suffix }) => [family, given, suffix].filter(Boolean).join(', ')

/** @param {Cited} cited */
export function ris(cited) {
  const paper = read(cited)
  const [year, month, day = ''] = paper.date
  const rows = [
    ['TY', RIS_TYPES[paper.type]],
    ['ID', paper.id],
    ['TI', paper.title],
    ...paper.names.map(name => ['AU', inverted(name)]),
    [paper.type === 'article' ? 'JO' : 'T2', paper.container],
    ['VL', paper.volume],
    ['IS', paper.issue],
    ['SP', paper.firstPage],
    ['EP', paper.lastPage],
    ['PB', paper.publisher],
    ['PY', year],
    ['DA', month && `${year}/${month}/${day}/`],
    ['DO', paper.doi],
    ['AN', paper.arxiv],
    ['UR', paper.url],
  ]
  const lines = rows
    .filter(([, value]) => value)
    .map(([tag, value]) => `${tag}  - ${value.split(/\s+/).filter(Boolean).join(' ')}`)
  return [...lines, 'ER  - ', ''].join('\r\n')
}

/** @param {Cited} cited */
export function csl(cited) {
  const paper = read(cited)
  const isPreprint = paper.type === 'misc' && Boolean(paper.container || paper.arxiv)
  const fields = {
    id: paper.id,
    type: paper.type === 'misc' && !isPreprint ? 'document' : CSL_TYPES[paper.type],
    title: paper.title,
    author: paper.names.map(name => (name.given ? name : { literal: name.family })),
    issued: paper.date.length ? { 'date-parts': [paper.date.map(Number)] } : undefined,
    'container-title': paper.container,
    volume: paper.volume,
    issue: paper.issue,
    page: paper.pages,
    publisher: paper.publisher ?? (isPreprint && paper.arxiv ? 'arXiv' : undefined),
    number: paper.arxiv,
    DOI: paper.doi,
    URL: paper.url,
  }
  const known = Object.entries(fields).filter(([, value]) => value?.length ?? value)
  const lines = known.map(([name, value]) => `"${name}": ${JSON.stringify(value)}`)
  return `[{${lines.join(',\n ')}}]\n`
}
