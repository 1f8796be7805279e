// Inflates a zlib stream where the browser has no DecompressionStream. Follows RFC 1950 and RFC 1951.

const BASES = (first, extras) => {
  let base = first
  return extras.map(extra => {
    const from = base
    base += 1 << extra
    return [from, extra]
  })
}
// The last length is 258 with no extra bits, one less than the rule would give.
const LENGTHS = [
  ...BASES(3, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]),
  [258, 0],
]
const DISTANCES = BASES(
  1,
  [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13],
)
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** A canonical Huffman code: how many symbols each length has, and the symbols by code. */
function code(lengths) {
  const counts = new Uint16Array(16)
  for (const length of lengths) if (length) counts[length] += 1
  const offsets = new Uint16Array(16)
  for (let i = 1; i < 15; i++) offsets[i + 1] = offsets[i] + counts[i]
  const symbols = new Uint16Array(lengths.length)
  lengths.forEach((length, symbol) => {
    if (length) symbols[offsets[length]++] = symbol
  })
  return { counts, symbols }
}

const FIXED = [
  code(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
  code(new Array(30).fill(5)),
]

/**
 * @param {Uint8Array} bytes a zlib stream
 * @returns {Uint8Array}
 */
export function inflate(bytes) {
  let at = 2
  let held = 0
  let count = 0
  let out = new Uint8Array(bytes.length * 4)
  let end = 0
  const need = more => {
    if (end + more <= out.length) return
    const grown = new Uint8Array(Math.max(2 * out.length, end + more))
    grown.set(out.subarray(0, end))
    out = grown
  }
  const bits = wanted => {
    while (count < wanted) {
      if (at >= bytes.length) throw new Error('the stream is cut short')
      held |= bytes[at++] << count
      count += 8
    }
    const value = held & ((1 << wanted) - 1)
    held >>>= wanted
    count -= wanted
    return value
  }
  const symbol = ({ counts, symbols }) => {
    let value = 0
    let first = 0
    let index = 0
    for (let length = 1; length < 16; length++) {
      value |= bits(1)
      if (value - counts[length] < first) return symbols[index + value - first]
      index += counts[length]
      first = (first + counts[length]) << 1
      value <<= 1
    }
    throw new Error('no such code')
  }
  const dynamic = () => {
    const literals = bits(5) + 257
    const distances = bits(5) + 1
    const lengths = new Array(19).fill(0)
    for (let i = 0, n = bits(4) + 4; i < n; i++) lengths[ORDER[i]] = bits(3)
    const lengthCode = code(lengths)
    const all = []
    while (all.length < literals + distances) {
      const next = symbol(lengthCode)
      if (next < 16) all.push(next)
      else {
        const repeated = next === 16 ? all.at(-1) : 0
        const times = next === 16 ? 3 + bits(2) : next === 17 ? 3 + bits(3) : 11 + bits(7)
        for (let i = 0; i < times; i++) all.push(repeated)
      }
    }
    return [code(all.slice(0, literals)), code(all.slice(literals))]
  }
  for (let last = 0; !last; ) {
    last = bits(1)
    const kind = bits(2)
    if (kind === 0) {
      held = count = 0
      const length = bytes[at] | (bytes[at + 1] << 8)
      at += 4
      need(length)
      out.set(bytes.subarray(at, at + length), end)
      at += length
      end += length
      continue
    }
    if (kind === 3) throw new Error('no such block')
    const [literalCode, distanceCode] = kind === 1 ? FIXED : dynamic()
    for (let next = symbol(literalCode); next !== 256; next = symbol(literalCode)) {
      need(258)
      if (next < 256) out[end++] = next
      else {
        const [length, extra] = LENGTHS[next - 257]
        const size = length + bits(extra)
        const [distance, more] = DISTANCES[symbol(distanceCode)]
        const back = distance + bits(more)
        for (let i = 0; i < size; i++, end++) out[end] = out[end - back]
      }
    }
  }
  return out.slice(0, end)
}
