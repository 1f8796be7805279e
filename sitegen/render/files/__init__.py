"""One module a family of files that are not pages: what is planned, and how each is rendered."""
