import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alternatives, asks, optionsOf, readState, toggled, writeState } from '../../sitegen/client/ui/url-state.js'

const NOTHING = { query: '', filters: {}, years: null, sort: 'relevance' }

test('what was written is read again', () => {
  const state = {
    query: 'C++ & "half words" über 深層 %41+',
    filters: { topic: ['graphs', 'a=b&c'], venue: ['ICML #1'] },
    years: [2023, 2025],
    sort: 'votes',
  }
  assert.deepEqual(readState(writeState(state)), state)
})

test('an empty state leaves the address clean', () => {
  assert.equal(writeState(NOTHING), '')
  assert.equal(writeState({ ...NOTHING, query: '  ' }), '')
  assert.deepEqual(readState(''), NOTHING)
  assert.equal(asks(NOTHING), false)
})

test('addresses made by hand or by malice are read as far as they make sense', () => {
  assert.deepEqual(readState('?q=%E0%A4%A&sort=__proto__&year=abc&__proto__=x&constructor=y&topic='), {
    ...NOTHING,
    query: '\ufffd%A',
  })
  assert.deepEqual(readState('?year=2025..2023').years, [2023, 2025])
  assert.deepEqual(readState('?year=2024').years, [2024, 2024])
  assert.equal(readState('?year=2024..2025..2026').years, null)
  assert.deepEqual(readState('?tag=a&tag=a&tag=b').filters, { tag: ['a', 'b'] })
  assert.equal({}.polluted, undefined)
})

test('a very long query is kept short in the address', () => {
  assert.ok(writeState({ ...NOTHING, query: 'x'.repeat(10_000) }).length < 2100)
})

test('a value chosen twice is given up', () => {
  const one = toggled(NOTHING, 'tag', 'graphs')
  assert.deepEqual(one.filters, { tag: ['graphs'] })
  assert.deepEqual(toggled(one, 'tag', 'sets').filters, { tag: ['graphs', 'sets'] })
  assert.deepEqual(toggled(one, 'tag', 'graphs'), NOTHING)
  const year = toggled(NOTHING, 'year', '2024')
  assert.deepEqual(year.years, [2024, 2024])
  assert.deepEqual(toggled(year, 'year', '2024'), NOTHING)
  assert.deepEqual(toggled(year, 'year', '2023').years, [2023, 2023])
})

test('the engine gets years as a filter of their own', () => {
  assert.deepEqual(optionsOf({ ...NOTHING, filters: { tag: ['x'] }, years: [2020, 2021] }), {
    filters: { tag: ['x'], year: [2020, 2021] },
    sort: 'relevance',
  })
  assert.deepEqual(optionsOf(NOTHING), { filters: {}, sort: 'relevance' })
})

test('who found nothing may ask without filters, without operators and for each word', () => {
  const state = readState('?q=%2Bgraph+-%22deep+nets%22+year:2024+multi-modal*&topic=a')
  assert.deepEqual(
    alternatives(state).map(({ key, values, next }) => [key, values.word ?? '', next.query, Object.keys(next.filters)]),
    [
      ['search_try_unfiltered', '', state.query, []],
      ['search_try_plain', '', 'graph deep nets 2024 multi-modal', ['topic']],
      ...['graph', 'deep', 'nets', '2024', 'multi-modal'].map(word => ['search_try_word', word, word, ['topic']]),
    ],
  )
  assert.deepEqual(alternatives(readState('?q=graph')), [])
})
