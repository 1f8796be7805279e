// Results below a search box: the first few papers while one types, and the way to all of them.

import { lazyClient } from '../search/lazy-client.js'
import { combobox } from './combobox.js'
import { translator } from './i18n.js'
import { authorLine, marked } from './results.js'
import { manyOf, statusOf } from './status.js'

const FEW = 5 // papers shown
const MARKS = { authors: 3, snippet: 0 }

/**
 * @param {HTMLFormElement} form with a list (`data-search-suggest`), a status line and a template for options
 */
export function suggest(form) {
  /** @type {HTMLInputElement} */
  const input = form.elements['q']
  const root = form.dataset.searchRoot
  /** @type {HTMLElement} */
  const list = form.querySelector('[data-search-suggest]')
  const status = form.querySelector('[data-search-status]')
  /** @type {HTMLTemplateElement} */
  const template = form.querySelector('[data-search-option]')
  const i18n = translator(JSON.parse(form.dataset.searchWords), document.documentElement.lang)
  const engine = lazyClient(root)
  let control = new AbortController()

  function close() {
    control.abort()
    list.hidden = true
    box.expanded(false)
  }

  const box = combobox(input, list, {
    option: '[role="option"]',
    cancel: () => {
      if (list.hidden) input.value = ''
      status.textContent = ''
      close()
    },
  })

  function option(i, url, title, by) {
    /** @type {any} */
    const element = template.content.firstElementChild.cloneNode(true)
    element.id = `${list.id}-${i}`
    element.href = url
    element.querySelector('[data-title]').append(...title)
    const line = element.querySelector('[data-authors]')
    if (by.length) line.append(...by)
    else line.remove()
    return element
  }

  function show(answer, query) {
    const options = answer.hits.map(({ url, marks }, i) =>
      option(i, root + url, marked(marks.title), authorLine(marks.authors, i18n)),
    )
    status.textContent = statusOf(answer, { query }, i18n)
    if (answer.total > options.length) {
      const all = `${root}search/?${new URLSearchParams({ q: query })}`
      options.push(option('all', all, [i18n.count('search_all', answer.total, { n: manyOf(answer, i18n) })], []))
    }
    list.replaceChildren(...options)
    list.hidden = !options.length
    box.expanded(!list.hidden)
  }

  async function ask({ typing = false } = {}) {
    control.abort()
    control = new AbortController()
    const { signal } = control
    const query = input.value
    if (!query.trim()) {
      status.textContent = ''
      return close()
    }
    try {
      const answer = await engine.query(query, { limit: FEW, marks: MARKS, signal, typing })
      if (!signal.aborted) show(answer, query)
    } catch {
      if (!signal.aborted) status.textContent = i18n.translate('search_failed')
    }
  }

  input.addEventListener('input', () => ask({ typing: true }))
  input.addEventListener('focus', () => {
    if (input.value.trim()) ask()
  })
  form.addEventListener('focusout', event => {
    if (!form.contains(/** @type {Node} */ (event.relatedTarget))) close()
  })
  engine.warm()
  if (input.value.trim()) ask()
}
