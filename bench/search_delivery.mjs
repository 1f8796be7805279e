// node bench/search_delivery.mjs --site DIR --papers FILE.jsonl --modules DIR [--runs N] [--peer no] [--http 2]
//
// What a search costs a reader, here and with Pagefind on the same papers: bytes and requests to ten results, and
// milliseconds to the first screen of results and to all ten, then the same for a next query, at full speed and at
// 1.6 Mbit/s with 150 ms a request. A next query is put in as a whole, or typed with six keys a second: then its time runs
// from the last key, and its bytes are all since the first. Each first search is a fresh browser profile that opens the
// search page with ?q=; the queries are the commonest pairs of neighbouring title words, which is the worst case for an
// index in pages.
//
// Pages come over HTTP/1.1, where a browser fetches six files at a time, or as static hosts have it, over HTTP/2 (which
// needs the command openssl, for a certificate).
//
// DIR/node_modules must hold playwright-core and pagefind (npm install playwright-core pagefind). CHROMIUM names the
// browser. Papers are JSON lines of {title, authors, abstract}. Prints one JSON line a measurement.

import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
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
    http: { type: 'string', default: '1' },
  },
})
const modules = path.resolve(values.modules, 'node_modules')
const { chromium } = createRequire(import.meta.url)(path.join(modules, 'playwright-core'))
const SLOW = { rate: 1.6e6 / 8, latency: 150 }
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const papers = fs
  .readFileSync(values.papers, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map(line => JSON.parse(line))
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
      if (before && before !== word && good(before) && good(word))
        found.set(`${before} ${word}`, (found.get(`${before} ${word}`) ?? 0) + 1)
    })
  }
  return [...found]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, wanted)
    .map(([pair]) => pair)
}

/** A server of the wanted version of HTTP, and what tells the browser to trust it. */
function listener(answer) {
  if (values.http !== '2') return { server: http.createServer(answer), trust: [] }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'certificate-'))
  const [key, cert] = ['key.pem', 'cert.pem'].map(name => path.join(folder, name))
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', cert],
    { stdio: 'ignore' },
  )
  const pair = { key: fs.readFileSync(key), cert: fs.readFileSync(cert) }
  fs.rmSync(folder, { recursive: true })
  // With any other way to accept it, Chromium caches nothing that comes over it.
  const known = createHash('sha256')
    .update(new X509Certificate(pair.cert).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
  return { server: http2.createSecureServer(pair, answer), trust: [`--ignore-certificate-errors-spki-list=${known}`] }
}

/** A static host: text types gzipped, all else as it is, cacheable; notes what it sends and when, and can be slow. */
async function serve(root) {
  const packed = new Map()
  const state = { link: null, sent: [], free: 0 }
  const wait = ms => new Promise(resolve => setTimeout(resolve, ms))
  const { server, trust } = listener(async (request, response) => {
    let file = path.join(root, decodeURIComponent(new URL(request.url, 'http://x').pathname))
    if (file.endsWith('/')) file += 'index.html'
    if (!file.startsWith(root) || !fs.existsSync(file)) return response.writeHead(404).end()
    const type = TYPES[path.extname(file)]
    if (!packed.has(file))
      packed.set(file, type ? zlib.gzipSync(fs.readFileSync(file), { level: 9 }) : fs.readFileSync(file))
    const body = packed.get(file)
    state.sent.push({ at: Date.now(), bytes: body.length })
    let gone = false
    response.on('close', () => {
      gone = true
    })
    if (state.link) await wait(state.link.latency)
    if (gone) return
    response.writeHead(200, {
      'content-type': type ?? 'application/octet-stream',
      'cache-control': 'max-age=3600',
      'content-length': body.length,
      ...(type && { 'content-encoding': 'gzip' }),
    })
    for (let at = 0; state.link && at < body.length; at += 8192) {
      const chunk = body.subarray(at, at + 8192)
      state.free = Math.max(state.free, performance.now()) + (chunk.length / state.link.rate) * 1000
      await wait(state.free - performance.now())
      if (gone) return
      response.write(chunk)
    }
    response.end(state.link ? undefined : body)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `${values.http === '2' ? 'https' : 'http'}://127.0.0.1:${server.address().port}`
  return Object.assign(state, { url, trust, close: () => server.close() })
}

const escapeHtml = text => text.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c])

/** Pagefind over one page a paper, and a page which lists ten titles. */
function pagefind() {
  const site = fs.mkdtempSync(path.join(os.tmpdir(), 'pagefind-'))
  fs.mkdirSync(`${site}/p`)
  for (const [i, paper] of papers.entries()) {
    fs.writeFileSync(
      `${site}/p/${i}.html`,
      `<!doctype html><html lang="en"><title>${escapeHtml(paper.title)}</title>
<body><main data-pagefind-body><h1>${escapeHtml(paper.title)}</h1><p>${escapeHtml(paper.authors.join(', '))}</p><p>${escapeHtml(paper.abstract)}</p></main></body></html>`,
    )
  }
  execFileSync(path.join(modules, '.bin', 'pagefind'), ['--site', site], { stdio: 'ignore' })
  fs.mkdirSync(`${site}/search`)
  fs.writeFileSync(
    `${site}/search/index.html`,
    `<!doctype html><meta charset="utf-8"><title>search</title><input name="q"><ol></ol><script type="module">
const pagefind = await import('/pagefind/pagefind.js')
const input = document.querySelector('input')
const list = document.querySelector('ol')
const show = async ({ results }, wanted = () => true) => {
  const shown = await Promise.all(results.slice(0, 10).map(r => r.data()))
  if (wanted()) list.replaceChildren(...shown.map(({ meta }) => Object.assign(document.createElement('li'), { textContent: meta.title })))
}
globalThis.find = async text => show(await pagefind.search(text))
input.addEventListener('input', async () => {
  const text = input.value
  const found = await pagefind.debouncedSearch(text)
  if (found) await show(found, () => input.value === text)
})
await globalThis.find(new URL(location).searchParams.get('q'))
globalThis.shown = { screen: performance.now(), all: performance.now() }
</script>`,
  )
  return site
}

// How each page tells when results of a query stand there: `open` runs before the page does, `next` and `watch` in it, and
// `globalThis.shown` is {screen, all}, milliseconds since the navigation, the query or the last key. A list that changes
// after the last key has answered the whole query: both drop what they were asked before.
const HERE = {
  open: () => {
    globalThis.watch = (list, from) =>
      new Promise(resolve => {
        let screen
        new MutationObserver((changes, observer) => {
          if (changes.some(({ addedNodes }) => addedNodes.length) && list.querySelector('[role="row"]'))
            screen ??= performance.now() - from
          if (!screen || list.hasAttribute('aria-busy')) return
          observer.disconnect()
          resolve({ screen, all: performance.now() - from })
        }).observe(list, { childList: true, attributes: true })
      })
    new MutationObserver(async (_, observer) => {
      const list = document.querySelector('[data-search-results]')
      if (!list) return
      observer.disconnect()
      globalThis.shown = await globalThis.watch(list, 0)
    }).observe(document, { childList: true, subtree: true })
  },
  next: text => {
    const input = document.querySelector('form[data-search] [name="q"]')
    const shown = globalThis.watch(document.querySelector('[data-search-results]'), performance.now())
    input.value = text
    input.form.requestSubmit()
    return shown
  },
  watch: pressed => globalThis.watch(document.querySelector('[data-search-results]'), pressed),
}
const PAGEFIND = {
  open: () => {},
  next: async text => {
    const from = performance.now()
    await globalThis.find(text)
    return { screen: performance.now() - from, all: performance.now() - from }
  },
  watch: pressed =>
    new Promise(resolve => {
      new MutationObserver((_, observer) => {
        observer.disconnect()
        const ms = performance.now() - pressed
        resolve({ screen: ms, all: ms })
      }).observe(document.querySelector('ol'), { childList: true })
    }),
}

const KEYS = 6 // a second

/** Types a query over what stands in the field, and what its results took since the last key. */
async function type(page, side, server, query) {
  await page.waitForTimeout(1500)
  await page.evaluate(`globalThis.since = ${side.watch}`)
  await page
    .locator('[name="q"]')
    .last()
    .evaluate((input, text) => {
      input.focus()
      input.select()
      let pressed
      input.addEventListener('keydown', event => {
        pressed = event.timeStamp
      })
      globalThis.shown = new Promise(resolve => {
        input.addEventListener('input', () => {
          if (input.value === text) resolve(globalThis.since(pressed))
        })
      })
    }, query)
  server.sent = []
  const start = performance.now()
  for (const [i, key] of [...query].entries()) {
    await new Promise(resolve => setTimeout(resolve, start + (i * 1000) / KEYS - performance.now()))
    await page.keyboard.press(key)
  }
  const shown = await page.evaluate(() => globalThis.shown)
  return { ...shown, ...spent(server, await page.evaluate(() => performance.timeOrigin + performance.now())) }
}

/** What was asked for before a time. */
function spent({ sent }, end) {
  const asked = sent.filter(({ at }) => at < end)
  return { requests: asked.length, bytes: asked.reduce((sum, { bytes }) => sum + bytes, 0) }
}

async function measure(name, root, side, queries) {
  const server = await serve(root)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...server.trust],
  })
  for (const [link, speed] of [
    [null, 'unthrottled'],
    [SLOW, 'slow'],
  ]) {
    const first = []
    const next = []
    const typed = []
    for (const query of queries) {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.addInitScript(side.open)
      Object.assign(server, { link, sent: [], free: 0 })
      await page.goto(`${server.url}/search/?q=${encodeURIComponent(query)}`, { waitUntil: 'commit' })
      const shown = await (await page.waitForFunction(() => globalThis.shown, null, { timeout: 60_000 })).jsonValue()
      first.push({ ...shown, ...spent(server, (await page.evaluate(() => performance.timeOrigin)) + shown.all) })
      const others = queries.filter(other => other !== query)
      if (!next.length) {
        await page.waitForTimeout(1500)
        for (const other of others) next.push(await page.evaluate(side.next, other))
      } else if (!typed.length) {
        for (const other of others) typed.push(await type(page, side, server, other))
      }
      await context.close()
    }
    const of = (runs, what) => Math.round(median(runs.map(run => run[what])))
    console.log(
      JSON.stringify({
        name,
        http: values.http,
        papers: papers.length,
        speed,
        runs: first.length,
        kB: of(first, 'bytes') / 1000,
        requests: of(first, 'requests'),
        screen_ms: of(first, 'screen'),
        all_ms: of(first, 'all'),
        next_screen_ms: of(next, 'screen'),
        next_all_ms: of(next, 'all'),
        typed_screen_ms: of(typed, 'screen'),
        typed_all_ms: of(typed, 'all'),
        typed_kB: of(typed, 'bytes') / 1000,
        typed_requests: of(typed, 'requests'),
      }),
    )
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
