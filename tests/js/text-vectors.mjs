// node text-vectors.mjs < [text]   prints [words, terms] of each
import { text } from 'node:stream/consumers'
import { terms, words } from '../../sitegen/client/search/text.js'

console.log(JSON.stringify(JSON.parse(await text(process.stdin)).map(t => [words(t), terms(t)])))
