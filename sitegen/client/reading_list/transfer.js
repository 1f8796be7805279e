// A whole list in the part of an address behind #, which browsers send to nobody: for another browser of the same reader.

import { formatList, parseList } from './list.js'

const PREFIX = '#list='

/** What a stream of bytes becomes behind a transformer. */
async function through(bytes, transformer) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(transformer)).arrayBuffer())
}

/**
 * @param {import('./list.js').Kept[]} papers
 * @returns {Promise<string>}
 */
export async function transferHash(papers) {
  const bytes = await through(new TextEncoder().encode(formatList(papers)), new CompressionStream('deflate-raw'))
  const text = Array.from(bytes, byte => String.fromCharCode(byte)).join('')
  return PREFIX + btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * The list that an address holds; null where it holds none, an empty one where it cannot be read.
 * @param {string} hash
 */
export async function transferred(hash) {
  if (!hash.startsWith(PREFIX)) return null
  try {
    const text = atob(hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, char => char.charCodeAt(0))
    return parseList(new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate-raw'))))
  } catch {
    return []
  }
}
