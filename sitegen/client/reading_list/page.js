// The page of the reading list: shows it, marks papers as read, writes and reads files, shares by address.

import { citation } from '../citations.js'
import { words as wordsOf } from '../search/text.js'
import { translator } from '../ui/i18n.js'
import { bookmarkButton, paperOf, root, store } from './bookmark.js'
import { added, marked, sharedUrls, shareHash } from './list.js'
import { bibliography, parseFile } from './reference-files.js'

const AT_ONCE = 6 // requests at a time
const FILES = {
  bibtex: ['papers.bib', 'application/x-bibtex'],
  ris: ['papers.ris', 'application/x-research-info-systems'],
  csl: ['papers.json', 'application/json'],
}

/** @type {HTMLElement | null} */
const page = document.querySelector('[data-reading-page]')
if (page && store) start(page)

/** `make` of each value, a few at a time, in order. */
async function each(values, make) {
  const made = []
  for (let i = 0; i < values.length; i += AT_ONCE)
    made.push(...(await Promise.all(values.slice(i, i + AT_ONCE).map(make))))
  return made
}

/** A paper's page as a document, or null when it is not there. */
async function paperPage(url) {
  const response = await fetch(new URL(url, root))
  if (response.status === 404) return null
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return new DOMParser().parseFromString(await response.text(), 'text/html')
}

/** What the page of a shared paper says of it. */
async function shared(url) {
  const found = await paperPage(url)
  const article = found?.querySelector('article')
  return article ? paperOf(article, url) : null
}

/** @param {HTMLElement} page */
function start(page) {
  /** @type {(name: string) => any} a theme is free in its elements */
  const part = name => page.querySelector(`[data-list-${name}]`)
  const [list, status, empty, tools, others, template, file, share] = [
    'papers',
    'status',
    'empty',
    'tools',
    'shared',
    'entry',
    'file',
    'share',
  ].map(part)
  const i18n = translator(JSON.parse(page.dataset.listWords), document.documentElement.lang)
  const say = (key, values) => {
    status.textContent = i18n.translate(key, values)
  }

  function entryOf(paper, readable) {
    const entry = template.content.firstElementChild.cloneNode(true)
    const title = entry.querySelector('[data-title]')
    title.textContent = paper.title
    title.href = new URL(paper.url, root).href
    for (const [name, value] of [
      ['authors', paper.authors],
      ['date', paper.date && i18n.date(paper.date)],
    ]) {
      const place = entry.querySelector(`[data-${name}]`)
      if (value) place.textContent = value
      else place.remove()
    }
    const box = entry.querySelector('[data-read]')
    if (readable) box.addEventListener('change', () => store.change(papers => marked(papers, paper.url, box.checked)))
    else box.closest('label').remove()
    entry.append(bookmarkButton(paper.url, () => paper, paper.title))
    return entry
  }

  /** Papers that were taken off stay on the page until it is left, so that one can put them back. */
  let present = store.read()
  function show(papers) {
    const now = new Map(papers.map(paper => [paper.url, paper]))
    present = added(
      present.map(paper => now.get(paper.url) ?? paper),
      papers,
    )
    // Entries that are there stay there, and keep the focus.
    if (list.childElementCount !== present.length) list.replaceChildren(...present.map(paper => entryOf(paper, true)))
    present.forEach(({ read }, i) => {
      list.children[i].querySelector('[data-read]').checked = read
      list.children[i].classList.toggle('is-read', read)
    })
    empty.hidden = present.length > 0
    tools.hidden = !papers.length
    share.href = shareHash(papers)
  }

  async function write(format) {
    const papers = store.read()
    say('list_working')
    try {
      const pages = await each(papers, paper => paperPage(paper.url))
      const citations = papers.map((paper, i) => ({ paper, text: pages[i] ? citation(pages[i], format) : '' }))
      const known = citations.filter(({ text }) => text)
      const [name, type] = FILES[format]
      save(name, new Blob([bibliography(format, known)], { type }))
      status.textContent = i18n.count('list_written', known.length, { file: name })
      if (known.length < papers.length)
        status.textContent += ` ${i18n.count('list_gone', papers.length - known.length)}`
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
  async function find(engine, { title, doi, url, read }) {
    if (url) {
      const paper = await shared(url)
      return paper && { ...paper, read }
    }
    const said = wordsOf(title).join(' ')
    for (const query of [title, doi].filter(Boolean)) {
      const { hits, notice, total } = await engine.query(query.slice(0, 400), { limit: 3 })
      const hit =
        hits.find(h => wordsOf(h.title).join(' ') === said) ??
        (query === doi && !notice && total === 1 ? hits[0] : null)
      if (hit)
        return { url: hit.url, title: hit.title, authors: hit.authors.slice(0, 3).join(', '), date: hit.date, read }
    }
    return null
  }

  async function read(chosen) {
    say('list_working')
    try {
      const wanted = parseFile(await chosen.text())
      const { lazyClient } = await import('../search/lazy-client.js')
      const engine = lazyClient(root.href)
      const found = (await each(wanted, entry => find(engine, entry))).filter(Boolean)
      const before = store.read().length
      const after = store.change(papers => added(papers, found)).length
      status.textContent = i18n.translate('list_read', {
        found: i18n.count('papers', found.length),
        new: i18n.number(after - before),
        all: i18n.number(wanted.length),
      })
    } catch {
      say('list_failed')
    }
  }

  async function showShared() {
    const urls = sharedUrls(location.hash)
    others.hidden = !urls.length
    if (!urls.length) return
    const papers = (await each(urls, url => shared(url).catch(() => null))).filter(Boolean)
    others.querySelector('h2').textContent = i18n.count('list_shared', papers.length)
    others.querySelector('ul').replaceChildren(...papers.map(paper => entryOf(paper, false)))
    const all = others.querySelector('[data-list-add]')
    all.hidden = !papers.length
    all.onclick = () => store.change(list => added(list, papers))
  }

  tools.addEventListener('click', event => {
    const format = event.target.closest('[data-export]')?.dataset.export
    if (format) write(format)
  })
  share.addEventListener('click', async event => {
    event.preventDefault()
    try {
      await navigator.clipboard.writeText(share.href)
      say('list_copied')
    } catch {
      location.hash = new URL(share.href).hash
    }
  })
  file.addEventListener('change', async () => {
    if (file.files[0]) await read(file.files[0])
    file.value = ''
  })
  addEventListener('hashchange', showShared)
  store.watch(show)
  show(present)
  showShared()
}
