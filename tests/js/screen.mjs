// node screen.mjs SITE < {text, screen, limit}   prints the ids of the first screen and of all hits, and how many cards were
// still held back when the first screen was there
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openSearch } from '../../sitegen/client/search/search.js'
import { fetchFile } from './disk.mjs'

const given = JSON.parse(await text(process.stdin))
const held = []
let cards = 0

/** Holds back the blocks of cards that are asked for after those of the first screen. */
async function fetch(url) {
  if (String(url).includes('/cards/')) cards += 1
  if (String(url).includes('/cards/') && cards > given.screen) await new Promise(resolve => held.push(resolve))
  return fetchFile(url)
}

const search = await openSearch(`${pathToFileURL(process.argv[2])}/`, { fetch })
let screen
let waiting = 0
const { hits } = await search.query(given.text, {
  ...given,
  onScreen: answer => {
    screen = answer.hits.map(hit => hit.id)
    waiting = held.length
    for (const release of held) release()
  },
})
console.log(JSON.stringify({ screen, all: hits.map(hit => hit.id), waiting }))
