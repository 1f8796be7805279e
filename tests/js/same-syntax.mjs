// node same-syntax.mjs < {acorn, pairs: [[written, minified], ...]}   prints whether both of each pair have one syntax tree

import fs from 'node:fs'

const { acorn, pairs } = JSON.parse(fs.readFileSync(0, 'utf8'))
const { parse } = await import(acorn)

/** The tree without places and spelling. */
const tree = source => {
  const kept = (key, value) => (['start', 'end', 'raw'].includes(key) ? undefined : value)
  try {
    return JSON.stringify(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }), kept)
  } catch (error) {
    return error.message
  }
}

console.log(JSON.stringify(pairs.map(([written, minified]) => tree(written) === tree(minified))))
