// What people type into a search box: docs/search-language.md. Nothing is an error here: what is no filter and no
// operator is a word.

import { STOP_WORDS, term, words } from './text.js'

const LONGEST = 2000 // characters of a query that are read
const MOST_WORDS = 64
const SENTENCE = 9 // words from which operators are taken for punctuation: nobody types them into a sentence
const MOST_EDITS = 2
const MOST_BOOST = 100
const FILTER = /^(topic|tag|author|venue|year):(?:"([^"]*)"?|(\S+))/i
const QUOTED = /^([+-]?)(?:(title|abstract):)?["“”]([^"“”]*)["“”](?:\^([0-9]+(?:\.[0-9]+)?))?/i
const FIELD = /^(title|abstract):(?=\S)/i
const OPERATORS = /(\*)?(?:~([0-9]))?(?:\^([0-9]+(?:\.[0-9]+)?))?$/
const YEARS = /^([0-9]{4})?(\.\.|-)?([0-9]{4})?$/
const YEARS_FROM = /^([<>])(=?)([0-9]{4})$/
// Parts of an address that say nothing of the paper.
const ADDRESS = new Set(['http', 'https', 'www', 'doi', 'dx', 'org', 'com', 'arxiv', 'abs', 'pdf', 'html'])
const isIdentifier = word =>
  /^10\.\d{4,9}\/|^\d{4}\.\d{4,5}$|\/\d{7}$|^\d{4}\.[a-z0-9]+_[a-z0-9]+\.\d+$|^[a-z]\d{2}_\d{4}$/.test(word)

/** Whether words() joined them because they are nothing but stop words. */
const isStops = said => said.length === 1 && said[0].endsWith('_') && !isIdentifier(said[0])

/**
 * @typedef {object} BoxWord
 * @property {string} word folded
 * @property {string} term of the index; '' for a stop word
 * @property {0 | 1 | -1} presence optional, required ("quoted" or +word) or prohibited (-word)
 * @property {boolean} identifier a DOI or arXiv id
 * @property {number} weight how often it was typed, and its ^boost
 * @property {boolean} open perhaps the beginning of a word: the last one, with no blank or quote behind it
 * @property {boolean} prefix word*
 * @property {number} edits word~1
 * @property {string} field the only one to look into; '' for all
 * @property {number} together the number of the prohibited phrase that it is part of; 0 where it is prohibited by itself
 *
 * @typedef {{words: string[], field: string}} Phrase at least two folded words in their order
 *
 * @typedef {object} BoxQuery
 * @property {BoxWord[]} words each once
 * @property {string[]} title the words as they stand, for comparison with whole titles
 * @property {Phrase[]} phrases
 * @property {{topic: string[], tag: string[], author: string[], venue: string[], year: [number, number][]}} filters
 */

/**
 * [from, to] of 2023, 2023..2025, 2023-2025, 2023.., ..2023, >2023, >=2023, <2023 or <=2023; undefined for anything else.
 * @returns {[number, number] | undefined}
 */
function years(value) {
  const [, sign, orEqual, year] = YEARS_FROM.exec(value) ?? []
  if (sign === '>') return [Number(year) + (orEqual ? 0 : 1), 9999]
  if (sign) return [0, Number(year) - (orEqual ? 0 : 1)]
  const [, from, dots, to] = YEARS.exec(value) ?? []
  if (from && !dots && !to) return [Number(from), Number(from)]
  if (dots === '-' && !(from && to)) return undefined
  return dots && (from || to) ? [Number(from ?? 0), Number(to ?? 9999)] : undefined
}

/** What one piece between blanks asks for; in a sentence it is nothing but words. */
function plainPiece(text, sentence) {
  const plain = { text, presence: 0, field: '', prefix: false, edits: 0, boost: 1, quoted: false }
  if (sentence) return plain
  const sign = /^[+-](?=[\p{L}\p{N}])/u.exec(text)?.[0] ?? ''
  const field = FIELD.exec(text.slice(sign.length))?.[1].toLowerCase() ?? ''
  const said = text.slice(sign.length + (field && field.length + 1))
  const [ending, star, edits, boost] = OPERATORS.exec(said)
  const body = said.slice(0, said.length - ending.length)
  if (!/[\p{L}\p{N}]/u.test(body)) return plain
  return {
    ...plain,
    text: body,
    presence: sign === '-' ? -1 : sign ? 1 : 0,
    field,
    prefix: Boolean(star),
    edits: Math.min(Number(edits ?? 0), MOST_EDITS),
    boost: Math.min(Number(boost ?? 1), MOST_BOOST),
  }
}

/** The filters of what was typed, and all else in pieces. */
function pieces(text) {
  const filters = { topic: [], tag: [], author: [], venue: [], year: [] }
  const found = []
  const sentence = text.trim().split(/\s+/).length >= SENTENCE
  let rest = text.trimStart()
  while (rest) {
    const filter = FILTER.exec(rest)
    const value = filter && (filter[2] ?? filter[3])
    const kind = filter?.[1].toLowerCase()
    const wanted = kind === 'year' ? years(value) : value?.trim()
    const quoted = QUOTED.exec(rest)
    let used
    if (wanted && (kind === 'year' || words(String(wanted)).length)) {
      filters[kind].push(wanted)
      used = filter[0].length
    } else if (quoted) {
      const [all, sign, field, said, boost] = quoted
      const presence = sentence ? 0 : sign === '-' ? -1 : 1
      found.push({
        ...plainPiece(said, true),
        presence,
        field: field?.toLowerCase() ?? '',
        boost: Math.min(Number(boost ?? 1), MOST_BOOST),
        quoted: true,
      })
      used = all.length
    } else {
      const plain = /^\S+/.exec(rest)[0]
      used = plain.length
      found.push({ ...plainPiece(plain, sentence), last: used === rest.length })
    }
    rest = rest.slice(used).trimStart()
  }
  // With nothing to take them from, words that must not be there are looked for.
  const isAny = found.some(piece => piece.presence >= 0) || Object.values(filters).some(values => values.length)
  if (!isAny) for (const piece of found) piece.presence = 0
  return { filters, found, sentence }
}

/**
 * @param {string} typed
 * @returns {BoxQuery}
 */
export function parseBox(typed) {
  const text = typed.slice(0, LONGEST)
  const { filters, found: all, sentence } = pieces(text)
  const unfinished = text.trimEnd() === text
  const shown = words(
    all
      .filter(piece => piece.presence >= 0)
      .map(piece => piece.text)
      .join(' '),
  )
  /** @type {Omit<BoxWord, 'word' | 'term'>} */
  const plain = {
    presence: 0,
    identifier: false,
    weight: 1,
    open: false,
    prefix: false,
    edits: 0,
    field: '',
    together: 0,
  }
  // Stop words alone are one word (see text.js); in company they are left out one by one.
  if (isStops(shown)) {
    // A lone stop word may be the beginning of another word.
    const [word] = shown
    const open = unfinished && word.indexOf('_') === word.length - 1
    return {
      words: [{ ...plain, word: open ? word.slice(0, -1) : word, term: term(word), open }],
      title: shown,
      phrases: [],
      filters,
    }
  }
  /** @type {Map<string, BoxWord>} */
  const found = new Map()
  const phrases = []
  all.forEach((piece, number) => {
    let said = words(piece.text)
    if (isStops(said)) return
    if (said.some(isIdentifier)) said = said.filter(isIdentifier)
    else if (/^(https?:\/\/|www\.)/i.test(piece.text)) said = said.filter(word => !ADDRESS.has(word))
    const isPhrase = piece.quoted && !sentence && said.length > 1
    if (isPhrase && piece.presence > 0) phrases.push({ words: said, field: piece.field })
    said.forEach((word, i) => {
      if (STOP_WORDS.has(word)) return
      const key = `${piece.field}:${word}`
      if (found.has(key)) found.get(key).weight += piece.boost
      else if (found.size < MOST_WORDS) {
        const isLast = i === said.length - 1
        found.set(key, {
          word,
          term: term(word),
          presence: piece.presence,
          identifier: isIdentifier(word),
          weight: piece.boost,
          open: Boolean(piece.last) && unfinished && isLast && /[\p{L}\p{N}\p{M}]$/u.test(text),
          prefix: piece.prefix && isLast,
          edits: piece.edits,
          field: piece.field,
          together: isPhrase && piece.presence < 0 ? number : 0,
        })
      }
    })
  })
  if ([...found.values()].some(word => word.identifier)) {
    for (const word of ADDRESS) if (found.get(`:${word}`)?.presence === 0) found.delete(`:${word}`)
  }
  return { words: [...found.values()], title: shown, phrases, filters }
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
