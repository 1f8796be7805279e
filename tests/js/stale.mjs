// node stale.mjs OLD NEW < text   opens OLD, asks; then only NEW is there, and asks again without opening anew
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openSearch } from '../../sitegen/client/search/search.js'
import { fetchFile } from './disk.mjs'

const [, , ...folders] = process.argv
const roots = folders.map(folder => `${pathToFileURL(folder)}/`)
let at = 0
const fetch = url => fetchFile(String(url).replace(roots[0], roots[at]))
const search = await openSearch(roots[0], { fetch })
const asked = JSON.parse(await text(process.stdin))
const before = (await search.query(asked)).total
at = 1
await search.query('model ', {})
const after = (await search.query(asked)).total
console.log(JSON.stringify({ before, after }))
