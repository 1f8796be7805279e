"""What only the whole collection knows: order, terms, periods, trending and similar papers."""
