// The page of the reading list: shows it, marks and notes papers, writes and reads files, shares by address, suggests more.

import { citation } from '../citations.js'
import { words as wordsOf } from '../search/text.js'
import { translator } from '../ui/i18n.js'
import { bookmarkButton, root, store, today } from './bookmark.js'
import { entryOf, refresh } from './entry.js'
import { added, arranged, kept, merged, sharedUrls, shareHash } from './list.js'
import { each, nearOn, paperAt, paperPage } from './paper-pages.js'
import { bibliography, markdown, parseFile } from './reference-files.js'
import { suggestions } from './suggestions.js'
import { transferHash, transferred } from './transfer.js'

const FILES = {
  bibtex: ['papers.bib', 'application/x-bibtex'],
  ris: ['papers.ris', 'application/x-research-info-systems'],
  csl: ['papers.json', 'application/json'],
  markdown: ['papers.md', 'text/markdown'],
}
const LOOKED_AT = 8 // pages of the newest papers on the list that suggestions come from, some 8 kB each
const SUGGESTED = 10

/** @type {HTMLElement | null} */
const page = document.querySelector('[data-reading-page]')
if (page && store) start(page)

/** @param {HTMLElement} page */
function start(page) {
  /** @type {(name: string) => any} a theme is free in its elements */
  const part = name => page.querySelector(`[data-list-${name}]`)
  const list = part('papers')
  const status = part('status')
  const others = part('shared')
  const template = part('entry')
  const controls = part('controls')
  const suggest = part('suggest')
  const i18n = translator(JSON.parse(page.dataset.listWords), document.documentElement.lang)
  const say = (key, values) => {
    status.textContent = i18n.translate(key, values)
  }

  /** Papers that were taken off stay on the page until it is left, so that one can put them back. */
  let present = store.read()
  const entries = new Map() // by url; they stay, and keep the focus

  function show(papers) {
    const now = new Map(papers.map(paper => [paper.url, paper]))
    present = added(
      present.map(paper => now.get(paper.url) ?? paper),
      papers,
    )
    const { find, read, name, sort } = controls.elements
    nameLists(name, papers)
    const shown = arranged(present, { find: find.value, show: read.value, list: name.value, sort: sort.value })
    for (const paper of shown) {
      if (!entries.has(paper.url)) entries.set(paper.url, entryOf(template, paper, i18n, true))
      refresh(entries.get(paper.url), paper)
    }
    const wanted = shown.map(({ url }) => entries.get(url))
    const stands = [...list.children]
    if (stands.length !== wanted.length || stands.some((entry, i) => entry !== wanted[i]))
      list.replaceChildren(...wanted)
    part('empty').hidden = present.length > 0
    part('none').hidden = !present.length || shown.length > 0
    controls.hidden = !present.length
    suggest.hidden = !papers.length
    part('tools').hidden = !papers.length
    part('share').href = shareHash(papers)
  }

  /** Offers the names of all lists to choose from, and to those who write them. */
  function nameLists(select, papers) {
    const names = [...new Set(papers.flatMap(paper => paper.lists))].sort()
    const option = name => Object.assign(document.createElement('option'), { value: name, textContent: name })
    const chosen = select.value
    select.replaceChildren(select.options[0], ...names.map(option))
    select.value = names.includes(chosen) ? chosen : ''
    select.closest('label').hidden = !names.length
    part('names').replaceChildren(...names.map(option))
  }

  /** The papers that the page shows, as files are written of them. */
  const chosen = () => {
    const now = new Set(store.read().map(({ url }) => url))
    const { find, read, name, sort } = controls.elements
    const how = { find: find.value, show: read.value, list: name.value, sort: sort.value }
    return arranged(present, how).filter(({ url }) => now.has(url))
  }

  async function write(format) {
    const papers = chosen()
    const [name, type] = FILES[format]
    say('list_working')
    try {
      let known = papers
      if (format === 'markdown') save(name, new Blob([markdown(papers, root)], { type }))
      else {
        const pages = await each(papers, paper => paperPage(paper.url))
        const citations = papers.map((paper, i) => ({ paper, text: pages[i] ? citation(pages[i], format) : '' }))
        const written = citations.filter(({ text }) => text)
        known = written.map(({ paper }) => paper)
        save(name, new Blob([bibliography(format, written)], { type }))
      }
      status.textContent = i18n.count('list_written', known.length, { file: name })
      const gone = papers.length - known.length
      if (gone) status.textContent += ` ${i18n.count('list_gone', gone)}`
    } catch {
      say('list_failed')
    }
  }

  function save(name, blob) {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  /** Finds what a file names: by address when it comes from this site, else by title and DOI through the search. */
  async function find(engine, { title, doi, url, own }) {
    if (url) {
      const paper = await paperAt(url)
      return paper && { ...paper, ...own }
    }
    const said = wordsOf(title).join(' ')
    for (const query of [title, doi].filter(Boolean)) {
      const { hits, notice, total } = await engine.query(query.slice(0, 400), { limit: 3 })
      const hit =
        hits.find(h => wordsOf(h.title).join(' ') === said) ??
        (query === doi && !notice && total === 1 ? hits[0] : null)
      if (hit) return kept({ ...hit, authors: hit.authors.slice(0, 3).join(', '), ...own })
    }
    return null
  }

  async function read(file) {
    say('list_working')
    try {
      const wanted = parseFile(await file.text())
      const { lazyClient } = await import('../search/lazy-client.js')
      const engine = lazyClient(root.href)
      const found = (await each(wanted, entry => find(engine, entry))).filter(Boolean)
      const before = store.read().length
      const after = store.change(papers => merged(papers, found)).length
      status.textContent = i18n.translate('list_read', {
        found: i18n.count('papers', found.length),
        new: i18n.number(after - before),
        all: i18n.number(wanted.length),
      })
    } catch {
      say('list_failed')
    }
  }

  /** Shows the papers of an address, which are added only when the reader says so. */
  async function showShared() {
    const urls = sharedUrls(location.hash)
    const whole = await transferred(location.hash)
    others.hidden = !urls.length && !whole
    if (others.hidden) return
    const papers = whole ?? (await each(urls, url => paperAt(url).catch(() => null))).filter(Boolean)
    others.querySelector('h2').textContent = i18n.count('list_shared', papers.length)
    others.querySelector('ul').replaceChildren(...papers.map(paper => entryOf(template, paper, i18n, false)))
    const all = others.querySelector('[data-list-add]')
    all.hidden = !papers.length
    all.onclick = () => store.change(mine => merged(mine, papers))
  }

  async function copy(hash, done) {
    const address = new URL(hash, location.href.replace(/#.*/, ''))
    try {
      await navigator.clipboard.writeText(address.href)
      say(done)
    } catch {
      location.hash = address.hash
    }
  }

  async function showSuggestions() {
    const papers = store.read()
    const place = suggest.querySelector('ul')
    const pages = await each(papers.slice(0, LOOKED_AT), async ({ url, title }) => {
      const document = await paperPage(url).catch(() => null)
      return { title, near: document ? nearOn(document, url) : [] }
    })
    const found = suggestions(pages, new Set(papers.map(({ url }) => url)), SUGGESTED)
    place.replaceChildren(
      ...found.map(paper => {
        const item = suggest.querySelector('template').content.firstElementChild.cloneNode(true)
        const link = item.querySelector('[data-title]')
        link.textContent = paper.title
        link.href = new URL(paper.url, root).href
        const because = i18n.translate('list_because', { titles: paper.because.map(title => `“${title}”`).join(', ') })
        item.querySelector('[data-why]').textContent = [because, paper.why].filter(Boolean).join(' · ')
        item.append(bookmarkButton(paper.url, () => kept({ ...paper, added: today() }), paper.title))
        return item
      }),
    )
    suggest.querySelector('[data-none]').hidden = found.length > 0
  }

  part('tools').addEventListener('click', event => {
    const format = event.target.closest('[data-export]')?.dataset.export
    if (format) write(format)
  })
  part('share').addEventListener('click', event => {
    event.preventDefault()
    copy(shareHash(store.read()), 'list_copied')
  })
  part('transfer').addEventListener('click', async () => copy(await transferHash(store.read()), 'list_moved'))
  const file = part('file')
  file.addEventListener('change', async () => {
    if (file.files[0]) await read(file.files[0])
    file.value = ''
  })
  controls.addEventListener('submit', event => event.preventDefault())
  controls.addEventListener('input', () => show(store.read()))
  suggest.addEventListener('toggle', () => {
    if (suggest.open) showSuggestions()
  })
  addEventListener('hashchange', showShared)
  store.watch(show)
  part('blocked').hidden = store.lasts()
  show(present)
  showShared()
}
