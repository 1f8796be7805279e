// Results as elements: clones of the theme's templates, filled by textContent alone.

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
export function authorLine({ shown, rest }, i18n) {
  const nodes = shown.flatMap((pieces, i) => (i ? [', ', ...marked(pieces)] : marked(pieces)))
  return rest > 0 ? [...nodes, ` ${i18n.count('more', rest)}`] : nodes
}

function timeOf(date, i18n) {
  const time = document.createElement('time')
  time.dateTime = date
  time.textContent = i18n.date(date)
  return time
}

/** A topic or tag: a link where there are pages for them. */
function labelOf(pieces, url, kind) {
  const element = document.createElement(url ? 'a' : 'span')
  if (element instanceof HTMLAnchorElement) element.href = url
  element.className = kind
  element.append(...marked(pieces))
  return element
}

/**
 * A result of the search page.
 * @param {HTMLTemplateElement} template
 * @param {import('../search/search.js').Hit} hit with its marks
 * @param {{root: string, i18n: import('./i18n.js').Translator, hues: Map<string, string>, kinds: Set<string>, id: string}} how
 *   `hues`: the class of each topic's colour mark, by slug; `kinds`: the kinds of label that have pages
 */
export function entryOf(template, hit, { root, i18n, hues, kinds, id }) {
  const page = (kind, slug) => (kinds.has(kind) ? `${root}${kind}/${slug}/` : '')
  /** @type {any} */
  const entry = template.content.firstElementChild.cloneNode(true)
  const { marks } = hit
  entry.id = id
  const title = fill(entry, 'title', marked(marks.title))
  title.href = root + hit.url
  fill(entry, 'authors', authorLine(marks.authors, i18n))
  fill(entry, 'snippet', marked(marks.snippet))
  fill(entry, 'date', hit.date ? [timeOf(hit.date, i18n)] : [])
  fill(entry, 'venue', marked(marks.venue))
  fill(entry, 'votes', hit.votes === null ? [] : [i18n.count('votes', hit.votes)])
  fill(entry, 'labels', [
    ...hit.topics.map(({ slug }, i) => labelOf(marks.topics[i], page('topics', slug), `topic ${hues.get(slug) ?? ''}`)),
    ...hit.tags.slice(0, MOST_TAGS).map(({ slug }, i) => labelOf(marks.tags[i], page('tags', slug), 'tag')),
  ])
  return entry
}
