// The reading list of this browser: local storage of this site, nothing else. Lists of several tabs stay one.

import { formatList, parseList } from './list.js'

/**
 * @param {URL} root of the site; several sites of one host keep their lists apart
 */
export function openStore(root) {
  const key = `reading-list ${root.pathname}`
  const watchers = []
  let memory = null // what holds while storage is forbidden

  function read() {
    try {
      return parseList(localStorage.getItem(key))
    } catch {
      return parseList(memory)
    }
  }

  const tell = papers => {
    for (const watch of watchers) watch(papers)
  }
  addEventListener('storage', event => {
    if (event.key === key || event.key === null) tell(read())
  })
  // Each script of a page has a store of its own, as each tab has.
  addEventListener('sitegen-reading-list', (/** @type {CustomEvent} */ event) => {
    memory = event.detail
    tell(parseList(memory))
  })

  /** Whether the browser keeps what is put into it. */
  function lasts() {
    try {
      localStorage.setItem(`${key} probe`, '1')
      localStorage.removeItem(`${key} probe`)
      return true
    } catch {
      return false
    }
  }

  return {
    read,
    lasts,
    /** Changes the list as it is now, perhaps by another tab. */
    change(make) {
      const papers = make(read())
      const text = formatList(papers)
      try {
        localStorage.setItem(key, text)
      } catch {
        // Full or forbidden: the list holds until the page is left.
      }
      dispatchEvent(new CustomEvent('sitegen-reading-list', { detail: text }))
      return papers
    },
    /** Calls back at each change, here or in another tab. */
    watch: back => {
      watchers.push(back)
    },
  }
}
