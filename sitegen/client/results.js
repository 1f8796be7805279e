// Results as elements: clones of the theme's templates, filled by textContent alone.

import { named, snippet } from './highlight.js'
import { segments } from './text.js'

const FEW_AUTHORS = 3
const MOST_TAGS = 4

/** Pieces of text as nodes, hits inside <mark>. */
export function marked(pieces) {
  return pieces.map(({ text, hit }) => {
    if (!hit) return document.createTextNode(text)
    const mark = document.createElement('mark')
    mark.textContent = text
    return mark
  })
}

/** Fills what a template marks with `data-NAME`, and takes it away where there is nothing to show. */
function fill(entry, name, nodes) {
  const place = entry.querySelector(`[data-${name}]`)
  if (nodes.length) place?.append(...nodes)
  else place?.remove()
  return place
}

/** The nodes of an author line. */
export function authorLine(authors, wanted, words) {
  const { shown, rest } = named(authors, wanted, FEW_AUTHORS)
  const nodes = shown.flatMap((pieces, i) => (i ? [', ', ...marked(pieces)] : marked(pieces)))
  return rest > 0 ? [...nodes, ` ${words.count('more', rest)}`] : nodes
}

function timeOf(date, words) {
  const time = document.createElement('time')
  time.dateTime = date
  time.textContent = words.date(date)
  return time
}

/** A topic or tag: a link where there are pages for them. */
function labelOf(label, url, wanted, kind) {
  const element = document.createElement(url ? 'a' : 'span')
  if (url) element.href = url
  element.className = kind
  element.append(...marked(segments(label, wanted)))
  return element
}

/**
 * A result of the search page.
 * @param {HTMLTemplateElement} template
 * @param {import('./search.js').Hit} hit
 * @param {{wanted: Set<string>, root: string, words: import('./words.js').Speaker,
 *   hues: Map<string, string>, kinds: Set<string>, length: number, id: string}} how
 *   `hues`: the class of each topic's colour mark, by slug; `kinds`: the kinds of label that have pages
 */
export function entryOf(template, hit, { wanted, root, words, hues, kinds, length, id }) {
  const page = (kind, slug) => (kinds.has(kind) ? `${root}${kind}/${slug}/` : '')
  const entry = template.content.firstElementChild.cloneNode(true)
  entry.id = id
  const title = fill(entry, 'title', marked(segments(hit.title, wanted)))
  title.href = root + hit.url
  fill(entry, 'authors', authorLine(hit.authors, wanted, words))
  fill(entry, 'snippet', marked(snippet(hit.summary, wanted, length)))
  fill(entry, 'date', hit.date ? [timeOf(hit.date, words)] : [])
  fill(entry, 'venue', marked(segments(hit.venue, wanted)))
  fill(entry, 'votes', hit.votes === null ? [] : [words.count('votes', hit.votes)])
  fill(entry, 'labels', [
    ...hit.topics.map(({ label, slug }) => labelOf(label, page('topics', slug), wanted, `topic ${hues.get(slug) ?? ''}`)),
    ...hit.tags.slice(0, MOST_TAGS).map(({ label, slug }) => labelOf(label, page('tags', slug), wanted, 'tag')),
  ])
  return entry
}
