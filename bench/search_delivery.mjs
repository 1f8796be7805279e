// node bench/search_delivery.mjs --site DIR --papers FILE.jsonl --modules DIR [--runs N] [--peer no]
//
// What a search costs a reader, here and with Pagefind on the same papers: bytes and requests to the first results, and
// milliseconds to these and to those of a next query, at full speed and at 1.6 Mbit/s with 150 ms a request. Each first
// search is a fresh browser profile that opens the search page with ?q=; the queries are the commonest pairs of
// neighbouring title words, which is the worst case for an index in pages.
//
// DIR/node_modules must hold playwright-core and pagefind (npm install playwright-core pagefind). CHROMIUM names the
// browser. Papers are JSON lines of {title, authors, abstract}. Prints one JSON line a measurement.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import zlib from 'node:zlib'

const { values } = parseArgs({
  options: {
    site: { type: 'string' },
    papers: { type: 'string' },
    modules: { type: 'string' },
    runs: { type: 'string', default: '10' },
    peer: { type: 'string', default: 'yes' },
  },
})
const modules = path.resolve(values.modules, 'node_modules')
const { chromium } = createRequire(import.meta.url)(path.join(modules, 'playwright-core'))
const SLOW = { rate: 1.6e6 / 8, latency: 150 }
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.css': 'text/css', '.svg': 'image/svg+xml' }
const papers = fs.readFileSync(values.papers, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line))
const median = xs => [...xs].sort((a, b) => a - b)[Math.floor((xs.length - 1) / 2)]

/** The commonest pairs of neighbouring title words, each word in 0.5 to 20 per cent of the titles. */
function pairs(wanted) {
  const titles = papers.map(({ title }) => title.toLowerCase().match(/[a-z]{4,}/g) ?? [])
  const having = new Map()
  for (const title of titles) for (const word of new Set(title)) having.set(word, (having.get(word) ?? 0) + 1)
  const good = word => having.get(word) > titles.length * 0.005 && having.get(word) < titles.length * 0.2
  const found = new Map()
  for (const title of titles) {
    title.forEach((word, i) => {
      const before = title[i - 1]
      if (before && before !== word && good(before) && good(word)) found.set(`${before} ${word}`, (found.get(`${before} ${word}`) ?? 0) + 1)
    })
  }
  return [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, wanted).map(([pair]) => pair)
}

/** A static host: text types gzipped, all else as it is, cacheable; counts what it sends and can be slow. */
function serve(root) {
  const packed = new Map()
  const state = { link: null, bytes: 0, requests: 0, free: 0 }
  const wait = ms => new Promise(resolve => setTimeout(resolve, ms))
  const server = http.createServer(async (request, response) => {
    let file = path.join(root, decodeURIComponent(new URL(request.url, 'http://x').pathname))
    if (file.endsWith('/')) file += 'index.html'
    if (!file.startsWith(root) || !fs.existsSync(file)) return response.writeHead(404).end()
    const type = TYPES[path.extname(file)]
    if (!packed.has(file)) packed.set(file, type ? zlib.gzipSync(fs.readFileSync(file), { level: 9 }) : fs.readFileSync(file))
    const body = packed.get(file)
    state.bytes += body.length
    state.requests += 1
    if (state.link) await wait(state.link.latency)
    response.writeHead(200, {
      'content-type': type ?? 'application/octet-stream', 'cache-control': 'max-age=3600', 'content-length': body.length,
      ...(type && { 'content-encoding': 'gzip' }),
    })
    for (let at = 0; state.link && at < body.length && !response.destroyed; at += 8192) {
      const chunk = body.subarray(at, at + 8192)
      state.free = Math.max(state.free, performance.now()) + chunk.length / state.link.rate * 1000
      await wait(state.free - performance.now())
      response.write(chunk)
    }
    response.end(state.link ? undefined : body)
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(
    Object.assign(state, { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }))))
}

const escape = text => text.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c])

/** Pagefind over one page a paper, and a page which lists ten titles. */
function pagefind() {
  const site = fs.mkdtempSync(path.join(os.tmpdir(), 'pagefind-'))
  fs.mkdirSync(`${site}/p`)
  papers.forEach((paper, i) => fs.writeFileSync(`${site}/p/${i}.html`, `<!doctype html><html lang="en"><title>${escape(paper.title)}</title>
<body><main data-pagefind-body><h1>${escape(paper.title)}</h1><p>${escape(paper.authors.join(', '))}</p><p>${escape(paper.abstract)}</p></main></body></html>`))
  execFileSync(path.join(modules, '.bin', 'pagefind'), ['--site', site], { stdio: 'ignore' })
  fs.mkdirSync(`${site}/search`)
  fs.writeFileSync(`${site}/search/index.html`, `<!doctype html><meta charset="utf-8"><title>search</title><ol></ol><script type="module">
const pagefind = await import('/pagefind/pagefind.js')
globalThis.find = async text => {
  const { results } = await pagefind.search(text)
  const shown = await Promise.all(results.slice(0, 10).map(r => r.data()))
  document.querySelector('ol').replaceChildren(...shown.map(({ meta }) => Object.assign(document.createElement('li'), { textContent: meta.title })))
}
await globalThis.find(new URL(location).searchParams.get('q'))
globalThis.shown = performance.now()
</script>`)
  return site
}

// How each page tells that the results of a query stand there.
const HERE = {
  ready: () => document.querySelector('[data-search-results]:not([aria-busy]):not([hidden]) [role="row"]') && performance.now(),
  next: text => new Promise(resolve => {
    const input = document.querySelector('form[data-search] [name="q"]')
    const list = document.querySelector('[data-search-results]')
    const from = performance.now()
    new MutationObserver((_, observer) => {
      if (list.hasAttribute('aria-busy') || !list.firstElementChild) return
      observer.disconnect()
      resolve(performance.now() - from)
    }).observe(list, { childList: true, attributes: true })
    input.value = text
    input.form.requestSubmit()
  }),
}
const PAGEFIND = {
  ready: () => globalThis.shown,
  next: async text => {
    const from = performance.now()
    await globalThis.find(text)
    return performance.now() - from
  },
}

async function measure(name, root, page_, queries) {
  const server = await serve(root)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  for (const [link, speed] of [[null, 'unthrottled'], [SLOW, 'slow']]) {
    const runs = []
    let next = []
    for (const query of queries) {
      const context = await browser.newContext()
      const page = await context.newPage()
      Object.assign(server, { link, bytes: 0, requests: 0, free: 0 })
      await page.goto(`${server.url}/search/?q=${encodeURIComponent(query)}`, { waitUntil: 'commit' })
      const ms = await (await page.waitForFunction(page_.ready, null, { polling: 5, timeout: 60_000 })).jsonValue()
      runs.push({ ms, bytes: server.bytes, requests: server.requests })
      if (!next.length) {
        await page.waitForTimeout(1500)
        for (const other of queries.slice(1)) next.push(await page.evaluate(page_.next, other))
      }
      await context.close()
    }
    console.log(JSON.stringify({
      name, papers: papers.length, speed, runs: runs.length, kB: Math.round(median(runs.map(r => r.bytes)) / 100) / 10,
      requests: median(runs.map(r => r.requests)), first_ms: Math.round(median(runs.map(r => r.ms))), next_ms: Math.round(median(next)),
    }))
  }
  await browser.close()
  server.close()
}

const queries = pairs(Number(values.runs))
await measure('sitegen', path.resolve(values.site), HERE, queries)
if (values.peer !== 'no') {
  const site = pagefind()
  await measure('pagefind', site, PAGEFIND, queries)
  fs.rmSync(site, { recursive: true })
}
process.exit()
