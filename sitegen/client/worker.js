// A Web Worker which answers for remote.js: {id, call, given} in, {id, value} or {id, error} out.

import { openSearch } from './search.js'

let search
const running = new Map()

const calls = {
  open: async ({ root, manifest }) => { search = await openSearch(root, { manifest }) },
  query: ({ text, options }, signal) => search.query(text, { ...options, signal }),
  facets: ({ text, options }) => search.facets(text, options),
}

self.addEventListener('message', async ({ data: { id, call, given } }) => {
  if (call === 'abort') return running.get(id)?.abort()
  const control = new AbortController()
  running.set(id, control)
  try {
    self.postMessage({ id, value: await calls[call](given, control.signal) })
  } catch (error) {
    self.postMessage({ id, error: { name: error.name, message: error.message } })
  } finally {
    running.delete(id)
  }
})
