// Light, dark, or as the system has it.

const TINTS = ['auto', 'light', 'dark']

/**
 * The tint that follows another one.
 * @param {string} tint
 * @returns {string}
 */
export function nextTint(tint) {
  return TINTS[(TINTS.indexOf(tint) + 1) % TINTS.length]
}

/**
 * Make the button with `data-tint` switch the colours and remember the choice.
 * @param {Document} document
 */
export function tintButton(document) {
  const button = document.querySelector('button[data-tint]')
  if (!(button instanceof HTMLButtonElement)) return
  const root = document.documentElement
  const show = () => {
    button.title = button.dataset[root.dataset.tint ?? 'auto'] ?? ''
  }
  button.addEventListener('click', () => {
    const tint = nextTint(root.dataset.tint ?? 'auto')
    if (tint === 'auto') delete root.dataset.tint
    else root.dataset.tint = tint
    try {
      localStorage.setItem('tint', tint)
    } catch {
      // The choice holds for this page then.
    }
    show()
  })
  show()
}
