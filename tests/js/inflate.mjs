// node inflate.mjs FILE...   prints whether our own inflate answers as zlib does on each
import fs from 'node:fs'
import zlib from 'node:zlib'
import { inflate } from '../../sitegen/client/search/inflate.js'

const packed = process.argv.slice(2).map(file => fs.readFileSync(file))
const noise = Uint8Array.from({ length: 70_000 }, (_, i) => (i * i * 31 + (i >> 3) * 17) & 255)
const texts = ['', 'a', 'a'.repeat(1000), 'abcabcabc'.repeat(5000), noise]
for (const text of texts) for (const level of [0, 1, 9]) packed.push(zlib.deflateSync(text, { level }))
packed.push(zlib.deflateSync('fixed codes', { strategy: zlib.constants.Z_FIXED }))
console.log(JSON.stringify(packed.map(bytes => Buffer.compare(inflate(bytes), zlib.inflateSync(bytes)) === 0)))
