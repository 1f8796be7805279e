// node bench/search.mjs --site DIR --queries FILE.jsonl [--limit K] [--syntax box|lunr]
//
// Runs the shipped search client over a built site on disk. The queries are JSON lines of {id, text}; each hit is one
// line of a TREC run: "qid Q0 docid rank score sitegen", where docid is the paper's id.

import fs from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { openSearch } from '../sitegen/client/search/search.js'

const { values } = parseArgs({
  options: {
    site: { type: 'string' },
    queries: { type: 'string' },
    limit: { type: 'string', default: '100' },
    syntax: { type: 'string', default: 'box' },
  },
})
const limit = Number(values.limit)
if (!values.site || !values.queries || !['box', 'lunr'].includes(values.syntax) || !(limit > 0)) {
  console.error('usage: node bench/search.mjs --site DIR --queries FILE.jsonl [--limit K] [--syntax box|lunr]')
  process.exit(2)
}

async function fetchFile(url) {
  try {
    return new Response(await fs.readFile(new URL(url)))
  } catch {
    return new Response('', { status: 404 })
  }
}

const search = await openSearch(pathToFileURL(path.resolve(values.site) + path.sep), { fetch: fetchFile })
const lines = (await fs.readFile(values.queries, 'utf8')).split('\n').filter(line => line.trim())
for (const { id, text } of lines.map(line => JSON.parse(line))) {
  const { hits, notice } = await search.query(text, { syntax: values.syntax, limit })
  if (notice?.kind === 'syntax') console.error(`${id}: ${notice.message}`)
  const run = hits.map((hit, i) => `${id} Q0 ${hit.id} ${i + 1} ${hit.score.toFixed(6)} sitegen\n`)
  process.stdout.write(run.join(''))
}
