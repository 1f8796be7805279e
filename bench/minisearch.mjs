// node bench/minisearch.mjs --modules DIR --documents FILE.jsonl --queries FILE.jsonl [--limit K] [--forgiving]
//
// The same queries as bench/search.mjs, answered by MiniSearch from DIR/node_modules, for bench/known_items.py: as it is,
// or with the settings that its README shows (prefix, fuzzy 0.2, title x 2).

import fs from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    modules: { type: 'string' },
    documents: { type: 'string' },
    queries: { type: 'string' },
    limit: { type: 'string', default: '100' },
    forgiving: { type: 'boolean', default: false },
  },
})
const MiniSearch = createRequire(path.resolve(values.modules, 'package.json'))('minisearch')
const read = async file =>
  (await fs.readFile(file, 'utf8'))
    .split('\n')
    .filter(line => line.trim())
    .map(line => JSON.parse(line))

const index = new MiniSearch({
  fields: ['title', 'authors', 'abstract'],
  extractField: (document, field) => (field === 'authors' ? document.authors.join(' ') : document[field]),
  searchOptions: values.forgiving ? { prefix: true, fuzzy: 0.2, boost: { title: 2 } } : {},
})
index.addAll(await read(values.documents))
for (const { id, text } of await read(values.queries)) {
  const run = index.search(text).slice(0, Number(values.limit))
  process.stdout.write(run.map((hit, i) => `${id} Q0 ${hit.id} ${i + 1} ${hit.score.toFixed(6)} minisearch\n`).join(''))
}
