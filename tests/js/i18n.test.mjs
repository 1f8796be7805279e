import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listed } from '../../sitegen/client/ui/facets.js'
import { translator } from '../../sitegen/client/ui/i18n.js'
import { statusOf } from '../../sitegen/client/ui/status.js'
import { toggled } from '../../sitegen/client/ui/url-state.js'

const TABLE = {
  'papers.one': '{n} paper',
  'papers.other': '{n} papers',
  'search_found.one': '{n} paper for “{query}”',
  'search_found.other': '{n} papers for “{query}”',
  'search_typo.one': 'no {words}: {n}',
  'search_typo.other': 'no {words}: {n} of them',
  search_none: 'none for “{query}”',
  search_none_chosen: 'none',
}
const english = translator(TABLE, 'en')
const state = { query: 'graph', filters: {}, years: null, sort: 'relevance' }

test('plurals, numbers and dates are those of the language', () => {
  assert.equal(english.count('papers', 1), '1 paper')
  assert.equal(english.count('papers', 12345), '12,345 papers')
  assert.equal(translator(TABLE, 'de').number(12345), '12.345')
  assert.equal(english.date('2025-10-29'), 'Oct 29, 2025')
  assert.equal(english.date('no date'), 'no date')
})

test('an unreadable language tag falls back to English', () => {
  assert.equal(translator(TABLE, 'x_y z').count('papers', 2), '2 papers')
})

test('a query that looks like a placeholder stays as it is', () => {
  assert.equal(english.translate('search_none', { query: '{n} {constructor} $&' }), 'none for “{n} {constructor} $&”')
})

test('the status line repeats the query, shortened', () => {
  assert.equal(statusOf({ total: 2, counted: true, notice: null }, state, english), '2 papers for “graph”')
  assert.equal(statusOf({ total: 0, counted: true, notice: null }, state, english), 'none for “graph”')
  assert.equal(statusOf({ total: 3, counted: true, notice: null }, { ...state, query: ' ' }, english), '3 papers')
  assert.equal(statusOf({ total: 0, counted: true, notice: null }, { ...state, query: '' }, english), 'none')
  assert.ok(
    statusOf({ total: 2, counted: true, notice: null }, { ...state, query: 'x'.repeat(10_000) }, english).length < 100,
  )
})

test('a number that is not all is told as such', () => {
  assert.equal(statusOf({ total: 1234, counted: false, notice: null }, state, english), '1,000+ papers for “graph”')
  assert.equal(statusOf({ total: 98, counted: false, notice: null }, state, english), '90+ papers for “graph”')
})

test('the status line says which words no paper has', () => {
  const notice = { kind: 'typo', words: ['garph', 'newral'], message: '' }
  assert.equal(statusOf({ total: 7, counted: true, notice }, state, english), 'no garph, newral: 7 of them')
})

const VALUES = [
  { label: 'Graphs', slug: 'graphs', count: 5 },
  { label: 'Sets', slug: 'sets', count: 2 },
]

test('chosen values of a facet come first, also those that no paper found has', () => {
  const chosen = { ...state, filters: { tag: ['sets', 'gone'] } }
  assert.deepEqual(
    listed(chosen, 'tag', VALUES).map(v => [v.key, v.count, v.pressed]),
    [
      ['gone', 0, true],
      ['sets', 2, true],
      ['graphs', 5, false],
    ],
  )
})

test('a value that is chosen by its label is that value, and given up by what chose it', () => {
  const values = [
    { label: 'Graph Theory', slug: 'graph-theory', count: 5 },
    { label: 'Köln sets', slug: 'koeln', count: 2 },
  ]
  const chosen = { ...state, filters: { topic: ['koln sets', 'graph theory', 'graph-theory', 'Gone'] } }
  assert.deepEqual(listed(chosen, 'topic', values), [
    { label: 'Gone', key: 'Gone', count: 0, pressed: true },
    { label: 'Graph Theory', key: 'graph theory', count: 5, pressed: true },
    { label: 'Köln sets', key: 'koln sets', count: 2, pressed: true },
  ])
  const one = { ...state, filters: { topic: ['Köln Sets'] } }
  assert.deepEqual(toggled(one, 'topic', listed(one, 'topic', values)[0].key).filters, {})
})

test('years keep their order and a range presses each of its years', () => {
  const years = ['2025', '2024', '2023'].map(label => ({ label, slug: label, count: 1 }))
  const chosen = { ...state, years: [2023, 2024] }
  assert.deepEqual(
    listed(chosen, 'year', years).map(v => [v.key, v.pressed]),
    [
      ['2025', false],
      ['2024', true],
      ['2023', true],
    ],
  )
})

test('venues are chosen by their label', () => {
  assert.equal(listed(state, 'venue', [{ label: 'ICML', slug: 'icml', count: 1 }])[0].key, 'ICML')
})
