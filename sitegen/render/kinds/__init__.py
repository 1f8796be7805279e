"""One module a family of outputs: what is planned, and how each is rendered."""
