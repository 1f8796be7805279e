import assert from 'node:assert/strict'
import { test } from 'node:test'
import { named, snippet } from '../../sitegen/client/search/highlight.js'

const text = pieces => pieces.map(piece => piece.text).join('')
const hits = pieces => pieces.filter(piece => piece.hit).map(piece => piece.text)

test('a short text is shown whole with its hits', () => {
  const pieces = snippet('Graphs learn to prune a graph.', new Set(['graph']), 200)
  assert.equal(text(pieces), 'Graphs learn to prune a graph.')
  assert.deepEqual(hits(pieces), ['Graphs', 'graph'])
})

test('a long text is shown where most of the words stand', () => {
  const filler = 'Nothing to see in this sentence of the summary. '.repeat(6)
  const pieces = snippet(
    `graph first. ${filler}Here sparse graphs meet kernels. ${filler}`,
    new Set(['graph', 'spars', 'kernel']),
    120,
  )
  assert.deepEqual(hits(pieces), ['sparse', 'graphs', 'kernels'])
  assert.ok(text(pieces).length <= 130)
  assert.ok(text(pieces).startsWith('…\u00a0') && text(pieces).endsWith('\u00a0…'))
})

test('a text is cut between words', () => {
  const words = 'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda'
  const whole = new Set(words.split(' '))
  for (let length = 12; length < words.length; length++) {
    for (const wanted of ['alpha', 'delta', 'lambda']) {
      for (const word of text(snippet(words, new Set([wanted]), length))
        .replaceAll('…', '')
        .trim()
        .split(' ')) {
        assert.ok(whole.has(word), `${word} at ${length} for ${wanted}`)
      }
    }
  }
})

test('a text without hits or blanks is cut all the same', () => {
  assert.ok(text(snippet('x'.repeat(5000), new Set(), 100)).length < 110)
  assert.ok(text(snippet('深'.repeat(5000), new Set(['深深']), 100)).length < 110)
  assert.deepEqual(snippet('', new Set(['a']), 100), [])
})

test('the first authors are named, and those who were looked for', () => {
  const authors = ['Ada A', 'Bo B', 'Cyn C', 'Dov D', 'Łukasz E', 'Fay F']
  const { shown, rest } = named(authors, new Set(['lukasz']), 3)
  assert.deepEqual(shown.map(text), ['Ada A', 'Bo B', 'Cyn C', 'Łukasz E'])
  assert.deepEqual(hits(shown[3]), ['Łukasz'])
  assert.equal(rest, 2)
  assert.equal(
    named(
      Array.from({ length: 200 }, (_, i) => `Same Name ${i}`),
      new Set(['same']),
      3,
    ).shown.length,
    6,
  )
})

test('of a run of Chinese characters no more is marked than the word that was looked for', () => {
  const said = pieces => pieces.map(({ text, hit }) => (hit ? `[${text}]` : text)).join('')
  assert.equal(
    said(snippet('我们研究深度学习的方法 and deep nets', new Set(['深度', '度学', '学习', 'deep']), 200)),
    '我们研究[深度学习]的方法 and [deep] nets',
  )
})
