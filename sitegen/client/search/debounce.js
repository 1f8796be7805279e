// While one types, most queries are over with the next key: what it would make useless waits for it.

const SHORT = 70 // ms: two keys may follow each other so soon by chance
const LONG = 200 // ms: at six keys a second, one is due

/**
 * @typedef {object} Debounce how long what a query needs is put off; each promise rejects when the query was given up by then
 * @property {() => Promise<void>} short settles a short while after the query began
 * @property {() => Promise<void>} long settles when the reader has probably stopped typing
 */

/**
 * @param {AbortSignal} [signal] of a query that begins now
 * @returns {Debounce}
 */
export function debounce(signal) {
  const begun = performance.now()
  const until = async ms => {
    await new Promise(resolve => setTimeout(resolve, begun + ms - performance.now()))
    signal?.throwIfAborted()
  }
  return { short: () => until(SHORT), long: () => until(LONG) }
}
