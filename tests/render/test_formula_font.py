from __future__ import annotations

import re

from sitegen.render.theme_files import SHIPPED

FONT = SHIPPED / "default/static/fonts/formulas.woff2"


def test_the_stylesheet_names_a_font_that_is_there_first_for_formulas() -> None:
    css = (FONT.parent.parent / "css/formulas.css").read_text()
    face = re.search(r'@font-face \{ font-family: ("[^"]+"); src: url\("([^"]+)"\)', css)
    assert face and (FONT.parent.parent / face[2]) == FONT
    stack = re.search(r"^math \{ font-family: ([^;]+);", css, re.MULTILINE)
    assert stack and stack[1].split(", ")[0] == face[1] and stack[1].endswith(", math")


def test_the_font_is_small_and_its_licence_lies_beside_it() -> None:
    assert FONT.read_bytes()[:4] == b"wOF2"
    assert FONT.stat().st_size < 80_000
    licence = (FONT.parent / "LICENSE.txt").read_text()
    assert "GUST Font License" in licence and "Copyright" in licence and "Sitegen Math" in licence
