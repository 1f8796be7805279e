from __future__ import annotations

import re
import subprocess
import sys

import html5lib
import pytest
from examples import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.text import markdown
from sitegen.text.sanitize import converter

PLAIN = st.text(st.sampled_from("ab Z.,:;()!?'\"-–=#~+|/%^{}0123 \n\u00a0é漢ε\u200b\u2028&"), max_size=60)
PIECES = (
    "a b <script> </script> <img onerror=x src=y> [ ] ( ) ](javascript:x) ](https://a.example/ \" ' ` ``` ~~~ "
    "* ** _ # > - 1. & &amp; &#106; $ $$ \\( \\) \\[ \\] \\ { } \\href{javascript:x} \\text{<b>} | --- \t "
    "<b> </b> <!-- --> <![CDATA[ <? javascript: http://a.example onclick=x \x11 0 \x12 \x02 \x03 : ! ^"
)
MARKED_UP = st.lists(st.sampled_from([*PIECES.split(" "), "\n", "\n\n", "    "]), max_size=30).map("".join)

ALLOWED = {
    *"html head body p br hr em strong b i sub sup code pre blockquote ul ol li h3 h4 h5 h6 a".split(),
    *"table thead tbody tr th td".split(),
}
MATHML = "{http://www.w3.org/1998/Math/MathML}"


def elements(text: str) -> list[tuple[str, dict[str, str]]]:
    """Tag and attributes of every element that a browser would make of the text."""
    tree = html5lib.parse(str(markdown.html(text)), namespaceHTMLElements=False)
    return [(element.tag, dict(element.attrib)) for element in tree.iter() if isinstance(element.tag, str)]


def elements_of(body: str, tag: str) -> list[tuple[str, dict[str, str]]]:
    tree = html5lib.parse(str(body), namespaceHTMLElements=False)
    return [(element.tag, dict(element.attrib)) for element in tree.iter(tag)]


def text_of(markup_text: str) -> str:
    return "".join(html5lib.parse(markup_text, namespaceHTMLElements=False).itertext())


@given(PLAIN)
@examples(600)
@example("a\n\n\nb")
@example("1. a")
@example("a\n===\nb")
@example("a | b\n- | -\n1 | 2")
@example("See https://example.org/a(b)_c. And http://x.example/?q=1, too")
def test_plain_paragraphs_are_the_same_on_the_short_and_the_long_path(text: str) -> None:
    text = text.strip()
    if markdown._is_plain(text):
        assert markdown._short_path(text) == converter()(text)


@given(PLAIN)
@examples(400)
@example(" a\u00a0 b\n c\u2028d ")
@example("x\u0000y\n\ny ")
@example("1. a\n#b")
def test_plain_text_is_what_its_html_says(text: str) -> None:
    assert markdown.plain(text) == " ".join(text_of(str(markdown.html(text))).split())


SPANS = st.sampled_from(
    [
        "*a*",
        "**b c**",
        "*a, b*",
        "[x y](https://a.example/b-c)",
        "[x](https://a.example/)",
        "*",
        "**",
        "[",
        "](",
        ")",
        " & ",
        "&",
        "R&D",
        "&lt;",
        "&#3",
        "&copy",
        ";",
    ]
)


@given(
    st.lists(st.one_of(SPANS, st.text(st.sampled_from("ab .,:;()!-\n1é\u00a0"), max_size=6)), max_size=9).map("".join)
)
@examples(1500)
@example("The *strictly* stronger **Foo-1** here.\n\nSee [the page](https://code.example/x-1) for *all* proofs.")
@example("*a* *b*")
@example("**a***b*")
@example("[x](https://a.example/)(y)")
@example("[x](https://a.example/): y")
@example("*a*\n===")
@example("Foo & Bar & & Baz, R&D &amp; so on, x &\ny")
@example("Foo & Bar &amp; x")
@example("*a & b*")
@example("[a & b](https://a.example/)")
@example("R&D, Q&A; &copy &#x3c &x-y; &")
def test_simple_emphasis_links_and_ampersands_are_the_same_on_the_short_and_the_long_path(text: str) -> None:
    text = text.strip()
    short = markdown._short_path_with_spans(text)
    if short is not None:
        assert short == converter()(text)


@given(MARKED_UP)
@examples(600)
def test_no_text_makes_an_element_or_attribute_that_is_not_allowed(text: str) -> None:
    for tag, attributes in elements(text):
        if tag.startswith(MATHML):
            assert not attributes.keys() & {"href", "style", "class"}
            assert not any(name.startswith("on") for name in attributes)
            continue
        assert tag in ALLOWED
        assert attributes.keys() <= {"href", "rel", "start", "class"}
        href = attributes.get("href", "")
        assert re.match(r"https?:|mailto:|#|[^:]*$", href), href
        if tag == "code" and "class" in attributes:
            assert attributes["class"] == "math-source"


@given(MARKED_UP, st.sampled_from([0, 20, 60]))
@settings(deadline=None)
def test_titles_snippets_and_plain_text_never_fail(text: str, limit: int) -> None:
    assert "\x11" not in str(markdown.inline(text)) + markdown.plain(text) + markdown.plain_title(text)
    assert "\n" not in markdown.plain(text)
    assert len(markdown.summary(text, limit + 1)) <= limit + 1


@pytest.mark.parametrize(
    "text",
    [
        "<script>x</script>",
        "if a<b and c>d",
        "<!-- hidden -->",
        "<b title=x onclick=y>z",
        "{{ 7*7 }} {% raw %}",
        "AT&T",
    ],
)
def test_html_and_template_marks_are_shown_as_typed(text: str) -> None:
    assert text_of(markdown.html(text)) == text
    assert text_of(str(markdown.inline(text))) == text


def test_simple_inline_tags_work_and_cannot_leak_out_of_their_paragraph() -> None:
    assert markdown.html("H<sub>2</sub>O <i>is") == "<p>H<sub>2</sub>O <i>is</i></p>"


@pytest.mark.parametrize(
    ("link", "href"),
    [
        ("https://a.example/x?a=1&b=2", "https://a.example/x?a=1&amp;b=2"),
        ("topics/x/", "../../topics/x/"),
        ("/topics/x/", "../../topics/x/"),
        ("#notes", "#notes"),
        ("mailto:a@b.example", "mailto:a@b.example"),
    ],
)
def test_links_lead_to_the_web_or_below_the_root_of_the_site(link: str, href: str) -> None:
    assert f'href="{href}">x</a>' in markdown.html(f"[x]({link})", root="../../")


def test_only_links_that_leave_the_site_carry_rel() -> None:
    assert 'rel="nofollow noopener"' in markdown.html("[x](https://a.example/)")
    assert "rel=" not in markdown.html("[x](tags/)")


@pytest.mark.parametrize("link", ["javascript:x", "//a.example", "data:text/html,x", "vbscript:x", "ftp://a.example"])
def test_a_link_to_anything_else_is_only_its_text(link: str) -> None:
    assert markdown.html(f"[x]({link})") == "<p>x</p>"


def test_a_picture_becomes_a_link_so_that_the_page_loads_nothing() -> None:
    assert markdown.html("![a cat](https://a.example/c.png)") == (
        '<p><a rel="nofollow noopener" href="https://a.example/c.png">a cat</a></p>'
    )


def test_bare_addresses_are_links_without_the_punctuation_behind_them() -> None:
    body = markdown.html("Code: https://a.example/x_y_z (see https://b.example/a(b)), *new*.")
    assert [element[1]["href"] for element in elements_of(body, "a")] == [
        "https://a.example/x_y_z",
        "https://b.example/a(b)",
    ]
    assert body == markdown.html("Code: https://a.example/x_y_z (see https://b.example/a(b)), *new*.")


def test_headings_stand_below_the_pages_own_whatever_level_they_start_at() -> None:
    assert markdown.html("## A\n### B") == "<h3>A</h3>\n<h4>B</h4>"
    assert markdown.html("# A\n###### B", top=2) == "<h2>A</h2>\n<h6>B</h6>"


@pytest.mark.parametrize("source", ["$x^2$", r"\(x^2\)", "$$x^2$$", r"\[x^2\]"])
def test_math_becomes_mathml(source: str) -> None:
    body = markdown.html(f"so {source} holds, *here*")
    assert "<msup><mi>x</mi><mn>2</mn></msup></math>" in body
    assert ('display="block"' in body) == (source[:2] in ("$$", r"\["))
    assert "<msup>" in markdown.inline(source) and "block" not in markdown.inline(source)


@pytest.mark.parametrize("text", ["$5 and $10", "from $5-$10", "5$ and 10$", "$5 million and A$", r"\$x\$", "$", "$$"])
def test_amounts_of_money_are_not_math(text: str) -> None:
    assert "<math" not in markdown.html(text)
    assert text_of(markdown.html(text)) == text.replace("\\$", "$") or text.startswith("\\$")


@pytest.mark.parametrize(
    "source",
    [
        r"$\frac{a$",
        r"$\nosuchcommand{x}$",
        r"$x \phantom{y}$",
        r"$x % y$",
        r"$\href{javascript:x}{y}$",
        "$" + "{" * 60 + "}" * 60 + "$",
    ],
)
def test_a_formula_that_cannot_be_converted_whole_shows_its_source(source: str) -> None:
    assert markdown.html(source) == f'<p><code class="math-source">{source}</code></p>'


def test_text_inside_a_formula_is_escaped() -> None:
    assert [tag for tag, _ in elements(r"$\text{<script>x</script>}$") if tag == "script"] == []
    assert "&lt;script&gt;" in markdown.html(r"$\text{<script>x</script>}$")


def test_math_in_code_is_code() -> None:
    assert markdown.html("`$x$` and $y$") == "<p><code>$x$</code> and <math><mi>y</mi></math></p>"
    assert "$x$" in markdown.html("```\n$x$\n```")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r"varepsilon^{-s}d^s", "varepsilon^{-s}d^s"),
        (r"H\"older and \v{C}ech, na\"{\i}ve", "Hölder and Čech, naïve"),
        (r"100\% of R\&D", "100% of R&D"),
        (r"{\em new} \textbf{and} {\tau}", "new and τ"),
        ("``quoted'' and ``again''", "“quoted” and “again”"),
        (r"\u003c and \nosuch{x}", r"\u003c and x"),
    ],
)
def test_half_broken_latex_stays_readable(typed: str, read: str) -> None:
    assert text_of(markdown.html(typed)) == read
    assert markdown.plain(typed) == read


def test_plain_text_has_neither_markup_nor_math_source() -> None:
    text = "# On *sets*\n\n- one [link](https://a.example)\n- $\\varepsilon^{-s}$ & `code`\n\nEnd."
    assert markdown.plain(text) == "On sets one link ε^-s & code End."


def test_a_summary_ends_with_a_sentence_or_a_whole_word() -> None:
    assert markdown.summary("One is here. Two follows it. Three.", 30) == "One is here. Two follows it."
    assert markdown.summary("One goes on and on without any end", 20) == "One goes on and on…"
    assert markdown.summary("深層学習" * 20, 10) == "深層学習深層学習深…"
    assert markdown.summary("Short.", 20) == "Short."


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20000,
        "*_[\n" * 5000,
        "> " * 3000 + "x",
        "+ " * 3000 + "x",
        "\n".join("    " * k + "- a" for k in range(400)),
        "x" + " " * 16000 + "`y`",
        "x" + "|\\``" * 5000,
        "=\n" * 10000 + "=",
        "a http://a.example/b " * 1500 + "`c`",
        "* * *\n" * 5000,
        "| a | b |\n|---|---|\n" + "| x | y |\n" * 5000,
    ],
    ids=[
        "brackets",
        "lines",
        "quotations",
        "markers",
        "list",
        "spaces",
        "backticks",
        "underlines",
        "addresses",
        "rules",
        "table",
    ],
)
def test_what_would_keep_the_markdown_library_busy_is_shown_as_typed(text: str) -> None:
    body = markdown.html(text)
    assert body.startswith("<pre>") and text_of(body) == text.strip()


def test_a_long_plain_text_is_not_cut() -> None:
    assert text_of(markdown.html("word " * 200_000)).count("word") == 200_000


def test_a_plain_abstract_loads_neither_markdown_nor_the_sanitizer() -> None:
    code = (
        "import sys; from sitegen.text import markdown; markdown.html('A plain one.\\n\\nTwo.'); markdown.inline('T');"
    )
    code += "print(sorted({'markdown', 'nh3', 'latex2mathml'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_long_page_that_a_person_wrote_is_not_taken_for_an_attack() -> None:
    rows = "\n".join(f"| [Data {n}](https://a.example/{n}) | `code_{n}` | *{n}* |" for n in range(300))
    items = "\n".join(f"- [Link {n}](https://a.example/{n}): **what** it _is_." for n in range(300))
    body = markdown.html(f"# Links\n\n{items}\n\n| a | b | c |\n|---|---|---|\n{rows}\n")
    assert len(elements_of(body, "li")) == 300 and len(elements_of(body, "td")) == 900


@given(st.one_of(PLAIN, MARKED_UP), st.one_of(PLAIN, MARKED_UP), st.integers(1, 60))
@examples(400)
def test_a_summary_needs_no_look_at_the_rest_of_a_long_text(first: str, second: str, limit: int) -> None:
    text = first + second
    beginning = markdown._beginning(text, limit)
    assert beginning == "" or markdown.plain(text).startswith(beginning[: limit + 1])


@pytest.mark.parametrize(
    "math, text",
    [
        (r"$\frac{1}{2}$", "1/2"),
        (r"$\frac{x_i^2}{\sqrt{1+\alpha}}$", "x_i^2/(√(1+α))"),
        (r"$\frac{\frac{a+b}{c}}{d}$", "((a+b)/c)/d"),
        (r"$2^{n+1}$ and $2^{-n}$", "2^(n+1) and 2^-n"),
        (r"$x^{\frac{1}{2}}$", "x^(1/2)"),
        (r"$\mathbb{R}^{m \times n}$", "R^(m ×n)"),
        (r"$O(n^{c} \log n)$", "O(n^c log n)"),
    ],
)
def test_math_keeps_its_meaning_in_plain_text(math: str, text: str) -> None:
    assert markdown.plain(math) == text


def test_an_address_with_a_hundred_thousand_brackets_ends_before_them() -> None:
    body = markdown.html("http://b.example/(x)" + ")" * 100_000)
    assert 'href="http://b.example/(x)"' in body and text_of(body).endswith("))")


def test_a_title_of_very_many_formulas_stays_as_typed() -> None:
    title = " ".join(f"$x_{{{n}}}$" for n in range(5000))
    assert "<math" not in markdown.inline(title) and text_of(markdown.inline(title)).startswith("$x_")


def test_formulas_may_touch() -> None:
    assert markdown.plain(r"an H $\to$$\mathrm{b}$ decay") == "an H →b decay"
