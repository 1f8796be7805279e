// node facets.mjs SITE < {text, kinds}   prints the counts of every kind
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openSearch } from '../../sitegen/client/search/search.js'
import { fetchFile } from './disk.mjs'

const search = await openSearch(`${pathToFileURL(process.argv[2])}/`, { fetch: fetchFile })
const { text: asked, ...options } = JSON.parse(await text(process.stdin))
console.log(JSON.stringify(await search.facets(asked, options)))
