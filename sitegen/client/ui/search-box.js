// The search box of every page. The form works by itself; here it gets ready for what comes after the first key,
// and where the theme gives it a list, it shows results at once.

/** @type {NodeListOf<HTMLFormElement>} */
const forms = document.querySelectorAll('form[role="search"][data-search-root]:not([data-search])')
for (const form of forms) {
  const input = form.elements['q']
  input.addEventListener('focus', () => ready(form), { once: true })
  if (input === document.activeElement) ready(form)
}

/** @param {HTMLFormElement} form */
async function ready(form) {
  const root = form.dataset.searchRoot
  if (form.querySelector('[data-search-suggest]')) {
    const { suggest } = await import('./suggest.js')
    return suggest(form)
  }
  // The search page comes next: it and what it says it needs are fetched into the browser's cache.
  fetch(`${root}search/manifest.json`).catch(() => {})
  try {
    const response = await fetch(`${root}search/`)
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    for (const needed of page.querySelectorAll('link[rel="modulepreload"], script[type="module"]')) {
      const link = document.createElement('link')
      link.rel = 'modulepreload'
      link.href = new URL(needed.getAttribute('href') ?? needed.getAttribute('src'), response.url).href
      document.head.append(link)
    }
  } catch {
    // The search page itself will say what is wrong.
  }
}
