// node ids.mjs < [[id as written, title]]   prints the ids that cards have
import { text } from 'node:stream/consumers'
import { card } from '../../sitegen/client/search/page-format.js'

const ids = JSON.parse(await text(process.stdin)).map(
  ([record, title]) => card([record, 0, title, [], '', '', null, [], [], ''], 0).id,
)
console.log(JSON.stringify(ids))
