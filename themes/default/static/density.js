// Lists with or without summaries, as the reader likes it.

/**
 * Make the button with `data-density-button` switch summaries off and on, and remember the choice.
 * @param {Document} document
 */
export function densityButton(document) {
  const button = document.querySelector('[data-density-button]')
  if (!(button instanceof HTMLButtonElement)) return
  const root = document.documentElement
  const show = () => button.setAttribute('aria-pressed', String(root.dataset.density === 'dense'))
  button.addEventListener('click', () => {
    const dense = root.dataset.density !== 'dense'
    if (dense) root.dataset.density = 'dense'
    else delete root.dataset.density
    try {
      localStorage.setItem('density', dense ? 'dense' : 'default')
    } catch {
      // The choice holds for this page then.
    }
    show()
  })
  show()
}
