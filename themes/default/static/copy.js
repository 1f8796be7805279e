// Citations: the formats that the page does not hold, and buttons that copy, one for each <pre> in an element with
// data-copy (the button's label) and data-copied (what it says when that is done).
import { citation } from './client/citations.js'

const SHOWN_FOR = 2000

/**
 * Unfold RIS and CSL-JSON below the BibTeX of a paper's page.
 * @param {Document} document
 */
export function moreCitations(document) {
  const last = document.querySelector('.cite pre[data-format="bibtex"]')?.closest('details')
  if (!last) return
  /** @type {['csl' | 'ris', string][]} */
  const formats = [
    ['csl', 'CSL-JSON'],
    ['ris', 'RIS'],
  ]
  for (const [format, label] of formats) {
    const details = document.createElement('details')
    details.name = 'cite'
    const summary = document.createElement('summary')
    summary.textContent = label
    const text = document.createElement('pre')
    text.dataset.format = format
    text.textContent = citation(document, format)
    details.append(summary, text)
    last.after(details)
  }
}

/**
 * Put a button that copies the BibTeX beside the links of a paper.
 * @param {Document} document
 */
export function copyCitation(document) {
  const box = /** @type {HTMLElement | null} */ (document.querySelector('[data-copy-citation]'))
  const source = /** @type {HTMLElement | null} */ (document.querySelector('.cite pre[data-format="bibtex"]'))
  const place = document.querySelector('.actions')
  if (!box || !source || !place) return
  const button = copyButton(document, source, box.dataset.copyCitation ?? '', box.dataset.copied ?? '')
  button.className = 'copy-citation'
  place.append(button)
}

/**
 * Give every text that is there to be copied a button.
 * @param {Document} document
 */
export function copyButtons(document) {
  for (const box of document.querySelectorAll('[data-copy]')) {
    if (!(box instanceof HTMLElement)) continue
    for (const source of box.querySelectorAll('pre')) {
      source.after(copyButton(document, source, box.dataset.copy ?? '', box.dataset.copied ?? ''))
    }
  }
}

/**
 * @param {Document} document
 * @param {HTMLElement} source
 * @param {string} label
 * @param {string} done
 * @returns {HTMLButtonElement}
 */
function copyButton(document, source, label, done) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = label
  button.setAttribute('aria-live', 'polite')
  button.addEventListener('click', async () => {
    if (!(await copyText(source.textContent ?? ''))) {
      select(source)
      return
    }
    button.textContent = done
    setTimeout(() => {
      button.textContent = label
    }, SHOWN_FOR)
  })
  return button
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether the text is in the clipboard
 */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/**
 * Select an element's text, for the reader to copy by hand where the browser forbids it to us.
 * @param {Element} element
 */
function select(element) {
  const folded = element.closest('details')
  if (folded) folded.open = true
  const range = document.createRange()
  range.selectNodeContents(element)
  const selection = getSelection()
  selection?.removeAllRanges()
  selection?.addRange(range)
}
