// node typing.mjs SITE < {known, text}[]   asks for `known` without its cards, then for `text` while it is typed: first until
// the next turn, then to the end; prints what the one given up fetched, and the ids of the other and of a search that is new
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openSearch } from '../../sitegen/client/search/search.js'
import { fetchFile } from './disk.mjs'

const root = `${pathToFileURL(process.argv[2])}/`
const ids = ({ hits }) => hits.map(hit => hit.id)
const seen = []
for (const { known, text: typed } of JSON.parse(await text(process.stdin))) {
  const fetched = []
  const search = await openSearch(root, {
    fetch: url => {
      fetched.push(String(url).split('/').at(-2))
      return fetchFile(url)
    },
  })
  await search.query(known, { limit: 0 })
  fetched.length = 0
  const control = new AbortController()
  setTimeout(() => control.abort())
  const error = await search.query(typed, { typing: true, signal: control.signal }).then(
    () => null,
    e => e.name,
  )
  const early = [...fetched]
  const typing = ids(await search.query(typed, { typing: true, screen: 2 }))
  const anew = ids(await (await openSearch(root, { fetch: fetchFile })).query(typed))
  seen.push({ error, early, typing, anew })
}
console.log(JSON.stringify(seen))
