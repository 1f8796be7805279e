import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  added,
  formatList,
  marked,
  parseList,
  removed,
  sharedUrls,
  shareHash,
} from '../../sitegen/client/reading_list/list.js'
import { bibliography, distinct, parseFile } from '../../sitegen/client/reading_list/reference-files.js'

const paper = (id, more = {}) => ({
  url: `papers/${id}/`,
  title: `Title ${id}`,
  authors: 'Ada A',
  date: '2025-01-02',
  read: false,
  ...more,
})

test('a list is read as it was written', () => {
  const list = [paper('a'), paper('b', { read: true })]
  assert.deepEqual(parseList(formatList(list)), list)
})

test('what somebody else wrote into the storage is read as far as it makes sense', () => {
  for (const stored of [null, '', '[]', '{', 'null', '{"papers": 3}', '{"papers": {"map": 1}}'])
    assert.deepEqual(parseList(stored), [])
  const odd = [
    1,
    null,
    { url: 'javascript:alert(1)' },
    { url: '../x/' },
    { url: 'papers/a/' },
    { url: 'papers/a/' },
    { url: 'papers/b/?x/' },
  ]
  assert.deepEqual(parseList(JSON.stringify({ papers: odd })), [
    { url: 'papers/a/', title: 'papers/a/', authors: '', date: '', read: false },
  ])
  assert.deepEqual(
    parseList('{"papers": [{"url": "papers/a/", "__proto__": {"polluted": 1}, "read": "yes"}]}')[0].read,
    false,
  )
  assert.equal({}.polluted, undefined)
})

test('a paper that is there keeps its place and its mark', () => {
  const list = [paper('a'), paper('b', { read: true })]
  assert.deepEqual(
    added(list, [paper('b'), paper('c')]).map(p => [p.url, p.read]),
    [
      ['papers/c/', false],
      ['papers/a/', false],
      ['papers/b/', true],
    ],
  )
  assert.deepEqual(removed(list, 'papers/a/'), [list[1]])
  assert.deepEqual(
    marked(list, 'papers/a/', true).map(p => p.read),
    [true, true],
  )
})

test('a shared address holds the papers and nothing else', () => {
  const hash = shareHash([paper('a-b'), paper('x2.y_z')])
  assert.equal(hash, '#papers=a-b,x2.y_z')
  assert.deepEqual(sharedUrls(hash), ['papers/a-b/', 'papers/x2.y_z/'])
  assert.deepEqual(sharedUrls('#papers=../../x,..,a?b,,a b,%3Cimg%3E,c,c'), ['papers/c/'])
  assert.deepEqual(sharedUrls('#main'), [])
})

const BIBTEX = `A remark.
@article{one, title = {Learning {G}raphs: \\emph{sparse} ones}, doi = "10.1/x", year = 2024}
@misc{two,
  title = "No {"}braces{"} here",
  url = {https://lab.example/site/papers/two-of-them/},
}`
const RIS =
  'TY  - JOUR\nTI  - Learning graphs\nDO  - 10.1/x\nUR  - https://lab.example/papers/one/\nER  -\n\nTY  - GEN\nT1  - Second\nER  -\n'
const CSL = JSON.stringify([
  { id: 'k', title: 'Learning graphs', DOI: '10.1/x', custom: { readingList: { url: 'papers/one/', read: true } } },
  { id: 'm', title: 'Elsewhere', URL: 'https://doi.org/10.1/y' },
  7,
  null,
])

test('papers are found in BibTeX, RIS and CSL-JSON', () => {
  assert.deepEqual(parseFile(BIBTEX), [
    { title: 'Learning Graphs: sparse ones', doi: '10.1/x', url: '', read: false },
    { title: 'No "braces" here', doi: '', url: 'papers/two-of-them/', read: false },
  ])
  assert.deepEqual(parseFile(RIS), [
    { title: 'Learning graphs', doi: '10.1/x', url: 'papers/one/', read: false },
    { title: 'Second', doi: '', url: '', read: false },
  ])
  assert.deepEqual(parseFile(CSL), [
    { title: 'Learning graphs', doi: '10.1/x', url: 'papers/one/', read: true },
    { title: 'Elsewhere', doi: '', url: '', read: false },
  ])
})

test('a file that is none of these brings nothing and breaks nothing', () => {
  for (const content of [
    '',
    '\0',
    '{}',
    '3',
    '"x"',
    '@',
    '@article{',
    '@article{x, title = {',
    'TY  - ',
    '<html>',
    '@'.repeat(10_000),
  ]) {
    assert.deepEqual(
      parseFile(content).filter(wanted => wanted.title || wanted.url),
      [],
      content.slice(0, 20),
    )
  }
})

test('equal keys become distinct', () => {
  assert.deepEqual(distinct(['a', 'b', 'a', 'a', 'ab']), ['a', 'b', 'ab', 'ac', 'abb'])
  assert.equal(new Set(distinct(Array(100).fill('x'))).size, 100)
})

test('a bibliography has every paper once, and reads back', () => {
  const bibtex = ['@misc{key,\n  title = {First},\n}', '@misc{key,\n  title = {Second},\n}'].map((text, i) => ({
    paper: paper(i),
    text,
  }))
  assert.deepEqual(
    [...bibliography('bibtex', bibtex).matchAll(/@misc\{(\w+)/g)].map(m => m[1]),
    ['key', 'keyb'],
  )
  const csl = [
    { paper: paper('a', { read: true }), text: '[{"id": "k", "title": "First"}]' },
    { paper: paper('b'), text: '[{"id": "k", "title": "Second"}]' },
  ]
  const written = bibliography('csl', csl)
  assert.deepEqual(
    JSON.parse(written).map(item => item.id),
    ['k', 'kb'],
  )
  assert.deepEqual(
    parseFile(written).map(({ url, read }) => [url, read]),
    [
      ['papers/a/', true],
      ['papers/b/', false],
    ],
  )
})
