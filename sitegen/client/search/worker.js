// A Web Worker which answers for remote.js: {id, call, given} in, {id, value} or {id, error} out; before a value there may
// be {id, part}, the answer for the first screen.

import { openSearch } from './search.js'

let search
const running = new Map()

const calls = {
  open: async ({ root, manifest }) => {
    search = await openSearch(root, { manifest })
  },
  query: async ({ text, options }, signal, onScreen) => {
    // What was given up while the query before it was computed is known after a turn, and costs nothing.
    await new Promise(resolve => setTimeout(resolve))
    signal.throwIfAborted()
    return search.query(text, { ...options, signal, onScreen })
  },
  facets: ({ text, options }, signal) => search.facets(text, { ...options, signal }),
}

self.addEventListener('message', async ({ data: { id, call, given } }) => {
  if (call === 'abort') return running.get(id)?.abort()
  const control = new AbortController()
  running.set(id, control)
  try {
    self.postMessage({ id, value: await calls[call](given, control.signal, part => self.postMessage({ id, part })) })
  } catch (error) {
    self.postMessage({ id, error: { name: error.name, message: error.message } })
  } finally {
    running.delete(id)
  }
})
