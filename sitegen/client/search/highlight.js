// Where a text answers a query: pieces to show, hits among them marked. Pure.

import { segments } from './text.js'

/** @typedef {{text: string, hit: boolean}} Piece */

const BEFORE = 32 // characters of context in front of the first hit of a snippet

/** Where the window with the most different hits begins; the earliest of equally good ones. */
function bestStart(pieces, length) {
  let best = 0
  let most = -1
  let starts = 0
  pieces.forEach((first, i) => {
    const start = starts
    starts += first.text.length
    if (!first.hit) return
    const found = new Set()
    for (let j = i, end = start; j < pieces.length; j++) {
      end += pieces[j].text.length
      if (end - start > length - BEFORE) break
      if (pieces[j].hit) found.add(pieces[j].text.toLowerCase())
    }
    if (found.size > most) [best, most] = [start, found.size]
  })
  return best
}

/** The pieces between two places of the text. */
function cut(pieces, from, to) {
  const kept = []
  let at = 0
  for (const { text, hit } of pieces) {
    const part = text.slice(Math.max(0, from - at), Math.max(0, to - at))
    at += text.length
    if (part) kept.push({ text: part, hit })
  }
  return kept
}

/**
 * The stretch of a text that shows best why it was found, cut between words, with … where something is left out.
 * The dots stay on the line of the word beside them.
 * @param {string} text
 * @param {Set<string>} wanted index terms
 * @param {number} length characters, about
 * @returns {Piece[]}
 */
export function snippet(text, wanted, length) {
  const pieces = segments(text, wanted)
  if (text.length <= length) return pieces
  let from = Math.max(0, Math.min(bestStart(pieces, length) - BEFORE, text.length - length))
  if (from > 0) from = text.indexOf(' ', from) + 1 || from
  let to = Math.min(text.length, from + length)
  if (to < text.length) to = Math.max(text.lastIndexOf(' ', to), from + (length >> 1))
  const kept = cut(pieces, from, to)
  if (from > 0) kept.unshift({ text: '…\u00a0', hit: false })
  if (to < text.length) kept.push({ text: '\u00a0…', hit: false })
  return kept
}

/**
 * The authors to name: the first few, then those further down who were looked for, and how many remain.
 * @param {string[]} authors
 * @param {Set<string>} wanted index terms
 * @param {number} few
 * @returns {{shown: Piece[][], rest: number}}
 */
export function named(authors, wanted, few) {
  const shown = []
  authors.slice(0, 100).forEach((author, i) => {
    const pieces = segments(author, wanted)
    if (i < few || (shown.length < 2 * few && pieces.some(piece => piece.hit))) shown.push(pieces)
  })
  return { shown, rest: authors.length - shown.length }
}

/**
 * @typedef {{authors: number, snippet: number}} Measures how many authors are named at least, and how many characters a
 *   snippet has, about; none with 0
 * @typedef {{title: Piece[], authors: {shown: Piece[][], rest: number}, snippet: Piece[], venue: Piece[], topics: Piece[][],
 *   tags: Piece[][]}} Marks
 */

/**
 * What a card shows of itself when it answers a query.
 * @param {import('./search.js').Hit} card
 * @param {Set<string>} wanted index terms
 * @param {Measures} measures
 * @returns {Marks}
 */
export function marksOf(card, wanted, { authors, snippet: length }) {
  const labels = list => list.map(({ label }) => segments(label, wanted))
  return {
    title: segments(card.title, wanted),
    authors: named(card.authors, wanted, authors),
    snippet: length ? snippet(card.summary, wanted, length) : [],
    venue: segments(card.venue, wanted),
    topics: labels(card.topics),
    tags: labels(card.tags),
  }
}
