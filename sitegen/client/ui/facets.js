// The facets beside the results: what the found papers have in common, as buttons with counts.

const FEW = 8 // values of a facet that are shown at once
export const MOST = 40 // and after "more"

/**
 * @typedef {{label: string, slug: string, count: number}} Value
 * @typedef {Record<string, Value[]>} Facets by `topics`, `tags`, `venues` and `years`, commonest first
 */

/** What stands for a value in the state: venues have no slug of their own. */
const keyOf = (name, { label, slug }) => (name === 'venue' ? label : slug)

// Whoever writes an address by hand may write a label as it stands on the page, or nearly so.
const { compare } = new Intl.Collator('en', { sensitivity: 'base' })

/**
 * The values to show: chosen ones first, also those which no paper found has, then the commonest. The key of a chosen one
 * is as the state has it.
 * @param {import('./url-state.js').State} state
 * @param {string} name
 * @param {Value[]} values
 * @returns {{label: string, key: string, count: number, pressed: boolean}[]}
 */
export function listed(state, name, values) {
  if (name === 'year') {
    const [from, to] = state.years ?? [Infinity, -Infinity]
    // They stay in their order.
    return values.slice(0, MOST).map(({ label, slug, count }) => ({
      label,
      key: slug,
      count,
      pressed: from <= Number(slug) && Number(slug) <= to,
    }))
  }
  const chosen = state.filters[name] ?? []
  const means = (said, value) => said === keyOf(name, value) || compare(said, value.label) === 0
  const all = values.map(value => {
    const said = chosen.find(one => means(one, value))
    return { label: value.label, key: said ?? keyOf(name, value), count: value.count, pressed: said !== undefined }
  })
  const missing = chosen
    .filter(said => !values.some(value => means(said, value)))
    .map(said => ({ label: said, key: said, count: 0, pressed: true }))
  return [...missing, ...all.filter(value => value.pressed), ...all.filter(value => !value.pressed)].slice(0, MOST)
}

/**
 * Shows the facets of an answer. A group that was opened stays open, a button that had the focus has it again.
 * @param {HTMLElement} place holds one element with `data-facet=NAME` for each facet, with a list in it
 * @param {HTMLTemplateElement} template one value
 * @param {import('./url-state.js').State} state
 * @param {Facets} facets
 * @param {import('./i18n.js').Translator} i18n
 */
export function showFacets(place, template, state, facets, i18n) {
  /** @type {NodeListOf<HTMLElement>} */
  const groups = place.querySelectorAll('[data-facet]')
  for (const group of groups) {
    const name = group.dataset.facet
    const list = group.querySelector('ul')
    /** @type {any} */
    const active = document.activeElement
    const focused = list.contains(active) ? active.dataset.value : null
    const values = listed(state, name, facets[`${name}s`] ?? [])
    const open = group.dataset.open === 'true'
    list.replaceChildren(
      ...values.slice(0, open ? MOST : FEW).map(value => {
        /** @type {any} */
        const item = template.content.firstElementChild.cloneNode(true)
        const button = item.querySelector('button')
        button.dataset.value = value.key
        button.setAttribute('aria-pressed', String(value.pressed))
        item.querySelector('[data-label]').textContent = value.label
        item.querySelector('[data-count]').textContent = i18n.number(value.count)
        return item
      }),
    )
    group.hidden = !values.length
    /** @type {HTMLElement} */
    const more = group.querySelector('[data-facet-more]')
    more.hidden = open || values.length <= FEW
    if (focused !== null) [...list.querySelectorAll('button')].find(button => button.dataset.value === focused)?.focus()
  }
}
