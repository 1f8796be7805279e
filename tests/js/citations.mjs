// stdin: JSON [CSL-JSON of a page as text]; stdout: JSON [{ris, csl}]
import { readFileSync } from 'node:fs'
import { csl, ris } from '../../sitegen/client/citations.js'

const carried = JSON.parse(readFileSync(0, 'utf8')).map(text => JSON.parse(text))
console.log(JSON.stringify(carried.map(item => ({ ris: ris(item), csl: csl(item) }))))
