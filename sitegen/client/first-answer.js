// What the address of the search page asks for, asked at once: the worker starts and the index is read while the
// modules that show results are still on their way.

import { lazyEngine } from './engine.js'
import { asks, optionsOf, readState } from './url-state.js'

export const BATCH = 10  // results at first and with each "more": each may be a file of its own

const form = document.querySelector('form[data-search]')
export const engine = lazyEngine(form.dataset.searchRoot)
engine.warm()

const state = readState(location.search)
let first = asks(state) ? engine.query(state.query, { ...optionsOf(state), partial: false, offset: 0, limit: BATCH }) : null
first?.catch(() => {})  // whoever takes it deals with that

/** The answer to the address that the page was opened with, once. */
export function takeFirst() {
  const taken = first
  first = null
  return taken
}
