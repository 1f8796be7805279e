"""Text as sources write it: identifiers, dates, names, LaTeX, mathematics, Markdown. One reader of each."""
