// The index entries that each word of a query stands for: itself, what it may be the beginning of, what it was meant for.

import { stemsOfHalf } from './box-query.js'
import { withinLimit } from './expansion-limit.js'
import { isUnspaced, term } from './text.js'

const LONGEST = 64 // letters of a word that anything is guessed for: the time grows with their square
const SHORT = 3 // letters from which a beginning says what it may become; fewer may become anything
const FEW = 3 // pages of words that begin alike which are read without a look at how common each is
const PREFIX_LIMIT = { terms: 256, pages: 10, postings: 200_000 } // what the endings of a word may cost
const TYPO_LIMIT = { terms: 8, pages: 6, postings: 100_000 } // and the words that one without papers may have been meant for
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const SHARE = 0.3 // weight of what a word may become, beside what it is

/** The entries that begin with a word, or may be the whole of it. */
async function prefixMatches(pages, word) {
  if ((word.length < 2 && !isUnspaced(word)) || word.length > LONGEST) return []
  const longer = async () => {
    if (pages.spread(word) <= FEW) return pages.entries(word)
    return (await withinLimit(pages, await pages.vocabulary(word), PREFIX_LIMIT)).entries
  }
  const all = await Promise.all([longer(), ...stemsOfHalf(word).map(t => pages.entry(t))])
  return all.flat().filter(Boolean)
}

/** All that one edit makes of a word: a letter less, more or other, or two neighbours changed. */
function edited(word) {
  const found = new Set()
  for (let i = 0; i <= word.length; i++) {
    const [before, after] = [word.slice(0, i), word.slice(i)]
    if (after) found.add(before + after.slice(1))
    if (after.length > 1) found.add(before + after[1] + after[0] + after.slice(2))
    for (const letter of LETTERS) {
      found.add(before + letter + after)
      if (after) found.add(before + letter + after.slice(1))
    }
  }
  return found
}

/**
 * The entries of words within a number of edits of a word, as they are written and not as they are stemmed: of all that an
 * edit makes of the word the stems are looked up. Of those that begin alike, if there are any.
 */
async function typoMatches(pages, word, edits) {
  if (word.length < 4 || word.length > LONGEST) return []
  const stems = new Set([word, ...edited(word)].map(term))
  const { near } = edits > 1 ? await import('./expand.js') : { near: () => false }
  // A first letter is seldom wrong, and mostly for being swapped with the second.
  for (const first of new Set([word[0], word[1]])) {
    const found = (await pages.vocabulary(first)).filter(({ term: t }) => stems.has(t) || near(t, term(word), edits))
    if (found.length) return (await withinLimit(pages, found, TYPO_LIMIT)).entries
  }
  return []
}

/** An entry with nothing but the postings of one field. */
function inField(entry, field) {
  const rows = entry.rows.map((row, f) => (f === field ? row : undefined))
  return rows[field] && { ...entry, rows }
}

/**
 * What one word stands for. A word that does more than add to scores is read whole, as is any where `whole` says so.
 * The same word of the same query stands for the same whenever it is asked: whether it was typed by half does not matter.
 * @param {import('./pages.js').Pages} pages
 * @param {import('./box-query.js').BoxWord} asked
 * @param {boolean} whole
 * @param {import('./debounce.js').Debounce} [wait] of a query that is still being typed
 * @returns {Promise<import('./rank.js').Group>}
 */
export async function groupOf(pages, asked, whole, wait) {
  const { word, term: wanted, presence, open, edits, prefix } = asked
  const field = asked.field ? pages.fields.indexOf(asked.field) : -1
  const complete = whole || presence !== 0 || prefix || edits > 0 || field >= 0
  if (open && (word.length < SHORT || pages.spread(word) > FEW)) await wait?.long()
  let exact = await (complete ? pages.entry(wanted) : pages.leading(wanted))
  if (exact && field >= 0) exact = inField(exact, field)
  /** What counts of some entries, by term. */
  const others = new Map()
  const take = async entries => {
    for (const entry of await entries) {
      const found = field < 0 ? entry : inField(entry, field)
      if (found && entry.term !== wanted) others.set(entry.term, found)
    }
  }
  // What fills pages by itself says enough, and so do two letters that are a word.
  const mayGoOn = open && (!exact || (word.length >= SHORT && !pages.isFrequent(wanted)))
  if (prefix || mayGoOn || (!exact && presence >= 0)) {
    await take(prefixMatches(pages, word))
  }
  let typo = false
  if (edits || (!exact && !others.size && !prefix && presence >= 0)) {
    if (open) await wait?.long()
    await take(typoMatches(pages, word, edits || 1))
    typo = !edits && others.size > 0
  }
  const { weight, together } = asked
  return { word, exact, others: [...others.values()], share: exact ? SHARE : 1, typo, presence, weight, together }
}
