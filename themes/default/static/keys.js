// Keyboard shortcuts: / j k arrows ?, which do not act while one types or holds a modifier, and Ctrl+K, which always does.

/**
 * The action that a key press asks for, or null.
 * @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean}} event
 * @param {boolean} typing whether the focus is in a field
 * @returns {"search" | "next" | "previous" | "left" | "right" | "help" | null}
 */
export function actionOf(event, typing) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') return 'search'
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return null
  switch (event.key) {
    case '/':
      return 'search'
    case 'j':
      return 'next'
    case 'k':
      return 'previous'
    case 'ArrowLeft':
      return 'left'
    case 'ArrowRight':
      return 'right'
    case '?':
      return 'help'
    default:
      return null
  }
}

/**
 * Listen for shortcuts on a page.
 * @param {Document} document
 */
export function shortcuts(document) {
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return
    const action = actionOf(event, isTyping(event.target))
    if (action && act(document, action)) event.preventDefault()
  })
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, pre, [role=listbox] *'))
  )
}

/**
 * @param {Document} document
 * @param {string} action
 * @returns {boolean} whether there was something to do
 */
function act(document, action) {
  switch (action) {
    case 'search':
      return focusSearch(document)
    case 'next':
      return moveTo(document, 1)
    case 'previous':
      return moveTo(document, -1)
    case 'help':
      showHelp(document)
      return true
    default:
      return follow(document, action)
  }
}

/** @param {Document} document */
function focusSearch(document) {
  const fields = [...document.querySelectorAll('form[role=search] input[name=q]')]
  const field = fields.find(input => input instanceof HTMLElement && input.offsetParent !== null)
  if (!(field instanceof HTMLInputElement)) return false
  field.focus()
  field.select()
  return true
}

/**
 * Move the focus to the title of the next or previous paper of a list.
 * @param {Document} document
 * @param {number} step
 */
function moveTo(document, step) {
  const titles = [...document.querySelectorAll('[data-entry] :is(h2, h3, h4) a, .ranked > li > a')]
  if (!titles.length) return false
  const entry = document.activeElement?.closest('[data-entry], .ranked > li')
  const present = titles.findIndex(title => entry?.contains(title))
  const wanted = titles[present < 0 ? (step > 0 ? 0 : titles.length - 1) : present + step]
  if (!(wanted instanceof HTMLElement)) return false
  wanted.focus()
  wanted.scrollIntoView({ block: 'nearest' })
  return true
}

/**
 * Follow the page's link to the older (left) or newer (right) neighbour.
 * @param {Document} document
 * @param {string} side
 */
function follow(document, side) {
  const link = document.querySelector(side === 'left' ? 'a[rel="prev"]' : 'a[rel="next"]')
  if (!(link instanceof HTMLAnchorElement)) return false
  link.click()
  return true
}

/**
 * Show the page of shortcuts in a dialog; where it cannot be fetched, go there.
 * @param {Document} document
 */
async function showHelp(document) {
  const link = document.querySelector('a[data-keys]')
  if (!(link instanceof HTMLAnchorElement)) return
  try {
    const answer = await fetch(link.href)
    if (!answer.ok) throw new Error(answer.statusText)
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const title = page.querySelector('h1')
    const table = page.querySelector('table.keys')
    if (!title || !table) throw new Error('no table of keys')
    openDialog(document, title.textContent ?? '', table, link.dataset.close ?? '')
  } catch {
    link.click()
  }
}

/**
 * @param {Document} document
 * @param {string} title
 * @param {Element} content
 * @param {string} close the close button's label
 */
function openDialog(document, title, content, close) {
  const dialog = document.createElement('dialog')
  const heading = document.createElement('h2')
  heading.id = 'help-title'
  heading.textContent = title
  const form = document.createElement('form')
  form.method = 'dialog'
  const button = document.createElement('button')
  button.textContent = close
  form.append(button)
  dialog.className = 'help'
  dialog.setAttribute('aria-labelledby', heading.id)
  dialog.append(heading, document.importNode(content, true), form)
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
