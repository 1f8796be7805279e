// node answers.mjs SITE [anew] < [{text, options}]   prints what the client answers, one element a query
// With "anew" the index is opened for each query, so that none knows what another has read.
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openSearch } from '../../sitegen/client/search/search.js'
import { fetchFile } from './disk.mjs'

const [, , site, anew] = process.argv
const open = () => openSearch(`${pathToFileURL(site)}/`, { fetch: fetchFile })
let search = await open()
const answers = []
for (const { text: asked, options } of JSON.parse(await text(process.stdin))) {
  if (anew) search = await open()
  answers.push(await search.query(asked, options))
}
console.log(JSON.stringify(answers))
