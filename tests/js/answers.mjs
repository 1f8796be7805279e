// node answers.mjs SITE < [{text, options}]   prints what the client answers, one element a query
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openSearch } from '../../sitegen/client/search.js'
import { fetchFile } from './disk.mjs'

const search = await openSearch(`${pathToFileURL(process.argv[2])}/`, { fetch: fetchFile })
const answers = []
for (const { text: asked, options } of JSON.parse(await text(process.stdin))) answers.push(await search.query(asked, options))
console.log(JSON.stringify(answers))
