"""One module a family of pages: what is planned, and how each is rendered."""
