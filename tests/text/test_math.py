from __future__ import annotations

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from site_maker import CONFIG, SiteMaker, paper

from sitegen.collection.read import read_site
from sitegen.config import load_config
from sitegen.text.math import Formula, formulas_of, with_macros
from sitegen.text.math_words import plain_math
from sitegen.text.mathml import mathml


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"about $\sim$80% of", [r"\sim"]),
        (r"2$\times$2 and $\approx$3x", [r"\times", r"\approx"]),
        (r"The $ b\to c $ crease at $ \sqrt{s} $ = 13", [r" b\to c ", r" \sqrt{s} "]),
        ("($ x = y $) and $ n $", [" x = y ", " n "]),
        (r"$5 and then $x^2$, $x_i$2", ["x^2", "x_i"]),
        ("A \\begin{align} a &= b \\end{align} B", ["\\begin{align} a &= b \\end{align}"]),
        ("costs $ 5 and $ 10, or US$ 5 and C$ 6", []),
        ("price $1,000 - $2,000, $HOME and $PATH, the $ sign and $ again", []),
        ("costs $ 5 million and an x^2 of $ 10", []),
        (r"\$5 and \$x\$", []),
    ],
)
def test_formulas_are_told_from_money(text: str, found: list[str]) -> None:
    assert [formula.latex for formula in formulas_of(text)] == found


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"$\{0,1\}^n$", "{0,1}^n"),
        (r"$\begin{aligned}a&=b\\c&\le d\end{aligned}$", "a=b; c≤d"),
        (r"$\begin{pmatrix}a & b\\c & d\end{pmatrix}$", "a b; c d"),
        (r"$\operatorname*{arg\,max}_x f$", "arg max_x f"),
        (r"$\big\{x\big\}$", "{x}"),
        (r"$\sqrt[3]{n+1}$, $\frac12$, $\binom{n}{k}$", "³√(n+1), 1/2, (n choose k)"),
        (r"$\tilde{O}(n)$, $\hat x$, $\bar{\alpha}$", "Õ(n), x̂, ᾱ"),
        (r"$\sum_{i=1}^{n} x_{i+1}$", "∑_(i=1)^n x_(i+1)"),
        (r"$x \not= y$, $\lesssim$, $A \xrightarrow{f} B$", "x ≠ y, ≲, A →^f B"),
        (r"about $\sim$80%", "about ~80%"),
    ],
)
def test_the_plain_form_says_the_same(latex: str, plain: str) -> None:
    assert plain_math(latex) == plain


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        (r"\operatorname*{arg\,max}_x f", '<munder><mo movablelimits="true">arg\u2009max</mo><mi>x</mi></munder>'),
        (r"\big\{x\big\}", '<mo stretchy="false">{</mo>'),
        (r"A \xrightarrow{f} B", "<mover><mo>⟶</mo><mi>f</mi></mover>"),
        (r"\sum_{i}^n i", "<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>"),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "<mtr>"),
        (r"\begin{gather}a\\c\end{gather}", "<mtr>"),
        (r"x \tag{1}\label{e}", "<mi>x</mi>"),
        (r"a \sim b", "<mo>∼</mo>"),
        (r"\textsc{Max-Cut} \middle| \nicefrac{1}{2}", "<mfrac>"),
    ],
)
def test_what_the_converter_does_not_know_is_drawn_all_the_same(latex: str, part: str) -> None:
    assert part in mathml(Formula(latex, f"$${latex}$$", True))


def test_limits_stand_beside_the_sum_in_running_text() -> None:
    assert "<msubsup><mo>∑</mo>" in mathml(Formula(r"\sum_{i}^n", "", False))


def test_a_sites_own_commands_are_written_out_in_formulas_only() -> None:
    macros = {"eps": r"\varepsilon", "norm": r"\lVert #1 \rVert", "E": r"\mathbb{E}_{#1}[#2]", "x": r"\x \x"}
    assert with_macros(r"an $\eps^2$ of \eps, $\epsilon$", macros) == r"an ${\varepsilon}^2$ of \eps, $\epsilon$"
    assert plain_math(with_macros(r"$\norm{a+\eps}$ and $\E{p}{x}$", macros)) == "‖a+ε ‖ and E_p[x]"
    assert with_macros(r"$\x$", macros) == r"$\x$"


@given(st.text(alphabet="ab5 $\\{}^_&=.\n", max_size=40))
@examples(300)
def test_a_text_without_its_formulas_is_still_all_there(text: str) -> None:
    from sitegen.text import math

    assert math.replace(text, lambda formula: formula.source) == text
    assert isinstance(plain_math(text), str)


def test_macros_of_the_settings_are_written_out_on_pages(make_site: SiteMaker) -> None:
    settings = CONFIG + "math: {macros: {eps: '\\varepsilon'}}\n"
    root = make_site({"sitegen.yaml": settings, "content/papers/a.md": paper("On $\\eps$-nets", "For $\\eps^2$.")})
    config = load_config(root / "sitegen.yaml")
    (first,) = read_site(root, config)[0].papers
    assert first.title == r"On ${\varepsilon}$-nets" and first.abstract == r"For ${\varepsilon}^2$."
