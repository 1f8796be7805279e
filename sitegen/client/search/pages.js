// Fetches the pages of the index, each once, as far as queries need them.

import { card, cardsOf, facet, joined, neighbours, numbers, termPage, vocabularyBlock } from './page-format.js'

const FORMAT = 3
const TITLE = 2 // weight of a title beside other fields

/**
 * @typedef {import('./page-format.js').Entry} Entry
 * @typedef {(url: URL, options?: RequestInit) => Promise<Response>} Fetch
 *
 * @typedef {object} Model the numbers that scoring needs
 * @property {number} documents
 * @property {number} k1
 * @property {number} b
 * @property {string[]} fields
 * @property {number[]} boosts of each field
 * @property {number[]} averages mean length of each field, in terms
 * @property {number[]} weights of a term's frequency in each field, for the box
 * @property {number[]} means mean length of each field over the papers that have it
 */

/** A page that the manifest names is not there: the site was published anew. */
export class StaleError extends Error {}

async function inflate(buffer) {
  const stream = new Blob([buffer]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

const PARTS = { topics: facet, tags: facet, venues: facet, authors: facet, votes: numbers, near: neighbours }

/** The pages of one published index, each fetched once. */
export class Pages {
  /**
   * @param {URL} base the folder which holds manifest.json
   * @param {Fetch} fetch
   * @param {RequestInit} [options]
   */
  static async open(base, fetch, options) {
    const response = await fetch(new URL('manifest.json', base), options)
    if (!response.ok) throw new Error(`no search index at ${base} (${response.status})`)
    return new Pages(base, fetch, await response.json())
  }

  constructor(base, fetch, manifest) {
    /** @private */
    this._base = base
    /** @private */
    this._fetch = fetch
    /** @private @type {AbortSignal | undefined} */
    this._signal = undefined
    /** @private @type {Map<string, Promise<any>>} by path */
    this._kept = new Map()
    /** @private @type {Map<string, Entry>} by term, of those that have two layers */
    this._whole = new Map()
    /** @private @type {Map<string, number>} frequent term -> page of the second layer */
    this._restPages = new Map()
    const { format, documents, k1, b, fields } = manifest
    if (format !== FORMAT) throw new Error('the search index was published by another version')
    this.manifest = manifest
    this.documents = documents
    this.fields = fields.map(([name]) => name)
    this.starts = documents ? manifest.terms.starts.split(' ') : []
    const { terms, sizes } = manifest.rest
    const frequent = terms.split(' ').values()
    sizes.forEach((size, page) => {
      for (let i = 0; i < size; i++) this._restPages.set(frequent.next().value, page)
    })
    /** @type {Model} */
    this.model = {
      documents,
      k1,
      b,
      fields: this.fields,
      boosts: fields.map(([, boost]) => boost),
      averages: fields.map(([, , total]) => total / documents),
      weights: fields.map(([name, boost]) => (name === 'title' ? TITLE * boost : boost)),
      means: fields.map(([, , total, papers]) => total / Math.max(papers, 1) || 1),
    }
  }

  /**
   * The same pages for what nobody waits for: fetched behind all else, and no further once it is given up.
   * @param {AbortSignal} [signal]
   */
  aside(signal) {
    const pages = new Pages(this._base, url => this._fetch(url, { signal, priority: 'low' }), this.manifest)
    pages._signal = signal
    pages._kept = this._kept
    pages._whole = this._whole
    return pages
  }

  /** What `make` makes of a page; a failed fetch is forgotten, so that the next query tries again. */
  async #page(path, make) {
    if (!this._kept.has(path)) {
      const page = (async () => {
        const response = await this._fetch(new URL(path, this._base))
        if (response.status === 404) throw new StaleError(path)
        if (!response.ok) throw new Error(`${path}: ${response.status}`)
        return make(await inflate(await response.arrayBuffer()))
      })()
      page.catch(() => this._kept.delete(path))
      this._kept.set(path, page)
    }
    try {
      return await this._kept.get(path)
    } catch (error) {
      if (error.name !== 'AbortError' || this._signal?.aborted) throw error
      return this.#page(path, make) // only others gave it up
    }
  }

  #terms(layer, i) {
    const name = this.manifest[layer].names.slice(8 * i, 8 * i + 8)
    return this.#page(`${layer}/${name}.bin`, bytes => termPage(bytes, this.fields.length))
  }

  #rest(term) {
    return this.#terms('rest', this._restPages.get(term))
  }

  /** Whether a term has a second layer of postings. */
  isFrequent(term) {
    return this._restPages.has(term)
  }

  /** The number of the term page where a term must be. */
  place(term) {
    let low = 0
    let high = this.starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.starts[middle] <= term) low = middle
      else high = middle
    }
    return low
  }

  /** First term page, and one past the last, that may hold terms with a prefix. */
  span(prefix) {
    const first = this.place(prefix)
    let end = Math.min(first + 1, this.starts.length)
    while (end < this.starts.length && (this.starts[end] < prefix || this.starts[end].startsWith(prefix))) end += 1
    return [first, end]
  }

  /** On how many term pages there may be terms with a prefix. */
  spread(prefix) {
    const [first, end] = this.span(prefix)
    return end - first
  }

  /**
   * The entry of a term, or undefined; of a frequent one perhaps only as far as the first layer has it.
   * @param {string} term
   * @returns {Promise<Entry | undefined>}
   */
  async leading(term) {
    if (this._whole.has(term) || !this.documents) return this._whole.get(term)
    return (await this.#terms('terms', this.place(term))).get(term)
  }

  /**
   * An entry with all its postings; the same one whenever it is asked for.
   * @param {Entry | undefined} entry
   * @returns {Promise<Entry | undefined>}
   */
  async whole(entry) {
    if (entry?.bound === undefined) return entry
    const { term, ordinal, count, rows } = entry
    const rest = (await this.#rest(term)).get(term)
    if (!this._whole.has(term)) {
      this._whole.set(term, { term, ordinal, count, rows: rows.map((row, f) => joined(row, rest.rows[f])) })
    }
    return this._whole.get(term)
  }

  /**
   * The entry of a term, or undefined.
   * @param {string} term
   * @returns {Promise<Entry | undefined>}
   */
  async entry(term) {
    const [leading] = await Promise.all([this.leading(term), this.isFrequent(term) && this.#rest(term)])
    return this.whole(leading)
  }

  /**
   * All entries whose term begins with a prefix, in order.
   * @param {string} prefix
   * @returns {Promise<Entry[]>}
   */
  async entries(prefix) {
    const [first, end] = this.span(prefix)
    const frequent = [...this._restPages.keys()].filter(term => term.startsWith(prefix))
    const [pages] = await Promise.all([
      Promise.all(Array.from({ length: end - first }, (_, i) => this.#terms('terms', first + i))),
      ...frequent.map(term => this.#rest(term)),
    ])
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
        wanted.push(this.#page(`vocabulary/${names.slice(8 * i, 8 * i + 8)}.bin`, vocabularyBlock))
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
    return (
      name && this.#page(`${part}/${name}.bin`, bytes => PARTS[part](bytes, this.documents, this.manifest.neighbours))
    )
  }

  /**
   * The card of a document.
   * @param {number} number
   * @param {() => Promise<void>} [ready] what to wait for before a block is asked for
   */
  async card(number, ready) {
    const { size, names } = this.manifest.cards
    const block = Math.floor(number / size)
    const path = `cards/${block}-${names.slice(6 * block, 6 * block + 6)}.bin`
    if (!this._kept.has(path)) await ready?.()
    const cards = await this.#page(path, cardsOf)
    return card(cards[number % size], number)
  }
}
