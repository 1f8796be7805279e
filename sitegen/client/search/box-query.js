// What people type into a search box. Nothing is an error here: what is no filter and no operator is a word.

import { STOP_WORDS, term, words } from './text.js'

const LONGEST = 2000 // characters of a query that are read
const MOST_WORDS = 64
const SENTENCE = 9 // words from which quotes, + and - are taken for punctuation: nobody types operators into a sentence
const FILTER = /^(topic|tag|author|venue|year):(?:"([^"]*)"?|(\S+))/i
const YEARS = /^(\d{4})?(\.\.)?(\d{4})?$/
// Parts of an address that say nothing of the paper.
const ADDRESS = new Set(['http', 'https', 'www', 'doi', 'dx', 'org', 'com', 'arxiv', 'abs', 'pdf', 'html'])
const isIdentifier = word => /^10\.\d{4,9}\/|^\d{4}\.\d{4,5}$|\/\d{7}$/.test(word)

/** Whether words() joined them because they are nothing but stop words. */
const isStops = said => said.length === 1 && said[0].endsWith('_') && !isIdentifier(said[0])

/**
 * @typedef {object} BoxWord
 * @property {string} word folded
 * @property {string} term of the index; '' for a stop word
 * @property {0 | 1 | -1} presence optional, required ("quoted" or +word) or prohibited (-word)
 * @property {boolean} identifier a DOI or arXiv id
 * @property {number} count how often it was typed
 * @property {boolean} partial perhaps typed by half: the last word, with no blank or quote behind it
 *
 * @typedef {object} BoxQuery
 * @property {BoxWord[]} words each once
 * @property {string[]} title the words as they stand, for comparison with whole titles
 * @property {{topic: string[], tag: string[], author: string[], venue: string[], year: [number, number][]}} filters
 */

/** [from, to] of year:2023, year:2023..2025, year:2023.. or year:..2023; undefined for anything else. */
function years(value) {
  const [, from, dots, to] = YEARS.exec(value) ?? []
  if (from && !dots && !to) return [Number(from), Number(from)]
  return dots && (from || to) ? [Number(from ?? 0), Number(to ?? 9999)] : undefined
}

/**
 * @param {string} typed
 * @param {boolean} [half] whether the last word may be half of one
 * @returns {BoxQuery}
 */
export function parseBox(typed, half = true) {
  const text = typed.slice(0, LONGEST)
  const filters = { topic: [], tag: [], author: [], venue: [], year: [] }
  const pieces = [] // {text, presence}
  let rest = text.trimStart()
  while (rest) {
    const filter = FILTER.exec(rest)
    const value = filter && (filter[2] ?? filter[3])
    const kind = filter?.[1].toLowerCase()
    const wanted = kind === 'year' ? years(value) : value?.trim()
    let used
    if (wanted && (kind === 'year' || words(String(wanted)).length)) {
      filters[kind].push(wanted)
      used = filter[0].length
    } else {
      const quoted = /^([+-]?)["“”]([^"“”]*)["“”]/.exec(rest)
      const plain = /^\S+/.exec(rest)[0]
      used = quoted ? quoted[0].length : plain.length
      const sign = quoted ? quoted[1] : /^[+-](?=[\p{L}\p{N}])/u.exec(plain)?.[0]
      const presence = sign === '-' ? (pieces.length ? -1 : 0) : quoted || sign === '+' ? 1 : 0
      pieces.push({ text: quoted ? quoted[2] : plain, presence, open: !quoted && used === rest.length })
    }
    rest = rest.slice(used).trimStart()
  }

  if (text.split(/\s+/).length >= SENTENCE) for (const piece of pieces) piece.presence = 0

  /** @type {Map<string, BoxWord>} */
  const found = new Map()
  const shown = words(
    pieces
      .filter(piece => piece.presence >= 0)
      .map(piece => piece.text)
      .join(' '),
  )
  // Stop words alone are one word (see text.js); in company they are left out one by one.
  if (isStops(shown)) {
    // While it is typed, a lone stop word may be the beginning of another word.
    const [word] = shown
    const partial = half && text.trimEnd() === text && word.indexOf('_') === word.length - 1
    found.set(word, {
      word: partial ? word.slice(0, -1) : word,
      term: term(word),
      presence: 0,
      identifier: false,
      partial,
      count: 1,
    })
  } else {
    for (const { text: piece, presence, open } of pieces) {
      let said = words(piece)
      if (isStops(said)) continue
      if (said.some(isIdentifier)) said = said.filter(isIdentifier)
      else if (/^(https?:\/\/|www\.)/i.test(piece)) said = said.filter(word => !ADDRESS.has(word))
      said.forEach((word, i) => {
        const last =
          half && open && i === said.length - 1 && /[\p{L}\p{N}\p{M}]$/u.test(piece) && text.trimEnd() === text
        if (STOP_WORDS.has(word)) return
        if (found.has(word)) found.get(word).count += 1
        else if (found.size < MOST_WORDS) {
          found.set(word, { word, term: term(word), presence, identifier: isIdentifier(word), partial: last, count: 1 })
        }
      })
    }
  }
  if (found.size && [...found.values()].some(w => w.identifier)) {
    for (const word of ADDRESS) if (found.get(word)?.presence === 0) found.delete(word)
  }
  return { words: [...found.values()], title: shown, filters }
}

// What may follow where a word breaks off. Half a word may be longer than the stem of the whole ("learni", "learn").
const ENDINGS =
  `s es ed ing ings ly er ers ion ions tion tions ation ations ization izations ational al als ally ity ities ive
ively iveness ment ments ness ful fulness ous ously ousness able ible ably ant ent ance ence ances ences ism isms ist ists ize
izes ized izing izer ate ates ated ating ator ators ic ical ically y ies e logy logies`.split(/\s+/)
const TAILS = [...new Set(ENDINGS.flatMap(end => Array.from(end, (_, i) => end.slice(i))))]

/**
 * Index terms that half a word may become although they do not begin with it.
 * @param {string} word folded
 */
export function stemsOfHalf(word) {
  return [...new Set(['', ...TAILS].map(tail => term(word + tail)))].filter(t => t && !t.startsWith(word))
}
