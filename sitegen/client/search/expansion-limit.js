// What half a word, a typing error or a pattern may stand for, within bounds.

/**
 * The entries of the commonest terms, as many as `most` allows.
 * @param {import('./pages.js').Pages} pages
 * @param {{term: string, count: number}[]} found
 * @param {{terms: number, pages: number, postings: number}} most
 */
export async function withinLimit(pages, found, most) {
  const touched = new Set()
  const taken = []
  let postings = 0
  for (const { term, count } of [...found].sort((a, b) => b.count - a.count)) {
    const page = pages.place(term)
    if (taken.length >= most.terms || postings + count > most.postings) break
    if (!touched.has(page) && touched.size >= most.pages) continue
    touched.add(page)
    taken.push(pages.entry(term))
    postings += count
  }
  return { entries: await Promise.all(taken), bounded: taken.length < found.length }
}
