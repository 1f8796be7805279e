// Which terms of the index a clause stands for, and in which order Lunr meets them.
// Follows lunr.py 0.8 (token_set.py): the order decides ties between equal scores.

/** @returns {Node} */
const node = () => ({ final: false, edges: new Map() })
const step = (from, char) => {
  let next = from.edges.get(char)
  if (!next) {
    next = node()
    from.edges.set(char, next)
  }
  return next
}

/** @typedef {{final: boolean, edges: Map<string, Node>}} Node */

/** The automaton of a term where * stands for any characters. */
function wildcardSet(term) {
  const root = node()
  let at = root
  for (let i = 0; i < term.length; i++) {
    if (term[i] === '*') at.edges.set('*', at)
    else at = step(at, term[i])
    at.final = i === term.length - 1
  }
  return root
}

/** The automaton of all words within a number of edits; here * stands for one character. */
function fuzzySet(term, distance) {
  const root = node()
  const stack = [[root, distance, term]]
  while (stack.length) {
    const [at, edits, rest] = stack.pop()
    if (rest) {
      const same = step(at, rest[0])
      if (rest.length === 1) same.final = true
      stack.push([same, edits, rest.slice(1)])
    }
    if (edits === 0) continue
    const any = step(at, '*')
    if (rest.length < 2) any.final = true
    stack.push([any, edits - 1, rest])
    if (rest.length > 1) stack.push([at, edits - 1, rest.slice(1)])
    if (rest.length === 1) at.final = true
    if (rest) stack.push([any, edits - 1, rest.slice(1)])
    if (rest.length > 1) stack.push([step(at, rest[1]), edits - 1, rest[0] + rest.slice(2)])
  }
  return root
}

/** A trie of sorted terms. */
function trie(terms) {
  const root = node()
  for (const term of terms) {
    let at = root
    for (const char of term) at = step(at, char)
    at.final = true
  }
  return root
}

/** What two automata share, in the order in which lunr.py lists it. */
function intersect(terms, pattern) {
  const output = node()
  const done = new Map()
  const stack = [[terms, pattern, output]]
  while (stack.length) {
    const [at, wanted, out] = stack.pop()
    // A pair met again adds nothing: all below it was handled before anything else left the stack.
    const seen = done.get(at)
    if (seen?.has(wanted)) continue
    if (seen) seen.add(wanted)
    else done.set(at, new Set([wanted]))
    for (const [want, then] of wanted.edges) {
      for (const [char, next] of want === '*' ? at.edges : at.edges.has(want) ? [[want, at.edges.get(want)]] : []) {
        const to = step(out, char)
        if (next.final && then.final) to.final = true
        stack.push([next, then, to])
      }
    }
  }
  const words = []
  /** @type {[string, Node][]} */
  const walk = [['', output]]
  while (walk.length) {
    const [prefix, at] = walk.pop()
    if (at.final) words.push(prefix)
    for (const [char, next] of at.edges) walk.push([prefix + char, next])
  }
  return words
}

/**
 * The terms among `terms` (sorted) that a pattern stands for, in lunr.py's order.
 * @param {string[]} terms
 * @param {string} term may hold *
 * @param {number} distance
 */
export const expansions = (terms, term, distance) =>
  intersect(trie(terms), distance ? fuzzySet(term, distance) : wildcardSet(term))

/** Whether a term fits a pattern where * stands for any characters. Linear in both, whatever the pattern. */
export function fits(term, pattern) {
  let at = 0
  let star = -1
  let resume = 0
  let p = 0
  while (at < term.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++
      resume = at
    } else if (p < pattern.length && pattern[p] === term[at]) {
      p += 1
      at += 1
    } else if (star >= 0) {
      p = star + 1
      at = ++resume
    } else return false
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}

/**
 * Whether a term is within a number of edits of a word, edits being what Lunr takes for one: a character more, less or
 * other, or two neighbours changed (after which the first of them may be edited again). A * in the word is any character.
 */
export function near(term, word, distance) {
  // A state is what is left of the word: perhaps a character put back by a swap, then word[j...]; and the edits left.
  const same = (want, char) => want === '*' || want === char
  const go = (i, back, j, edits) => {
    const left = (back ? 1 : 0) + word.length - j
    if (Math.abs(term.length - i - left) > edits) return false
    if (i === term.length) return true
    const char = term[i]
    if (left) {
      const [want, next] = back ? [back, j] : [word[j], j + 1]
      if (same(want, char) && go(i + 1, '', next, edits)) return true
      if (edits && (go(i, '', next, edits - 1) || go(i + 1, '', next, edits - 1))) return true
      if (edits && left > 1 && same(word[next], char) && go(i + 1, want, next + 1, edits - 1)) return true
    }
    return edits > 0 && go(i + 1, back, j, edits - 1)
  }
  return go(0, '', 0, distance)
}
