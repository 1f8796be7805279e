"""Search that runs in the reader's browser: folding, the Lunr index, and the index in pages."""
