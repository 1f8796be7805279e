// A paper on the page of the reading list: a clone of the theme's template, filled by textContent alone.

import { bookmarkButton, root, store } from './bookmark.js'
import { changed, listNames } from './list.js'

/** Shows a text at its place, or takes the place away where there is none. */
function fill(place, value) {
  if (value) place.textContent = value
  else place?.remove()
}

/**
 * @param {HTMLTemplateElement} template
 * @param {import('./list.js').Kept} paper
 * @param {import('../ui/i18n.js').Translator} i18n
 * @param {boolean} own whether it is on this reader's list, and may be marked and noted
 */
export function entryOf(template, paper, i18n, own) {
  /** @type {any} */
  const entry = template.content.firstElementChild.cloneNode(true)
  const part = name => entry.querySelector(`[data-${name}]`)
  part('title').textContent = paper.title
  part('title').href = new URL(paper.url, root).href
  fill(part('authors'), paper.authors)
  fill(part('date'), paper.date && i18n.date(paper.date))
  fill(part('added'), own && paper.added && i18n.translate('list_added', { date: i18n.date(paper.added) }))
  if (paper.pdf) part('pdf').href = paper.pdf
  else part('pdf').remove()
  entry.append(bookmarkButton(paper.url, () => paper, paper.title))
  if (!own) {
    part('read').closest('label').remove()
    part('more').remove()
    return entry
  }
  const change = fields => store.change(papers => changed(papers, paper.url, fields))
  part('read').addEventListener('change', () => change({ read: part('read').checked }))
  part('note').addEventListener('change', () => change({ note: part('note').value }))
  part('lists').addEventListener('change', () => change({ lists: listNames(part('lists').value) }))
  for (const name of ['note', 'lists']) {
    part(name).setAttribute('aria-label', `${part(name).getAttribute('aria-label')}: ${paper.title}`)
  }
  return entry
}

/** Makes an entry of one's own tell what is known of its paper now; a field that is being written in stays as it is. */
export function refresh(entry, { read, note, lists }) {
  entry.classList.toggle('is-read', read)
  entry.querySelector('[data-read]').checked = read
  for (const [name, value] of [
    ['note', note],
    ['lists', lists.join(', ')],
  ]) {
    const field = entry.querySelector(`[data-${name}]`)
    if (field !== document.activeElement) field.value = value
  }
  entry.querySelector('[data-note-shown]').textContent = note
  entry.querySelector('[data-lists-shown]').textContent = lists.join(', ')
}
