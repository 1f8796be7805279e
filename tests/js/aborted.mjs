// node aborted.mjs SITE < text   asks, gives up as soon as a page of terms is asked for, and prints what was fetched after all
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openSearch } from '../../sitegen/client/search/search.js'
import { fetchFile } from './disk.mjs'

const control = new AbortController()
const fetched = []
const search = await openSearch(`${pathToFileURL(process.argv[2])}/`, {
  fetch: url => {
    fetched.push(String(url).split('/').at(-2))
    if (fetched.at(-1) === 'terms') control.abort()
    return fetchFile(url)
  },
})
const error = await search.query(JSON.parse(await text(process.stdin)), { signal: control.signal }).catch(e => e.name)
console.log(JSON.stringify({ error, fetched }))
