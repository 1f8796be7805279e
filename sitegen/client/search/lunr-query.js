// Lunr's query language: terms, field:, ^boost, ~distance, *, + and -.
// Follows lunr.py 0.8 (query_lexer.py, query_parser.py), which follows lunr.js 2.3.

/**
 * @typedef {object} Clause
 * @property {string} term
 * @property {string[]} fields
 * @property {number} boost
 * @property {number} distance edits that are allowed; 0 means none
 * @property {0 | 1 | -1} presence optional, required or prohibited
 * @property {boolean} stemmed whether the term goes through the stemmer
 */

export class QueryError extends Error {
  name = 'QueryError'
}

const SEPARATORS = ' \t\n\r\f\v\xa0-'

function lex(text) {
  const lexemes = []
  let start = 0
  let at = 0
  let escapes = []
  const emit = type => {
    let string = ''
    for (const backslash of escapes) {
      string += text.slice(start, backslash)
      start = backslash + 1
    }
    lexemes.push({ type, string: string + text.slice(start, at) })
    escapes = []
    start = at
  }
  const skip = () => {
    if (start === at) at += 1
    start = at
  }
  const figures = type => {
    skip()
    while (at < text.length && text[at] >= '0' && text[at] <= '9') at += 1
    emit(type)
  }
  while (at < text.length) {
    const char = text[at]
    at += 1
    if (char === '\\') {
      escapes.push(at - 1)
      at += 1
    } else if (char === ':') {
      at -= 1
      emit('field')
      skip()
    } else if (char === '~' || char === '^') {
      at -= 1
      if (at > start) emit('term')
      figures(char === '~' ? 'edit distance' : 'boost')
    } else if ((char === '+' || char === '-') && at - start === 1) emit('presence')
    else if (SEPARATORS.includes(char)) {
      if (at - start > 1) {
        at -= 1
        emit('term')
      }
      skip()
    }
  }
  if (at > start) emit('term')
  return lexemes
}

/**
 * The clauses of a query in Lunr's language. Throws QueryError where Lunr raises its parse error.
 * @param {string} text
 * @param {string[]} fields the fields of the index
 * @returns {Clause[]}
 */
export function parseLunr(text, fields) {
  const clauses = []
  const fresh = () => ({ term: '', fields, boost: 1, distance: 0, presence: 0, stemmed: true })
  let clause = fresh()
  let before = null // what the clause under construction ended with so far
  for (const { type, string } of lex(text)) {
    const started = before === 'term' || before === 'edit distance' || before === 'boost'
    if (started && (type === 'term' || type === 'field' || type === 'presence')) {
      clauses.push(clause)
      clause = fresh()
      before = null
    }
    if (type === 'term') {
      clause.term = string.toLowerCase()
      clause.stemmed = !string.includes('*')
    } else if (type === 'field' && before !== 'field') {
      if (!fields.includes(string)) throw new QueryError(`unknown field "${string}", known: ${fields.join(', ')}`)
      clause.fields = [string]
    } else if (type === 'presence' && before === null) clause.presence = string === '+' ? 1 : -1
    else if (started && string) clause[type === 'boost' ? 'boost' : 'distance'] = Number(string)
    else if (started) throw new QueryError(`a number must follow ${type === 'boost' ? '^' : '~'}`)
    else throw new QueryError(`expected a term, found ${type}`)
    before = type
  }
  if (before === 'field' || before === 'presence') throw new QueryError('expected a term, found nothing')
  if (before !== null) clauses.push(clause)
  return clauses
}
