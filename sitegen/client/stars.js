// Stars on every paper of a page, on those that come later (`sitegen-entries` says that an element has new ones), and the
// number of papers on the list.

import { paperOf, root, show, star, starEntries, store } from './star.js'

const link = document.querySelector('a[data-reading-list]')

if (store) {
  for (const place of document.querySelectorAll('[data-star]')) {
    const url = place.dataset.star || new URL('.', location.href).href.slice(root.href.length)
    const toList = document.createElement('a')
    toList.href = link.href
    toList.textContent = link.firstChild.textContent.trim()
    place.append(star(url, () => paperOf(place.closest('article') ?? document, url), ''), toList)
  }
  starEntries(document)
  addEventListener('sitegen-entries', event => starEntries(event.target))
  const count = document.querySelector('[data-reading-count]')
  const tell = papers => {
    for (const button of document.querySelectorAll('button.star')) show(button, papers)
    if (count) count.textContent = papers.length ? String(papers.length) : ''
  }
  tell(store.read())
  store.watch(tell)
}
