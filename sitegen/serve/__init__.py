"""The preview: build, serve on this machine, watch, build again, tell the browser.

watch.py     files change -> one signal per burst of saves
reload_state.py the present build, as threads see it: its version, its problems, the pages that are open
server.py    HTTP over the built folder, strict about what it is asked for
pages.py     what the preview itself says: the page of problems, the reload script's tag
preview.py   the loop that joins them; it takes a ``builder`` and knows nothing of sites
site.py      that builder: a site, made in a process of its own
workshop.py  what that process does: open pages first, then the whole site
glimpse.py   open pages from the site as last built
"""
