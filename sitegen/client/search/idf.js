// How much a term says. Follows lunr.py 0.8 (idf.py).

/**
 * Lunr's inverse document frequency.
 * @param {number} count postings of a term in all fields
 * @param {number} documents
 */
export const idf = (count, documents) => Math.log(1 + Math.abs((documents - count + 0.5) / (count + 0.5)))
