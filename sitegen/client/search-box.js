// The search box of every page. The form works by itself; here it gets ready for what comes after the first key,
// and where the theme gives it a list, it shows results at once.

import { lazyEngine } from './engine.js'

const PAGE = ['search-page.js', 'combobox.js', 'facets.js', 'results.js', 'highlight.js', 'text.js']

for (const form of document.querySelectorAll('form[role="search"][data-search-root]:not([data-search])')) {
  form.elements.q.addEventListener('focus', () => ready(form), { once: true })
  if (form.elements.q === document.activeElement) ready(form)
}

/** @param {HTMLFormElement} form */
async function ready(form) {
  const root = form.dataset.searchRoot
  if (form.querySelector('[data-search-suggest]')) {
    const engine = lazyEngine(root)
    engine.warm()
    const { suggest } = await import('./suggest.js')
    return suggest(form, engine)
  }
  // The search page comes next: what it needs is fetched into the browser's cache.
  for (const name of PAGE) {
    const link = document.createElement('link')
    link.rel = 'modulepreload'
    link.href = new URL(name, import.meta.url)
    document.head.append(link)
  }
  for (const path of ['search/', 'search/manifest.json']) fetch(root + path).catch(() => {})
}
