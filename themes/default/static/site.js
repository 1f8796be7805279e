// What moves on every page: light and dark, keyboard shortcuts, copy buttons, the search box, stars. Pages are complete without it.
import './client/ui/search-box.js'
import './client/reading_list/bookmarks.js'
import { copyButtons, copyCitation, moreCitations } from './copy.js'
import { densityButton } from './density.js'
import { shortcuts } from './keys.js'
import { tintButton } from './tint.js'

tintButton(document)
moreCitations(document)
copyButtons(document)
copyCitation(document)
densityButton(document)
shortcuts(document)
