"""A site's own sources: files on disk in, ``Content`` out."""
