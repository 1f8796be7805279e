// stdin: JSON [{bibtex, facts: [[name, content]], url}]; stdout: JSON [{ris, csl}]
import { readFileSync } from 'node:fs'
import { csl, ris } from '../../sitegen/client/citations.js'

const cited = JSON.parse(readFileSync(0, 'utf8')).map(({ facts, ...rest }) => ({ ...rest, facts: new Map(facts) }))
console.log(JSON.stringify(cited.map(page => ({ ris: ris(page), csl: csl(page) }))))
