"""The preview: build, serve on this machine, watch, build again, tell the browser.

watch.py     files change -> one signal per burst of saves
reload_state.py the present build, as threads see it: its version, its problems, the pages that are open
server.py    HTTP over the built folder, strict about what it is asked for
pages.py     what the preview itself says: the page of problems, the reload script's tag
preview.py   the loop that joins them; it takes a ``builder`` and knows nothing of sites
site.py      that builder: the site, built for the address it is served at
"""
