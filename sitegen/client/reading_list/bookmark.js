// A bookmark of a paper: a button which keeps it on the reading list. The link to the list (`data-reading-list` in the
// theme) brings the words; where there is none there are no buttons.

import { added, PAPER, removed } from './list.js'
import { openStore } from './store.js'

/** @type {HTMLAnchorElement | null} */
const link = document.querySelector('a[data-reading-list]')
const LIST = '[data-entry]' // a paper on a list: its first link is its title

/** The root of the site and its list; null where the site has no reading list. */
export const root = link && new URL('../', link.href)
export const store = link && openStore(root)

const textOf = (element, selector) => element.querySelector(selector)?.textContent.trim().replace(/\s+/g, ' ') ?? ''

/** The first authors of a paper's own page. */
const authorsOf = element =>
  [...element.querySelectorAll('header .authors > li')]
    .slice(0, 3)
    .map(li => (li.querySelector('a') ?? li).textContent.trim())
    .join(', ')

/** Today as the reader's calendar has it. */
export function today() {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

const PDF = /\.pdf$|[/]pdf[/]/

/** Where the paper itself can be read, as its page or list entry says. */
function pdfOf(element) {
  const links = [...element.querySelectorAll('a[rel~="external"]')].map(link => link.href)
  return links.find(href => PDF.test(href)) ?? links.find(href => href.includes('arxiv.org/')) ?? ''
}

/** What a list or a page shows of a paper. */
export function paperOf(element, url) {
  return {
    url,
    title: textOf(element, 'h1, h2 a, h3 a, h4 a'),
    authors: textOf(element, 'p.authors') || authorsOf(element),
    date: element.querySelector('time')?.dateTime ?? '',
    read: false,
    note: '',
    added: today(),
    lists: [],
    pdf: pdfOf(element),
  }
}

/**
 * Makes a button tell whether its paper is on the list. */
export function show(button, papers) {
  const on = papers.some(paper => paper.url === button.dataset.url)
  button.setAttribute('aria-pressed', String(on))
  const label = button.querySelector('[data-label]')
  if (label) label.textContent = on ? link.dataset.kept : link.dataset.keep
}

/**
 * The bookmark button of a paper.
 * @param {string} url relative to the root
 * @param {() => import('./list.js').Kept} paper what to keep
 * @param {string} name of the paper, for a button without words beside it; else ''
 */
export function bookmarkButton(url, paper, name) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'bookmark'
  button.dataset.url = url
  if (name) button.setAttribute('aria-label', `${link.dataset.keep}: ${name}`)
  else {
    const label = document.createElement('span')
    label.dataset.label = ''
    button.append(label)
  }
  button.addEventListener('click', () => {
    store.change(papers => (papers.some(kept => kept.url === url) ? removed(papers, url) : added(papers, [paper()])))
  })
  show(button, store.read())
  return button
}

/** Gives every paper below an element its button. */
export function addBookmarks(element) {
  if (!store) return
  for (const entry of element.querySelectorAll(LIST)) {
    const title = entry.querySelector('h2 a, h3 a, h4 a')
    const url = title?.href.startsWith(root.href) ? title.href.slice(root.href.length) : ''
    if (!PAPER.test(url) || entry.querySelector('.bookmark')) continue
    const place = entry.querySelector('[role="gridcell"]') ?? entry
    place.append(bookmarkButton(url, () => paperOf(entry, url), title.textContent.trim()))
  }
}
