// Reads the pages of the index: docs/search-format.md describes every byte. Pure.

const decoder = new TextDecoder()

/** The columns of a page: byte strings, each behind its length. */
function* columns(bytes) {
  for (let at = 0; at < bytes.length; ) {
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      length |= (byte & 127) << shift
      if (byte < 128) break
    }
    yield bytes.subarray(at, at + length)
    at += length
  }
}

/** All numbers of a column. */
export function numbers(bytes) {
  let count = 0
  for (const byte of bytes) if (byte < 128) count += 1
  const out = new Uint32Array(count)
  for (let at = 0, i = 0; i < count; i++) {
    let value = bytes[at++]
    if (value > 127) {
      value &= 127
      for (let shift = 7; ; shift += 7) {
        const byte = bytes[at++]
        value += (byte & 127) * 2 ** shift
        if (byte < 128) break
      }
    }
    out[i] = value
  }
  return out
}

function termTable(bytes) {
  const [shared, added, tails] = columns(bytes)
  const keep = numbers(shared)
  const add = numbers(added)
  const text = decoder.decode(tails)
  const terms = []
  for (let i = 0, at = 0, term = ''; i < keep.length; i++) {
    term = term.slice(0, keep[i]) + text.slice(at, at + add[i])
    at += add[i]
    terms.push(term)
  }
  return terms
}

/**
 * @typedef {{documents: Uint32Array, frequencies: Uint32Array, lengths: Uint32Array}} Row the postings of a term in a field
 *
 * @typedef {object} Entry a term
 * @property {string} term
 * @property {number} ordinal
 * @property {number} count its postings in all fields
 * @property {(Row | undefined)[]} rows by field number
 * @property {number} [others] how many papers are in the tail layer alone, where only the head layer was read
 * @property {number} [bound] set where the rows are those of the first layer: no other paper has more than this from the
 *   term for the box, times what it says
 */

const BOUND = 256 // bounds are written in this fraction of one

export function termPage(bytes, fields) {
  const [table, ...rest] = columns(bytes)
  const [masks, counts, gaps, frequencies, lengths, ordinals, rests, others, bounds] = rest.map(numbers)
  for (let i = 0; i < frequencies.length; i++) frequencies[i] += 1
  /** @type {Entry[]} */
  const entries = termTable(table).map((term, i) => ({
    term,
    ordinal: ordinals?.[i],
    count: rests?.[i] ?? 0,
    rows: new Array(fields).fill(undefined),
  }))
  const sizes = entries.map(() => new Uint32Array(fields))
  let at = 0
  let bound = 0
  entries.forEach((entry, i) => {
    if (entry.count) {
      entry.others = others[bound]
      entry.bound = bounds[bound++] / BOUND
    }
    for (let f = 0; f < fields; f++) {
      if ((masks[i] >> f) & 1) entry.count += sizes[i][f] = counts[at++]
    }
  })
  at = 0
  for (let f = 0; f < fields; f++) {
    entries.forEach(({ rows }, i) => {
      const end = at + sizes[i][f]
      if (end === at) return
      for (let k = at + 1; k < end; k++) gaps[k] += gaps[k - 1] + 1
      rows[f] = {
        documents: gaps.subarray(at, end),
        frequencies: frequencies.subarray(at, end),
        lengths: lengths.subarray(at, end),
      }
      at = end
    })
  }
  return new Map(entries.map(entry => [entry.term, entry]))
}

/** The postings of two rows which share no document. */
export function joined(a, b) {
  if (!a || !b) return a ?? b
  const length = a.documents.length + b.documents.length
  const row = {
    documents: new Uint32Array(length),
    frequencies: new Uint32Array(length),
    lengths: new Uint32Array(length),
  }
  for (let i = 0, j = 0, k = 0; k < length; k++) {
    const [from, at] = j === b.documents.length || a.documents[i] < b.documents[j] ? [a, i++] : [b, j++]
    row.documents[k] = from.documents[at]
    row.frequencies[k] = from.frequencies[at]
    row.lengths[k] = from.lengths[at]
  }
  return row
}

const slug = label => label.toLowerCase().replaceAll(' ', '-')
const labelled = x => (typeof x === 'string' ? { label: x, slug: slug(x) } : { label: x[0], slug: x[1] })

/** An id that begins like the title is written as how many characters it shares with the title's words, and the rest. */
const titleSlug = title =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
const idOf = (record, title) => (typeof record === 'string' ? record : titleSlug(title).slice(0, record[0]) + record[1])

/** The cards of a block, as they are written. */
export const cardsOf = bytes => JSON.parse(decoder.decode(bytes))

/** A card of a block, as results show it. */
export function card([record, url, title, authors, date, venue, votes, topics, tags, summary, near], number) {
  const id = idOf(record, title)
  return {
    number,
    id,
    url: url || `papers/${id}/`,
    title,
    authors,
    date,
    venue,
    votes,
    topics: topics.map(labelled),
    tags: tags.map(labelled),
    summary,
    near,
  }
}

/** Terms in order, and how many postings each has. */
export function vocabularyBlock(bytes) {
  const [table, counts] = columns(bytes)
  const postings = numbers(counts)
  return termTable(table).map((term, i) => ({ term, count: postings[i] }))
}

/**
 * One kind of label: {labels: {label, slug}[], documents: Uint32Array[]}, commonest first.
 */
export function facet(bytes) {
  const [labels, counts, gaps] = columns(bytes)
  const all = numbers(gaps)
  let at = 0
  return {
    labels: JSON.parse(decoder.decode(labels)).map(labelled),
    documents: Array.from(numbers(counts), count => {
      const row = all.subarray(at, at + count)
      at += count
      for (let k = 1; k < count; k++) row[k] += row[k - 1] + 1
      return row
    }),
  }
}

/** The neighbours of all documents, packed in as few bits as a document number needs. */
export function neighbours(bytes, documents, each) {
  const bits = Math.max(32 - Math.clz32(documents - 1), 1)
  const out = new Uint32Array(documents * each)
  for (let i = 0, at = 0; i < out.length; i++) {
    for (let k = 0; k < bits; k++, at++) out[i] = out[i] * 2 + ((bytes[at >> 3] >> (7 - (at & 7))) & 1)
  }
  return out
}
