// node lunr-js.mjs LUNR.JS INDEX.JSON < [query]   prints what lunr.js answers, as [ref, score]
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'

const [, , package_, file] = process.argv
const lunr = createRequire(import.meta.url)(package_)
const index = lunr.Index.load(JSON.parse(fs.readFileSync(file, 'utf8')))
const answers = JSON.parse(await text(process.stdin)).map(query =>
  index.search(query).map(({ ref, score }) => [ref, score]),
)
console.log(JSON.stringify(answers))
