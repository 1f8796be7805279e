// Bookmark buttons on every paper of a page, on those that come later (`sitegen-entries` says that an element has new ones), and the
// number of papers on the list.

import { addBookmarks, bookmarkButton, paperOf, root, show, store } from './bookmark.js'

/** @type {HTMLAnchorElement | null} */
const link = document.querySelector('a[data-reading-list]')

if (store) {
  /** @type {NodeListOf<HTMLElement>} */
  const places = document.querySelectorAll('[data-bookmark]')
  for (const place of places) {
    const url = place.dataset.bookmark || new URL('.', location.href).href.slice(root.href.length)
    const toList = document.createElement('a')
    toList.href = link.href
    toList.textContent = link.firstChild.textContent.trim()
    place.append(
      bookmarkButton(url, () => paperOf(place.closest('article') ?? document, url), ''),
      toList,
    )
  }
  addBookmarks(document)
  addEventListener('sitegen-entries', event => addBookmarks(event.target))
  const count = document.querySelector('[data-reading-count]')
  const tell = papers => {
    for (const button of document.querySelectorAll('button.bookmark')) show(button, papers)
    if (count) count.textContent = papers.length ? String(papers.length) : ''
  }
  tell(store.read())
  store.watch(tell)
}
