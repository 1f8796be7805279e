"""``Site`` -> Outputs -> bytes. Planning is pure; an Output can be rendered in any process."""
