// node hostile.mjs SITE SYNTAX < [text]   prints the answers, and whether any prototype was changed
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openSearch } from '../../sitegen/client/search/search.js'
import { fetchFile } from './disk.mjs'

const [, , site, syntax] = process.argv
const before = [Object, Array, Map, String].map(type => Object.getOwnPropertyNames(type.prototype).join())
const search = await openSearch(`${pathToFileURL(site)}/`, { fetch: fetchFile })
const answers = []
for (const asked of JSON.parse(await text(process.stdin))) answers.push(await search.query(asked, { syntax }))
const after = [Object, Array, Map, String].map(type => Object.getOwnPropertyNames(type.prototype).join())
console.log(JSON.stringify({ answers, polluted: before.join() !== after.join() }))
