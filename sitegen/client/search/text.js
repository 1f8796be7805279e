// From what a reader types to the terms of the index: the twin of sitegen/search/tokenize.py, rule for rule.
// tests/js/text-vectors.json holds what both must answer.

const LETTERS = new Map(
  Object.entries({
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
    ø: 'o',
    ł: 'l',
    đ: 'd',
    ð: 'd',
    þ: 'th',
    ħ: 'h',
    ı: 'i',
    ŧ: 't',
    ŋ: 'n',
    ĸ: 'k',
    ς: 'σ',
  }),
)
const ACCENT = /[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]/
const WORD_PART = /[\p{L}\p{N}\p{M}]/u
// What Python's str.split() cuts at; \s of JavaScript is not quite the same.
const BLANK = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/
const DRESS = new Set(
  `begin end left right big bigg text textbf textit textrm textsc textsf texttt textup emph mathbb mathbf
mathcal mathfrak mathit mathrm mathscr mathsf mathtt operatorname boldsymbol bm bf it rm tt em frac dfrac tfrac sqrt hat tilde
bar vec dot ddot overline underline widehat widetilde mathop limits displaystyle cite citep citet ref label url href
footnote`.split(/\s+/),
)
const DOI = '10\\.[0-9]{4,9}/[^\\s"<>{}|\\\\^`]*[^\\s"<>{}|\\\\^`.,;:!?)\'\\]]'
const ARXIV_OLD = '(?:[a-z]+-[a-z]+|cs|math|nlin|stat|physics)(?:\\.[a-z]{2})?/[0-9]{7}(?:v[0-9]+)?'
const ARXIV_NEW = '(?<![0-9a-z.])[0-9]{4}\\.[0-9]{4,5}(?:v[0-9]+)?(?![0-9a-z]|\\.[0-9])'
const ACL = '(?<![0-9a-z.])(?:[0-9]{4}\\.[a-z0-9]+-[a-z0-9]+\\.[0-9]+|[a-z][0-9]{2}-[0-9]{4})(?![0-9a-z]|[-.][0-9])'
const IDENTIFIER = new RegExp(`${DOI}|${ARXIV_NEW}|${ACL}|(?<![a-z])${ARXIV_OLD}(?![0-9a-z])`, 'g')
const WORD = /[a-z]{2,}(?=[0-9])|[0-9]+(?:\.[0-9]+)+(?![a-z\x80-\ud7ff])|[a-z0-9\x80-\ud7ff]+/g
const LONGEST = 128
const CJK =
  '\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005-\\u3007\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3'
const CJK_RUN = new RegExp(`[${CJK}]+|[^${CJK}]+`, 'g')
const CJK_ANY = new RegExp(`[${CJK}]`)

/** Whether a word is of a script without blanks between words. */
export const isUnspaced = word => CJK_ANY.test(word)

/** The stop words of Lunr (lunr.py 0.8, lunr.js 2.3.9). */
export const STOP_WORDS = new Set(
  `a able about across after all almost also am among an and any are as at be because been but by can
cannot could dear did do does either else ever every for from get got had has have he her hers him his
how however i if in into is it its just least let like likely may me might most must my neither no nor
not of off often on only or other our own rather said say says she should since so some than that the
their them then there these they this tis to too twas us wants was we were what when where which while
who whom why will with would yet you your`.split(/\s+/),
)

function foldForeign(run) {
  let kept = ''
  for (const char of run.replace(/[™℠]/g, ' ').normalize('NFKD').toLowerCase()) {
    if (/[\u2018\u2019\u02bc\u2032]/.test(char)) kept += "'"
    else if (/\p{Cf}/u.test(char) || ACCENT.test(char)) continue
    else if (char < '\x80') kept += char
    else if (WORD_PART.test(char) && char < '\ud800') kept += LETTERS.get(char) ?? char
    else kept += ' '
  }
  return kept.normalize('NFC')
}

function bigrams(word) {
  return word
    .match(CJK_RUN)
    .flatMap(run =>
      CJK_ANY.test(run) && run.length > 2
        ? Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2))
        : [run],
    )
}

function plain(text) {
  return (text.match(WORD) ?? []).flatMap(word => (CJK_ANY.test(word) ? bigrams(word) : [word]))
}

function wordsOfChunk(chunk) {
  const text = chunk
    .toLowerCase()
    .replace(/[^\x00-\x7f]+/g, foldForeign)
    .replace(/\\(?:["'`^~=.]|[uvHcrkbdt](?=\{))\{?([a-z])\}?/g, '$1')
    .replace(/\\([a-z]+)/g, (_, name) => (DRESS.has(name) ? ' ' : ` ${name} `))
    .replace(/(?<![a-z0-9])(?:[cdjlmnst]|qu|dell|all|dall|nell|sull|un)'(?=[aeiouhy])/g, '')
    .replace(/'s(?![a-z0-9])/g, '')
    .replace(/(?<=[a-z])'(?=[a-z])/g, '')
    .replace(/(?<![a-z0-9])([a-z])\+\+/g, '$1plusplus')
    .replace(/(?<![a-z0-9])([a-z])#(?![a-z0-9])/g, '$1sharp')
    .replace(/(?<=[0-9]),(?=[0-9]{3}(?![0-9]))/g, '')
    .replace(/[\x00-\x08\x0e-\x1f\x7f]/g, ' ')
    .replace(IDENTIFIER, found => `\0${found.replace(/v[0-9]+$/, '').replaceAll('-', '_')}\0`)
  return text
    .split('\0')
    .flatMap((part, i) => (i % 2 ? [part] : plain(part)))
    .map(word => word.slice(0, LONGEST))
}

/**
 * The words of a text in order, folded: lower-case letters and figures, or one identifier.
 * @param {string} text
 * @returns {string[]}
 */
export function words(text) {
  const found = text.split(BLANK).flatMap(wordsOfChunk)
  return found.length && found.every(word => STOP_WORDS.has(word)) ? [`${found.join('_')}_`] : found
}

/** The words of a text, joined by blanks. */
export const fold = text => words(text).join(' ')

/** Lunr's trimmer as lunr.py has it: a word between things that are none. */
const trim = word => word.match(/^[^\p{L}\p{N}_]*([\p{L}\p{N}_]+)[^\p{L}\p{N}_]*$/u)?.[1] ?? word

/**
 * The index term of one word, or '' for a stop word.
 * @param {string} word
 */
export function term(word) {
  const trimmed = trim(word)
  return STOP_WORDS.has(trimmed) ? '' : stem(trimmed)
}

/**
 * The index terms of a text in order, stop words left out.
 * @param {string} text
 * @returns {string[]}
 */
export const terms = text => words(text).map(term).filter(Boolean)

const isHit = (text, wanted) => terms(text).some(t => wanted.has(t))

/** A word of scripts without blanks: of a run of their characters a hit is no more than the pairs that were looked for. */
function piecesOfRuns(word, wanted) {
  return word.match(CJK_RUN).flatMap(run => {
    if (!CJK_ANY.test(run) || run.length < 3) return [{ text: run, hit: isHit(run, wanted) }]
    const hits = Array.from(run, () => false)
    for (let i = 0; i < run.length; i++) {
      if (isHit(run[i], wanted)) hits[i] = true
      if (i + 1 < run.length && isHit(run.slice(i, i + 2), wanted)) hits[i] = hits[i + 1] = true
    }
    return Array.from(run, (text, i) => ({ text, hit: hits[i] }))
  })
}

/**
 * The text cut into pieces which are hits or not, for highlighting with textContent.
 * @param {string} text
 * @param {Set<string>} wanted index terms
 * @returns {{text: string, hit: boolean}[]}
 */
export function segments(text, wanted) {
  const found = []
  for (const piece of text.split(/([\p{L}\p{N}\p{M}_]+(?:[-'’+#./][\p{L}\p{N}\p{M}_+#]+)*[+#]*)/u)) {
    if (!piece) continue
    for (const part of CJK_ANY.test(piece)
      ? piecesOfRuns(piece, wanted)
      : [{ text: piece, hit: isHit(piece, wanted) }]) {
      const last = found.at(-1)
      if (last && last.hit === part.hit) last.text += part.text
      else found.push(part)
    }
  }
  return found
}

/** Whether letter i is a consonant; y is one at the start of a word, after a vowel, and not after a consonant. */
const consonant = (word, i) => {
  let at = i
  while (at > 0 && word[at] === 'y') at -= 1
  return (i - at) % 2 === (/[aeiou]/.test(word[at]) ? 1 : 0)
}

/** The number of vowel-consonant sequences in a stem: Porter's m. */
function measure(stem) {
  let m = 0
  for (let i = 1; i < stem.length; i++) if (consonant(stem, i) && !consonant(stem, i - 1)) m += 1
  return m
}

const hasVowel = stem => {
  for (let i = 0; i < stem.length; i++) if (!consonant(stem, i)) return true
  return false
}
const doubled = word => word.length > 1 && word.at(-1) === word.at(-2) && consonant(word, word.length - 1)
const shortEnd = word => {
  const i = word.length - 1
  return i > 1 && consonant(word, i) && !consonant(word, i - 1) && consonant(word, i - 2) && !/[wxy]/.test(word[i])
}

const STEP2 = Object.entries({
  ational: 'ate',
  tional: 'tion',
  enci: 'ence',
  anci: 'ance',
  izer: 'ize',
  bli: 'ble',
  alli: 'al',
  entli: 'ent',
  eli: 'e',
  ousli: 'ous',
  ization: 'ize',
  ation: 'ate',
  ator: 'ate',
  alism: 'al',
  iveness: 'ive',
  fulness: 'ful',
  ousness: 'ous',
  aliti: 'al',
  iviti: 'ive',
  biliti: 'ble',
  logi: 'log',
})
const STEP3 = Object.entries({ icate: 'ic', ative: '', alize: 'al', iciti: 'ic', ical: 'ic', ful: '', ness: '' })
const STEP4 = /(?:al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|(?<=[st])ion|ou|ism|ate|iti|ous|ive|ize)$/

function replaceEnd(word, table) {
  const rule = table.find(([end]) => word.endsWith(end))
  if (!rule) return word
  const stem = word.slice(0, -rule[0].length)
  return measure(stem) > 0 ? stem + rule[1] : word
}

/**
 * Porter's stemmer with the departures of lunr.py's (which differs from lunr.js's on a few short words).
 * @param {string} word
 */
export function stem(word) {
  if (word.length < 3) return word
  let w = word
  if (w.endsWith('sses')) w = w.slice(0, -2)
  else if (w.endsWith('ies')) w = w.slice(0, -2)
  else if (w.endsWith('s') && w.at(-2) !== 's') w = w.slice(0, -1)
  if (w.endsWith('eed')) {
    if (measure(w.slice(0, -3)) > 0) w = w.slice(0, -1)
  } else {
    const end = /(?:ed|ing)$/.exec(w)?.[0]
    if (end && hasVowel(w.slice(0, -end.length))) {
      w = w.slice(0, -end.length)
      if (/(?:at|bl|iz)$/.test(w)) w += 'e'
      else if (doubled(w)) {
        if (!/[lsz]$/.test(w)) w = w.slice(0, -1)
      } else if (measure(w) === 1 && shortEnd(w)) w += 'e'
    }
  }
  if (w.endsWith('y') && hasVowel(w.slice(0, -1))) w = `${w.slice(0, -1)}i`
  w = replaceEnd(replaceEnd(w, STEP2), STEP3)
  const cut = STEP4.exec(w)
  if (cut && measure(w.slice(0, cut.index)) > 1) w = w.slice(0, cut.index)
  if (w.endsWith('e')) {
    const m = measure(w.slice(0, -1))
    if (m > 1 || (m === 1 && !shortEnd(w.slice(0, -1)))) w = w.slice(0, -1)
  }
  return w.endsWith('ll') && measure(w.slice(0, -1)) > 1 ? w.slice(0, -1) : w
}
