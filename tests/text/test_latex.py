from __future__ import annotations

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from sitegen.text.latex import latex_to_text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"{\"u}ber \ss{} \'{e} \v{c}", "über ß é č"),
        (r"Erd{\H o}s and G\"odel", "Erdős and Gödel"),
        (r"\textbf{b} {\em c} \emph{d}", "b c d"),
        (r"50\% \& more --- ``quoted''", "50% & more — “quoted”"),
        ("50% of $5", "50% of $5"),
        (r"$O(n^2)$ and \(x_i\)", "$O(n^2)$ and $x_i$"),
        ("Plain Title: 1990-2000", "Plain Title: 1990-2000"),
        ("{NASA}~{ESA}", "NASA ESA"),
        (r"n\textasciicircum{}2 in C:\textbackslash{} \textasciitilde{}x", "n^2 in C:\\ ~x"),
    ],
)
def test_latex_reads_as_text(latex: str, text: str) -> None:
    assert latex_to_text(latex) == text


@pytest.mark.parametrize("latex", ["{" * 5000 + "deep" + "}" * 5000, "\\x" * 20_000 + "deep", r"deep \href{http://a"])
def test_what_cannot_be_read_keeps_its_words(latex: str) -> None:
    assert "deep" in latex_to_text(latex)


@given(st.text(alphabet="ab \\{}$%~&#_^'\"-`", max_size=40))
@examples(300)
def test_no_text_breaks_the_reader(latex: str) -> None:
    assert isinstance(latex_to_text(latex), str)
