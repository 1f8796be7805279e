// Runs before the first paint, so that a chosen colour scheme never flashes the other one.
;(() => {
  const root = document.documentElement
  root.classList.add('js')
  if (location.protocol === 'file:') root.classList.add('from-disk')
  // A search page that was asked something never shows what it shows while it waits for a question.
  if (/[?&](q|topic|tag|author|venue|year)=[^&]/.test(location.search)) root.classList.add('asking')
  try {
    const tint = localStorage.getItem('tint')
    if (tint === 'light' || tint === 'dark') root.dataset.tint = tint
    if (localStorage.getItem('density') === 'dense') root.dataset.density = 'dense'
  } catch {
    // Storage may be forbidden; the system's colours are right then.
  }
})()
