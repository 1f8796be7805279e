// The facets beside the results: what the found papers have in common, as buttons with counts.

import { LABELS } from './url-state.js'

const FEW = 8  // values of a facet that are shown at once
export const MOST = 40  // and after "more"

/**
 * @typedef {{label: string, slug: string, count: number}} Value
 * @typedef {Record<string, Value[]>} Facets by `topics`, `tags`, `venues` and `years`, commonest first
 */

/** What stands for a value in the state: venues have no slug of their own. */
const keyOf = (name, { label, slug }) => (name === 'venue' ? label : slug)

/** Whether a value of a facet is chosen. */
function chosen({ filters, years }, name, value) {
  if (name === 'year') return Boolean(years) && years[0] <= Number(value) && Number(value) <= years[1]
  return (filters[name] ?? []).includes(value)
}

/**
 * The values to show: chosen ones first, also those which no paper found has, then the commonest.
 * @param {import('./url-state.js').State} state
 * @param {string} name
 * @param {Value[]} values
 * @returns {{label: string, key: string, count: number, pressed: boolean}[]}
 */
export function listed(state, name, values) {
  const all = values.map(value => {
    const key = keyOf(name, value)
    return { label: value.label, key, count: value.count, pressed: chosen(state, name, key) }
  })
  const known = new Set(all.map(value => value.key))
  const missing = (LABELS.includes(name) ? state.filters[name] ?? [] : [])
    .filter(key => !known.has(key))
    .map(key => ({ label: key, key, count: 0, pressed: true }))
  // Years stay in their order.
  if (name === 'year') return all.slice(0, MOST)
  return [...missing, ...all.filter(value => value.pressed), ...all.filter(value => !value.pressed)].slice(0, MOST)
}

/**
 * Shows the facets of an answer. A group that was opened stays open, a button that had the focus has it again.
 * @param {HTMLElement} place holds one element with `data-facet=NAME` for each facet, with a list in it
 * @param {HTMLTemplateElement} template one value
 * @param {import('./url-state.js').State} state
 * @param {Facets} facets
 * @param {import('./words.js').Speaker} words
 */
export function showFacets(place, template, state, facets, words) {
  for (const group of place.querySelectorAll('[data-facet]')) {
    const name = group.dataset.facet
    const list = group.querySelector('ul')
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.value : null
    const values = listed(state, name, facets[`${name}s`] ?? [])
    const open = group.dataset.open === 'true'
    list.replaceChildren(...values.slice(0, open ? MOST : FEW).map(value => {
      const item = template.content.firstElementChild.cloneNode(true)
      const button = item.querySelector('button')
      button.dataset.value = value.key
      button.setAttribute('aria-pressed', String(value.pressed))
      item.querySelector('[data-label]').textContent = value.label
      item.querySelector('[data-count]').textContent = words.number(value.count)
      return item
    }))
    group.hidden = !values.length
    group.querySelector('[data-facet-more]').hidden = open || values.length <= FEW
    if (focused !== null) [...list.querySelectorAll('button')].find(button => button.dataset.value === focused)?.focus()
  }
}
