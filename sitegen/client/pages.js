// Reads the index in pages: docs/search-format.md describes every byte.

/** A page that the manifest names is not there: the site was published anew. */
export class StaleError extends Error {}

const decoder = new TextDecoder()

async function inflate(buffer) {
  if (!globalThis.DecompressionStream) return (await import('./inflate.js')).inflate(new Uint8Array(buffer))
  const stream = new Blob([buffer]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** The columns of a page: byte strings, each behind its length. */
function* columns(bytes) {
  for (let at = 0; at < bytes.length;) {
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
function numbers(bytes) {
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
 * @property {number} [bound] set where the rows are those of the first layer: no other paper has more than this from the
 *   term, times its idf
 */

const BOUND = 256  // bounds are written in this fraction of one

function termPage(bytes, fields) {
  const [table, ...rest] = columns(bytes)
  const [masks, counts, gaps, frequencies, lengths, ordinals, rests, bounds] = rest.map(numbers)
  for (let i = 0; i < frequencies.length; i++) frequencies[i] += 1
  /** @type {Entry[]} */
  const entries = termTable(table).map((term, i) => (
    { term, ordinal: ordinals?.[i], count: rests?.[i] ?? 0, rows: new Array(fields).fill(undefined) }))
  const sizes = entries.map(() => new Uint32Array(fields))
  let at = 0
  let bound = 0
  entries.forEach((entry, i) => {
    if (entry.count) entry.bound = bounds[bound++] / BOUND
    for (let f = 0; f < fields; f++) {
      if (masks[i] >> f & 1) entry.count += sizes[i][f] = counts[at++]
    }
  })
  at = 0
  for (let f = 0; f < fields; f++) {
    entries.forEach(({ rows }, i) => {
      const end = at + sizes[i][f]
      if (end === at) return
      for (let k = at + 1; k < end; k++) gaps[k] += gaps[k - 1] + 1
      rows[f] = {
        documents: gaps.subarray(at, end), frequencies: frequencies.subarray(at, end), lengths: lengths.subarray(at, end),
      }
      at = end
    })
  }
  return new Map(entries.map(entry => [entry.term, entry]))
}

/** The postings of two rows which share no document. */
function joined(a, b) {
  if (!a || !b) return a ?? b
  const length = a.documents.length + b.documents.length
  const row = { documents: new Uint32Array(length), frequencies: new Uint32Array(length), lengths: new Uint32Array(length) }
  for (let i = 0, j = 0, k = 0; k < length; k++) {
    const [from, at] = j === b.documents.length || a.documents[i] < b.documents[j] ? [a, i++] : [b, j++]
    row.documents[k] = from.documents[at]
    row.frequencies[k] = from.frequencies[at]
    row.lengths[k] = from.lengths[at]
  }
  return row
}

/** The number of the page where a term must be, from what the pages start with. */
function placeIn(starts, term) {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle] <= term) low = middle
    else high = middle
  }
  return low
}

const slug = label => label.toLowerCase().replaceAll(' ', '-')
const labelled = x => (typeof x === 'string' ? { label: x, slug: slug(x) } : { label: x[0], slug: x[1] })

function card([id, url, title, authors, date, venue, votes, topics, tags, summary, near], number) {
  return {
    number, id, url: url || `papers/${id}/`, title, authors, date, venue, votes, topics: topics.map(labelled), tags: tags.map(labelled), summary, near,
  }
}

/**
 * One kind of label: {labels: {label, slug}[], documents: Uint32Array[]}, commonest first.
 */
function facet(bytes) {
  const [labels, counts, gaps] = columns(bytes)
  const all = numbers(gaps)
  let at = 0
  return {
    labels: JSON.parse(decoder.decode(labels)).map(labelled),
    documents: Array.from(numbers(counts), count => {
      const row = all.subarray(at, at += count)
      for (let k = 1; k < count; k++) row[k] += row[k - 1] + 1
      return row
    }),
  }
}

/** The neighbours of all documents, packed in as few bits as a document number needs. */
function neighbours(bytes, documents, each) {
  const bits = Math.max(32 - Math.clz32(documents - 1), 1)
  const out = new Uint32Array(documents * each)
  for (let i = 0, at = 0; i < out.length; i++) {
    for (let k = 0; k < bits; k++, at++) out[i] = out[i] * 2 + (bytes[at >> 3] >> (7 - (at & 7)) & 1)
  }
  return out
}

const PARTS = { topics: facet, tags: facet, venues: facet, authors: facet, votes: numbers, near: neighbours }

/** The pages of one published index, each fetched once. */
export class Pages {
  #base
  #fetch
  #kept = new Map()
  #whole = new Map()

  /**
   * @param {URL} base the folder which holds manifest.json
   * @param {typeof fetch} fetch
   * @param {RequestInit} [options]
   */
  static async open(base, fetch, options) {
    const response = await fetch(new URL('manifest.json', base), options)
    if (!response.ok) throw new Error(`no search index at ${base} (${response.status})`)
    return new Pages(base, fetch, await response.json())
  }

  constructor(base, fetch, manifest) {
    this.#base = base
    this.#fetch = fetch
    const { documents, k1, b, fields } = manifest
    this.manifest = manifest
    this.documents = documents
    this.fields = fields.map(([name]) => name)
    this.starts = documents ? manifest.terms.starts.split(' ') : []
    this.restStarts = manifest.rest.starts.split(' ')
    /** The numbers that scoring needs. */
    this.model = {
      documents, k1, b, fields: this.fields, boosts: fields.map(([, boost]) => boost),
      averages: fields.map(([, , total]) => total / documents),
    }
  }

  /** What `make` makes of a page; a failed fetch is forgotten, so that the next query tries again. */
  #page(path, make) {
    if (!this.#kept.has(path)) {
      const page = (async () => {
        const response = await this.#fetch(new URL(path, this.#base))
        if (response.status === 404) throw new StaleError(path)
        if (!response.ok) throw new Error(`${path}: ${response.status}`)
        return make(await inflate(await response.arrayBuffer()))
      })()
      page.catch(() => this.#kept.delete(path))
      this.#kept.set(path, page)
    }
    return this.#kept.get(path)
  }

  #terms(layer, i) {
    const name = this.manifest[layer].names.slice(8 * i, 8 * i + 8)
    return this.#page(`${layer}/${name}.bin`, bytes => termPage(bytes, this.fields.length))
  }

  /** The number of the term page where a term must be. */
  place(term) {
    return placeIn(this.starts, term)
  }

  /** First term page, and one past the last, that may hold terms with a prefix. */
  span(prefix) {
    const first = this.place(prefix)
    let end = Math.min(first + 1, this.starts.length)
    while (end < this.starts.length && (this.starts[end] < prefix || this.starts[end].startsWith(prefix))) end += 1
    return [first, end]
  }

  /**
   * The entry of a term as far as its first page has it, or undefined.
   * @param {string} term
   * @returns {Promise<Entry | undefined>}
   */
  async leading(term) {
    return this.documents ? (await this.#terms('terms', this.place(term))).get(term) : undefined
  }

  /**
   * An entry with all its postings; the same one whenever it is asked for.
   * @param {Entry | undefined} entry
   * @returns {Promise<Entry | undefined>}
   */
  async whole(entry) {
    if (entry?.bound === undefined) return entry
    const { term, ordinal, count, rows } = entry
    const rest = (await this.#terms('rest', placeIn(this.restStarts, term))).get(term)
    if (!this.#whole.has(term)) {
      this.#whole.set(term, { term, ordinal, count, rows: rows.map((row, f) => joined(row, rest.rows[f])) })
    }
    return this.#whole.get(term)
  }

  /**
   * The entry of a term, or undefined.
   * @param {string} term
   * @returns {Promise<Entry | undefined>}
   */
  async entry(term) {
    return this.whole(await this.leading(term))
  }

  /**
   * All entries whose term begins with a prefix, in order.
   * @param {string} prefix
   * @returns {Promise<Entry[]>}
   */
  async entries(prefix) {
    const [first, end] = this.span(prefix)
    const pages = await Promise.all(Array.from({ length: end - first }, (_, i) => this.#terms('terms', first + i)))
    const found = pages.flatMap(page => [...page.values()].filter(entry => entry.term.startsWith(prefix)))
    return Promise.all(found.map(entry => this.whole(entry)))
  }

  /**
   * Terms that begin with a prefix, in order, and in how many rows each occurs; no postings are fetched.
   * @param {string} prefix
   * @returns {Promise<{term: string, count: number}[]>}
   */
  async vocabulary(prefix) {
    const { pages, names } = this.manifest.vocabulary
    const [first, end] = this.span(prefix)
    const wanted = []
    for (let i = 0; i < pages.length; i++) {
      if (pages[i] < end && (pages[i + 1] ?? Infinity) > first) {
        wanted.push(this.#page(`vocabulary/${names.slice(8 * i, 8 * i + 8)}.bin`, bytes => {
          const [table, counts] = columns(bytes)
          const rows = numbers(counts)
          return termTable(table).map((term, i) => ({ term, count: rows[i] }))
        }))
      }
    }
    return (await Promise.all(wanted)).flat().filter(({ term }) => term.startsWith(prefix))
  }

  /**
   * A part of the index that is one file: a kind of label, the votes or the neighbours; undefined where there is none.
   * @param {'topics' | 'tags' | 'venues' | 'authors' | 'votes' | 'near'} part
   */
  async part(part) {
    const name = this.manifest.parts[part]
    return name && this.#page(`${part}/${name}.bin`, bytes => PARTS[part](bytes, this.documents, this.manifest.neighbours))
  }

  /**
   * The card of a document.
   * @param {number} number
   */
  async card(number) {
    const { size, names } = this.manifest.cards
    const block = Math.floor(number / size)
    const cards = await this.#page(`cards/${block}-${names.slice(6 * block, 6 * block + 6)}.bin`, bytes => JSON.parse(decoder.decode(bytes)))
    return card(cards[number % size], number)
  }
}
