// The search page: one state (query, filters, order), kept in the address; each change asks the engine and shows
// what it answers. The markup is the theme's search.html.

import { lazyClient } from '../search/lazy-client.js'
import { combobox } from './combobox.js'
import { MOST, showFacets } from './facets.js'
import { translator } from './i18n.js'
import { entryOf } from './results.js'
import { statusOf } from './status.js'
import { alternatives, asks, optionsOf, readState, toggled, writeState } from './url-state.js'

const BATCH = 10 // results at first and with each "more": each may be a file of its own
const SCREEN = 6 // results that are shown as soon as they are there; over HTTP/1.1 browsers fetch six files at a time
const PATIENCE = 400 // ms after which the reader is told that a search is going on
const WIDE = matchMedia('(min-width: 60rem)')
const SNIPPET = { wide: 240, narrow: 150 } // characters
const AUTHORS = 3
const PLACE = 'sitegen-search-place'

/** @type {HTMLFormElement | null} */
const form = document.querySelector('form[data-search]')
if (form) start(form)

/** How far down the reader was when they left this very search; 0 for a visit that is new. */
function placeBefore() {
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'))
  try {
    const [search, place] = JSON.parse(sessionStorage.getItem(PLACE) ?? '[]')
    return visit.type !== 'navigate' && search === location.search ? place : 0
  } catch {
    return 0
  }
}

/** @param {HTMLFormElement} form */
function start(form) {
  /** @type {(name: string) => any} a theme is free in its elements */
  const part = name => document.querySelector(`[data-search-${name}]`)
  const [status, again, body, list, more, sort, facets, clear, rest, attempts] = [
    'status',
    'again',
    'body',
    'results',
    'more',
    'sort',
    'facets',
    'clear',
    'start',
    'try',
  ].map(part)
  const entryTemplate = part('entry')
  const valueTemplate = part('value')
  /** @type {HTMLInputElement} */
  const input = form.elements['q']
  const root = form.dataset.searchRoot
  const engine = lazyClient(root)
  engine.warm()
  const language = document.documentElement.lang
  const i18n = translator(JSON.parse(form.dataset.searchWords), language)
  const hues = new Map(Object.entries(JSON.parse(list.dataset.hues)))
  const kinds = new Set(list.dataset.kinds.split(' '))
  const title = document.title

  let state = readState(location.search)
  let shown = BATCH // results wanted
  let committed = true // whether the entry of the history that we stand on is to be kept
  let control = new AbortController()
  let place = placeBefore() // where the reader was on this page before, and comes back to
  let answered = null // the answer that stands there, and the signal of its query

  const box = combobox(input, list, {
    option: '[role="row"]',
    cancel: () => {
      input.value = ''
      type()
    },
  })

  /** Makes the address tell the state: a new entry of the history when the present one is to be kept. */
  function record(commit) {
    const query = writeState(state)
    document.title = state.query.trim() ? `${state.query.trim()} · ${title}` : title
    try {
      if (query !== location.search) {
        history[committed && location.search ? 'pushState' : 'replaceState']({ shown }, '', query || location.pathname)
      }
    } catch {
      // Browsers refuse too many changes in a short time; the next one tells all.
    }
    committed = commit
  }

  function change(next, commit, typing = false) {
    state = next
    shown = BATCH
    record(commit)
    ask({ typing })
  }

  const type = () => change({ ...state, query: input.value }, false, true)

  /** Asks for the papers of the state from a place on, and shows them: the first screen of them as soon as it is there. */
  async function ask({ from = 0, typing = false } = {}) {
    control.abort()
    control = new AbortController()
    const { signal } = control
    answered = null
    again.hidden = true
    if (!asks(state)) return idle()
    list.setAttribute('aria-busy', 'true')
    const patience = setTimeout(() => {
      status.textContent = i18n.translate('search_wait')
    }, PATIENCE)
    let drawn = from
    const draw = answer => {
      if (signal.aborted) return
      clearTimeout(patience)
      show(answer, answer.hits.slice(drawn - from), drawn)
      drawn = from + answer.hits.length
    }
    try {
      const answer = await engine.query(state.query, {
        ...optionsOf(state),
        typing,
        offset: from,
        limit: shown - from,
        signal,
        screen: SCREEN,
        onScreen: draw,
        marks: { authors: AUTHORS, snippet: WIDE.matches ? SNIPPET.wide : SNIPPET.narrow },
      })
      if (signal.aborted) return
      draw(answer)
      list.removeAttribute('aria-busy')
      more.hidden = drawn >= answer.total
      if (from && more.hidden) list.children[from]?.querySelector('a').focus()
      answered = { answer, signal }
      if (place) scrollTo(0, place)
      place = 0
      await narrow(typing)
    } catch {
      if (!signal.aborted) fail()
    } finally {
      clearTimeout(patience)
    }
  }

  /** What may find something where nothing was found: a link for each. */
  function suggestOthers(none) {
    if (!attempts) return
    const links = none
      ? alternatives(state).map(({ key, values, next }) => {
          const item = document.createElement('li')
          const link = document.createElement('a')
          link.href = writeState(next) || location.pathname
          link.textContent = i18n.translate(key, values)
          item.append(link)
          return item
        })
      : []
    attempts.querySelector('ul').replaceChildren(...links)
    attempts.hidden = !links.length
  }

  function idle() {
    suggestOthers(false)
    status.textContent = ''
    body.hidden = true
    rest.hidden = false
    document.documentElement.classList.remove('asking')
    box.expanded(false)
  }

  function fail() {
    list.removeAttribute('aria-busy')
    status.textContent = i18n.translate('search_failed')
    again.hidden = false
  }

  /** Shows hits of an answer, the first of them at a place of the list. */
  function show(answer, hits, at) {
    const entries = hits.map((hit, i) => entryOf(entryTemplate, hit, { root, i18n, hues, kinds, id: `hit-${at + i}` }))
    if (at) list.append(...entries)
    else list.replaceChildren(...entries)
    list.dispatchEvent(new Event('sitegen-entries', { bubbles: true }))
    list.hidden = !list.firstElementChild
    status.textContent = statusOf(answer, state, i18n)
    const none = !answer.total
    suggestOthers(none)
    rest.hidden = !none
    if (none) document.documentElement.classList.remove('asking')
    body.hidden = false
    body.classList.toggle('none', none)
    sort.value = state.sort
    clear.hidden = !asks({ ...state, query: '' })
    box.expanded(!list.hidden)
  }

  /** Shows what the papers found have in common and how many they are, once the results are there and where the reader sees it. */
  async function narrow(typing = false) {
    if (!answered || !facets.open) return
    const { answer, signal } = answered
    const counted = await engine.facets(state.query, {
      ...optionsOf(state),
      typing,
      limit: MOST,
      signal,
    })
    if (signal.aborted) return
    showFacets(facets, valueTemplate, state, counted, i18n)
    if (!answer.counted)
      status.textContent = statusOf(
        { ...answer, total: counted.total, every: counted.every, counted: true },
        state,
        i18n,
      )
  }

  function visit() {
    input.value = state.query
    shown = Math.min(history.state?.shown ?? BATCH, 50 * BATCH) || BATCH
    if (asks(state)) ask()
    else idle()
  }

  input.addEventListener('input', type)
  form.addEventListener('submit', event => {
    event.preventDefault()
    change({ ...state, query: input.value }, true)
  })
  list.addEventListener('click', () => {
    committed = true
  })
  sort.addEventListener('change', () => {
    committed = true
    change({ ...state, sort: sort.value }, true)
  })
  facets.addEventListener('click', event => {
    const button = event.target.closest('button')
    const name = button?.closest('[data-facet]')?.dataset.facet
    if (!name) return
    if (button.matches('[data-facet-more]')) {
      button.closest('[data-facet]').dataset.open = 'true'
      ask()
      return
    }
    committed = true
    change(toggled(state, name, button.dataset.value), true)
  })
  clear.addEventListener('click', () => {
    committed = true
    change({ ...state, filters: {}, years: null }, true)
    input.focus()
  })
  more.addEventListener('click', () => {
    const from = list.childElementCount
    shown = from + BATCH
    history.replaceState({ shown }, '')
    ask({ from })
  })
  again.addEventListener('click', () => ask())
  // The browser goes there before the results are there.
  addEventListener('pagehide', () => {
    try {
      sessionStorage.setItem(PLACE, JSON.stringify([location.search, scrollY]))
    } catch {
      // Storage may be forbidden; then the page begins at its top.
    }
  })
  addEventListener('popstate', () => {
    committed = true
    state = readState(location.search)
    visit()
  })

  facets.addEventListener('toggle', () => {
    narrow().catch(() => {})
  })
  const unfold = () => {
    facets.open = WIDE.matches
  }
  WIDE.addEventListener('change', unfold)
  unfold()
  // What was typed before this ran counts, unless the address asks for something.
  if (input.value && !asks(state)) state = { ...state, query: input.value }
  visit()
  if (document.activeElement === document.body && matchMedia('(pointer: fine)').matches)
    input.focus({ preventScroll: true })
}
