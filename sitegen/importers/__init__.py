"""Other people's lists in, a site's own records out.

To read one more format, write a module with a function of the type ``listing.Importer`` and add it to
``FORMATS`` in ``formats.py``.
"""
