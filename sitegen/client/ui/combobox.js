// The keys of a field with a list of options below it (the combobox pattern): arrows walk through the options
// while the focus stays in the field, Enter opens the one walked to, Escape gives up.

/**
 * @param {HTMLInputElement} input of type text: a search field may not be a combobox (ARIA in HTML)
 * @param {HTMLElement} list element with a role of its own: `listbox` or `grid`
 * @param {{option: string, cancel: () => void}} of `option`: selector of an option below
 *   the list, each with an id; `cancel`: what Escape does while no option is walked to
 */
export function combobox(input, list, { option, cancel }) {
  input.setAttribute('role', 'combobox')
  input.setAttribute('aria-autocomplete', 'list')
  input.setAttribute('aria-haspopup', list.getAttribute('role'))
  input.setAttribute('aria-controls', list.id)
  input.setAttribute('aria-expanded', 'false')

  const active = () => list.querySelector(`${option}[aria-selected="true"]`)

  function walk(to) {
    active()?.setAttribute('aria-selected', 'false')
    if (!to) return input.removeAttribute('aria-activedescendant')
    to.setAttribute('aria-selected', 'true')
    to.scrollIntoView({ block: 'nearest' })
    input.setAttribute('aria-activedescendant', to.id)
  }

  function step(by) {
    const options = [...list.querySelectorAll(option)]
    if (list.hidden || !options.length) return
    const at = options.indexOf(active())
    // One place above the first and below the last is the field itself.
    walk(options[at < 0 ? (by > 0 ? 0 : options.length - 1) : at + by])
  }

  const linkOf = walked => (walked.matches('a') ? walked : walked.querySelector('a'))

  /** Ctrl and Enter, or the Mac's command key: the option walked to, else the first one, in a new tab. */
  function openInNewTab() {
    const walked = active() ?? list.querySelector(option)
    if (list.hidden || !walked) return false
    open(linkOf(walked).href, '_blank', 'noopener')
    return true
  }

  input.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      if (openInNewTab()) event.preventDefault()
      return
    }
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const walked = active()
    if (event.key === 'ArrowDown') step(1)
    else if (event.key === 'ArrowUp') step(-1)
    else if (event.key === 'Enter' && walked) linkOf(walked).click()
    else if (event.key === 'Escape' && walked) walk(null)
    else if (event.key === 'Escape') cancel()
    else return
    event.preventDefault()
  })
  input.addEventListener('input', () => walk(null))

  return {
    /** Tells assistive technology whether there are options. */
    expanded: yes => {
      input.setAttribute('aria-expanded', String(yes))
      if (!yes || !active()) input.removeAttribute('aria-activedescendant')
    },
  }
}
