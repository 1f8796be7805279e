// node facets-aborted.mjs SITE < filters   counts facets, asks for papers with filters that need the same files, and gives up
// the facets before these have come; prints what became of both, and how often and how each file of topics was asked for
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openSearch } from '../../sitegen/client/search/search.js'
import { fetchFile } from './disk.mjs'

const asked = []
const never = signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
const search = await openSearch(`${pathToFileURL(process.argv[2])}/`, {
  fetch: (url, { signal, priority } = {}) => {
    if (!String(url).includes('/topics/')) return fetchFile(url)
    asked.push(priority ?? null)
    return signal ? never(signal) : fetchFile(url)
  },
})
const control = new AbortController()
const facets = search.facets('', { signal: control.signal })
const papers = search.query('', { filters: JSON.parse(await text(process.stdin)) })
setTimeout(() => control.abort())
const [counted, found] = await Promise.allSettled([facets, papers])
console.log(JSON.stringify({ error: counted.reason?.name, total: found.value?.total, asked }))
