// The theme's words in the client: plurals, numbers and dates as the language has them. Pure.

/**
 * @typedef {object} Translator
 * @property {(key: string, values?: Record<string, unknown>) => string} translate the text with `{name}` replaced
 * @property {(key: string, n: number, values?: Record<string, unknown>) => string} count the plural form for n
 * @property {(n: number) => string} number
 * @property {(iso: string) => string} date a day, a month or a year as readers write it
 */

/**
 * @param {Record<string, string>} table plural forms end in `.one`, `.other`, ... as in the theme's words
 * @param {string} language BCP 47 tag
 * @returns {Translator}
 */
export function translator(table, language) {
  const tag = supported(language)
  const plural = new Intl.PluralRules(tag)
  const number = new Intl.NumberFormat(tag)
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' })
  const monthOfYear = new Intl.DateTimeFormat(tag, { month: 'short', year: 'numeric', timeZone: 'UTC' })
  const fill = (text, values) =>
    text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole))
  const translate = (key, values = {}) => fill(Object.hasOwn(table, key) ? table[key] : key, values)
  return {
    translate,
    count: (key, n, values = {}) => {
      const form = `${key}.${plural.select(n)}`
      return translate(Object.hasOwn(table, form) ? form : `${key}.other`, { n: number.format(n), ...values })
    },
    number: n => number.format(n),
    date: iso => {
      const [year, month, ofMonth] = iso.split('-')
      if (!month) return year
      const time = Date.parse(`${year}-${month}-${ofMonth ?? '01'}T00:00:00Z`)
      return Number.isNaN(time) ? iso : (ofMonth ? day : monthOfYear).format(time)
    },
  }
}

/** The tag itself, or English where the browser cannot read it. */
function supported(tag) {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en'
  } catch {
    return 'en'
  }
}
