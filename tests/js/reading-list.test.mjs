import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  added,
  arranged,
  changed,
  formatList,
  merged,
  parseList,
  removed,
  sharedUrls,
  shareHash,
} from '../../sitegen/client/reading_list/list.js'
import { bibliography, distinct, markdown, parseFile } from '../../sitegen/client/reading_list/reference-files.js'
import { suggestions } from '../../sitegen/client/reading_list/suggestions.js'
import { transferHash, transferred } from '../../sitegen/client/reading_list/transfer.js'

const paper = (id, more = {}) => ({
  url: `papers/${id}/`,
  title: `Title ${id}`,
  authors: 'Ada A',
  date: '2025-01-02',
  read: false,
  note: '',
  added: '',
  lists: [],
  pdf: '',
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
    {
      url: 'papers/a/',
      title: 'papers/a/',
      authors: '',
      date: '',
      read: false,
      note: '',
      added: '',
      lists: [],
      pdf: '',
    },
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
    changed(list, 'papers/a/', { read: true }).map(p => p.read),
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
    { title: 'Learning Graphs: sparse ones', doi: '10.1/x', url: '', own: {} },
    { title: 'No "braces" here', doi: '', url: 'papers/two-of-them/', own: {} },
  ])
  assert.deepEqual(parseFile(RIS), [
    { title: 'Learning graphs', doi: '10.1/x', url: 'papers/one/', own: {} },
    { title: 'Second', doi: '', url: '', own: {} },
  ])
  assert.deepEqual(parseFile(CSL), [
    {
      title: 'Learning graphs',
      doi: '10.1/x',
      url: 'papers/one/',
      own: { read: true, note: '', added: '', lists: [], pdf: '' },
    },
    { title: 'Elsewhere', doi: '', url: '', own: {} },
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
    parseFile(written).map(({ url, own }) => [url, own.read]),
    [
      ['papers/a/', true],
      ['papers/b/', false],
    ],
  )
})

test('two lists are put together without loss, however often and in either order', () => {
  const mine = [paper('a', { read: true, note: 'mine', lists: ['thesis'], added: '2025-02-02' }), paper('b')]
  const other = [
    paper('a', { note: 'other', lists: ['class'], added: '2025-01-01', pdf: 'https://example.org/a.pdf' }),
    paper('c'),
  ]
  const both = merged(mine, other)
  assert.deepEqual(both.map(({ url }) => url).sort(), ['papers/a/', 'papers/b/', 'papers/c/'])
  const a = both.find(({ url }) => url === 'papers/a/')
  assert.deepEqual(
    [a.read, a.note, a.lists, a.added, a.pdf],
    [true, 'mine\nother', ['thesis', 'class'], '2025-01-01', 'https://example.org/a.pdf'],
  )
  assert.deepEqual(merged(both, other), both)
  assert.deepEqual(merged(merged(both, mine), other), both)
  const reverse = merged(other, mine).find(({ url }) => url === 'papers/a/')
  assert.deepEqual([reverse.read, reverse.note.split('\n').sort()], [true, ['mine', 'other']])
})

test('the list can be searched, narrowed and sorted', () => {
  const list = [
    paper('b', { title: 'Béta trees', date: '2024', note: 'for the thesis', lists: ['thesis'] }),
    paper('a', { title: 'Alpha nets', date: '2025-03-01', read: true }),
  ]
  const ids = how => arranged(list, { find: '', show: 'all', list: '', sort: 'added', ...how }).map(({ url }) => url[7])
  assert.deepEqual(ids({}), ['b', 'a'])
  assert.deepEqual(ids({ sort: 'title' }), ['a', 'b'])
  assert.deepEqual(ids({ sort: 'date' }), ['a', 'b'])
  assert.deepEqual(ids({ show: 'unread' }), ['b'])
  assert.deepEqual(ids({ show: 'read' }), ['a'])
  assert.deepEqual(ids({ list: 'thesis' }), ['b'])
  assert.deepEqual(ids({ find: 'beta THESIS' }), ['b'])
})

test('a whole list travels in an address, and a broken one brings nothing', async () => {
  const list = [paper('a', { read: true, note: 'über 漢字', lists: ['x'] }), paper('b')]
  const hash = await transferHash(list)
  assert.match(hash, /^#list=[\w-]+$/)
  assert.deepEqual(await transferred(hash), list)
  assert.equal(await transferred('#papers=a'), null)
  for (const broken of ['#list=', '#list=%%%', '#list=AAAA', hash.slice(0, -9)])
    assert.deepEqual(await transferred(broken), [])
})

test('a file of a reading list keeps marks, notes and lists', () => {
  const own = { read: true, note: 'two\nlines', added: '2025-01-02', lists: ['x'], pdf: 'https://example.org/a.pdf' }
  const [back] = parseFile(bibliography('csl', [{ paper: paper('a', own), text: '[{"id": "k", "title": "First"}]' }]))
  assert.deepEqual(back.own, own)
})

test('Markdown has links, marks and notes, and nothing in a title is taken for its own', () => {
  const written = markdown(
    [paper('a', { title: 'A [b](c) *d*', read: true, note: 'one\ntwo' })],
    new URL('https://example.org/s/'),
  )
  assert.equal(
    written,
    '- [x] [A \\[b\\](c) \\*d\\*](https://example.org/s/papers/a/) (Ada A, 2025-01-02)\n  > one\n  > two\n',
  )
})

test('suggestions are what most of the list is near to, never what is on it, and say why', () => {
  const near = id => ({ url: `papers/${id}/`, title: id, why: '' })
  const pages = [
    { title: 'First', near: [near('x'), near('y'), near('second')] },
    { title: 'Second', near: [near('y'), near('z')] },
  ]
  const found = suggestions(pages, new Set(['papers/first/', 'papers/second/']), 2)
  assert.deepEqual(
    found.map(({ title, because }) => [title, because]),
    [
      ['y', ['First', 'Second']],
      ['x', ['First']],
    ],
  )
})
