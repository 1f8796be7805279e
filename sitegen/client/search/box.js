// Answers what people type: words in any order, filters, half words, typing errors, whole titles, DOIs.

import { parseBox } from './box-query.js'
import { best, exactFactor, maybeTitled, plainScores, scoreAll, titled, withNeighbours } from './rank.js'
import { term, words } from './text.js'
import { MOST_PARTIAL, wordsToComplete } from './top-k-bounds.js'
import { groupOf } from './word-entries.js'

// Papers that are put in order once more by what their cards say: no more than the first screen, which waits for these anyway.
const CANDIDATES = 6
const PHRASE_CANDIDATES = 40 // papers, in order, in which phrases are looked for

/** The papers that a list of filters of one kind admits: any of them will do. */
async function admitted(pages, kind, values) {
  const set = new Uint8Array(pages.documents)
  if (kind === 'year') {
    const { years } = pages.manifest
    years.forEach(([year, first], i) => {
      if (values.some(([from, to]) => from <= year && year <= to))
        set.fill(1, first, years[i + 1]?.[1] ?? pages.documents)
    })
    return set
  }
  const part = kind === 'author' ? undefined : await pages.part(`${kind}s`)
  const field = pages.fields.indexOf(`${kind}${kind === 'venue' ? '' : 's'}`)
  for (const value of values) {
    const said = words(value).join(' ')
    const at =
      part?.labels.flatMap(({ label, slug }, i) => (slug === value || words(label).join(' ') === said ? [i] : [])) ?? []
    for (const i of at) for (const d of part.documents[i]) set[d] = 1
    if (at.length || field < 0) continue
    const rows = await Promise.all(
      words(value)
        .map(term)
        .filter(Boolean)
        .map(async t => (await pages.entry(t))?.rows[field]),
    )
    if (!rows.length || rows.some(row => !row)) continue
    const sets = rows.map(row => new Set(row.documents))
    for (const d of sets[0]) if (sets.every(other => other.has(d))) set[d] = 1
  }
  return set
}

const KINDS = ['topic', 'tag', 'author', 'venue', 'year']

/** What is typed and what is chosen beside it, together. */
function filtersOf(query, given = {}) {
  const all = {}
  for (const kind of KINDS) {
    const chosen = given[kind] ?? []
    const extra = kind === 'year' && typeof chosen[0] === 'number' ? [chosen] : chosen
    const values = [...query.filters[kind], ...extra]
    if (values.length) all[kind] = values
  }
  return all
}

/** How often the typed words have each term. */
function termCounts(query) {
  const counts = new Map()
  for (const t of query.title.map(term)) if (t) counts.set(t, (counts.get(t) ?? 0) + 1)
  return counts
}

/** Whether only the first layer of a word's postings was read. */
const isPartial = ({ exact }) => exact?.bound !== undefined

const entriesOf = groups => new Map(groups.map(g => [g.exact?.term, g.exact]))

/**
 * Scores from as few postings as make the first `count` papers certain, and all whose whole title was typed.
 * @param {import('./pages.js').Pages} pages
 * @param {import('./box-query.js').BoxQuery} query
 * @param {import('./rank.js').Group[]} groups whose entries are replaced by whole ones where that is needed
 * @param {(document: number) => boolean} admitted
 * @param {number} count
 */
async function scoresFor(pages, query, groups, admitted, count) {
  const { model } = pages
  const counts = termCounts(query)
  for (;;) {
    const scored = scoreAll(groups, model, query.title.length)
    const words = groups.filter(isPartial).map(group => {
      const rarity = scored.rarities.get(group)
      return { group, rows: group.exact.rows, bound: rarity * group.exact.bound, rarity }
    })
    const same = maybeTitled(counts, entriesOf(groups), model.fields.indexOf('title'))
    const needed = same ? wordsToComplete(words, scored, d => !scored.barred[d] && admitted(d), count, same) : words
    if (!needed.length) return scored
    await Promise.all(
      needed.map(async ({ group }) => {
        group.exact = await pages.whole(group.exact)
      }),
    )
  }
}

/**
 * The papers that answer, before they are put in order.
 * @param {import('./pages.js').Pages} pages
 * @param {string} typed
 * @param {object} [given] filters chosen beside the text
 * @param {number} [count] how many of the best must be certain; of the others some may be left out
 * @param {import('./debounce.js').Debounce} [wait] of a query that is still being typed
 */
export async function matching(pages, typed, given, count = Infinity, wait = undefined) {
  const query = parseBox(typed)
  const whole =
    count === Infinity ||
    query.words.some(word => word.identifier) ||
    query.words.filter(word => pages.isFrequent(word.term)).length > MOST_PARTIAL
  const [groups, ...sets] = await Promise.all([
    Promise.all(query.words.map(word => groupOf(pages, word, whole, wait))),
    ...Object.entries(filtersOf(query, given)).map(async ([kind, values]) => [
      kind,
      await admitted(pages, kind, values),
    ]),
  ])
  const inAll = (d, but) => sets.every(([kind, set]) => kind === but || set[d])
  const scored = await scoresFor(pages, query, groups, inAll, count)
  const words = groups.some(g => g.presence >= 0)
  // What holds no word at all, like "?!", is no question; an empty box asks for everything.
  const nothing = typed.trim() !== '' && !groups.length && !sets.length
  /** Documents that answer, optionally without the filters of one kind. */
  const documents = but => {
    const listed = []
    for (let d = 0; d < pages.documents; d++) {
      if ((words ? scored.had[d] : !nothing) && !scored.barred[d] && inAll(d, but)) listed.push(d)
    }
    return Uint32Array.from(listed)
  }
  return { query, groups, sets, words, scored, documents, counted: !groups.some(isPartial) }
}

/** Which papers stand before all others: those whose identifier or whole title was typed. */
async function known(pages, { query, groups }, wait) {
  const first = new Map()
  const identifiers = pages.fields.indexOf('identifiers')
  query.words.forEach((word, i) => {
    if (word.identifier) for (const d of groups[i].exact?.rows[identifiers]?.documents ?? []) first.set(d, 2)
  })
  const counts = termCounts(query)
  const same = titled(counts, entriesOf(groups), pages.fields.indexOf('title'))
  const said = query.title.join(' ')
  await Promise.all(
    [...same].slice(0, 8).map(async d => {
      const written = words((await pages.card(d, wait?.short)).title).join(' ')
      first.set(d, Math.max(first.get(d) ?? 0, written === said ? 1 : 0.5))
    }),
  )
  return first
}

/**
 * The scores by which papers that answer are ordered: with what they get from their neighbours, where these are one file of all
 * papers those of all, where they are on the cards those of the first screen.
 */
async function scoresOf(pages, found, sort, wait) {
  const each = pages.manifest.neighbours
  if (!each || sort !== 'relevance') return plainScores(found.scored)
  const all = await pages.part('near')
  if (all) return withNeighbours(found.scored, d => all.subarray(d * each, d * each + each), each)
  const first = best(found.documents(), plainScores(found.scored), CANDIDATES)
  const cards = await Promise.all(first.map(async d => (await pages.card(d, wait?.short)).near ?? []))
  // Of others than these not all postings may have been read.
  const near = new Map(first.map((d, i) => [d, cards[i].filter(n => first.includes(n))]))
  return withNeighbours(found.scored, d => near.get(d), each, first)
}

/** Papers in order, the first screen of them by the words that stand in their titles just as they were typed. */
async function byExactWords(pages, query, order, scores, wait) {
  const typed = [...new Set(query.title)].filter(word => term(word))
  const first = order.slice(0, CANDIDATES)
  if (first.length < 2) return order
  await Promise.all(
    first.map(async d => {
      scores[d] *= exactFactor(typed, new Set(words((await pages.card(d, wait?.short)).title)))
    }),
  )
  return [...best(Uint32Array.from(first), scores, first.length), ...order.slice(first.length)]
}

/** Of papers that answer, those with every word of the query. */
export const withAll = ({ scored }, documents) => documents.filter(d => scored.had[d] === scored.wanted)

/** Those with every word when there are any, else all. */
export function strict(found, documents) {
  const all = found.words ? withAll(found, documents) : documents
  return all.length ? all : documents
}

/** Whether words stand in a text one behind the other. */
const holds = (text, phrase) => ` ${words(text).join(' ')} `.includes(` ${phrase.words.join(' ')} `)

/**
 * Which of some papers have all phrases in what their cards say: the title and the beginning of the summary.
 * @returns {Promise<Set<number>>}
 */
async function withPhrases(pages, phrases, documents, wait) {
  const found = new Set()
  await Promise.all(
    documents.map(async d => {
      const { title, summary } = await pages.card(d, wait?.short)
      const isIn = phrase =>
        (phrase.field !== 'abstract' && holds(title, phrase)) || (phrase.field !== 'title' && holds(summary, phrase))
      if (phrases.every(isIn)) found.add(d)
    }),
  )
  return found
}

/** What to tell the reader of how a query was answered, or null. */
function noticeOf(groups, checked, phrased, among) {
  const guessed = groups.filter(g => g.typo).map(g => g.word)
  if (guessed.length) {
    const message = `No paper has ${guessed.map(word => `“${word}”`).join(', ')}; similar words were used.`
    return { kind: 'typo', words: guessed, message }
  }
  if (!checked || phrased.size === among) return null
  const message = `Titles and summaries of ${phrased.size} of the first ${among} papers have the phrase; the others have its words.`
  return { kind: 'phrase', found: phrased.size, among, message }
}

/**
 * The papers that answer what was typed, in order.
 * @param {import('./pages.js').Pages} pages
 * @param {string} typed
 * @param {{filters?: object, sort?: 'relevance' | 'plain' | 'date' | 'votes', count: number,
 *   certain?: number, signal?: AbortSignal, wait?: import('./debounce.js').Debounce}} options `certain`: how many of the best must be
 *   certain, if not `count`; `wait`: of a query that is still being typed
 * @returns {Promise<{total: number, every: number, counted: boolean, ranked: {document: number, score: number}[], exact: boolean, notice: object | null, terms: string[]}>}
 */
export async function answerBox(pages, typed, { filters, sort = 'relevance', count, certain = count, signal, wait }) {
  const ahead = pages.manifest.neighbours && sort === 'relevance' && pages.part('near') // fetched beside the terms
  const needed = sort === 'votes' || sort === 'date' ? Infinity : Math.max(certain, CANDIDATES)
  const all = pages.manifest.parts.near && sort === 'relevance' ? Infinity : needed // neighbours are compared as wholes
  const found = await matching(pages, typed, filters, all, wait)
  await ahead
  // While one types most queries end here, and their cards would stand in the way of the next one's pages.
  signal?.throwIfAborted()
  const { groups, query, words: hasWords } = found
  const { phrases } = query
  const checked = phrases.length ? PHRASE_CANDIDATES : 0
  let phrased = new Set()
  const isRanked = hasWords && (sort === 'relevance' || sort === 'plain')
  const scores = isRanked ? await scoresOf(pages, found, sort, wait) : new Float64Array(pages.documents)
  const documents = found.documents()
  let order
  if (!isRanked) {
    const listed = strict(found, documents)
    const votes = sort === 'votes' ? await pages.part('votes') : null
    order = votes ? best(listed, Float64Array.from(votes), count) : [...listed.slice(-count)].reverse()
  } else {
    const first = await known(pages, found, wait)
    const { scored } = found
    order = best(documents, scores, Math.max(count, CANDIDATES, checked))
    if (sort === 'relevance' && scored.isShort) order = await byExactWords(pages, query, order, scores, wait)
    if (first.size) {
      const top = Math.max(...order.map(d => scores[d]), 0)
      const inside = d => scored.had[d] && !scored.barred[d] && found.sets.every(([, set]) => set[d])
      for (const [d, rank] of first) if (inside(d)) scores[d] += top * 2 * rank
      order = [...new Set([...[...first.keys()].filter(inside), ...order])].sort(
        (a, b) => scores[b] - scores[a] || b - a,
      )
    }
  }
  if (checked) {
    const candidates = order.slice(0, checked)
    phrased = await withPhrases(pages, phrases, candidates, wait)
    if (sort === 'relevance' || sort === 'plain') {
      order = [...candidates.filter(d => phrased.has(d)), ...order.filter(d => !phrased.has(d))]
    }
  }
  return {
    total: documents.length,
    every: hasWords ? withAll(found, documents).length : documents.length,
    counted: found.counted,
    ranked: order.slice(0, count).map(document => ({ document, score: scores[document] })),
    exact: true,
    notice: noticeOf(groups, checked, phrased, Math.min(checked, documents.length)),
    terms: [
      ...new Set(groups.flatMap(g => (g.presence < 0 ? [] : [g.exact, ...g.others].filter(Boolean).map(e => e.term)))),
    ],
  }
}
