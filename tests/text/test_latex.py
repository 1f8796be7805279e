from __future__ import annotations

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from sitegen.text.latex import latex_addresses, latex_in_prose, latex_title, latex_to_text

# 300 commands that bibliographies and abstracts hold. What stands behind each of them is read by someone.
STYLES = """
textbf textit textsc texttt textsf textrm textup textmd textsl textnormal emph underline uline mbox hbox text
textsubscript mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldsymbol bm operatorname
uppercase lowercase MakeUppercase MakeLowercase textlf textulc sout uwave xout hl st so ul
 caps fbox framebox makebox centerline section
subsection subsubsection paragraph chapter part title author date caption footnote thanks endnote marginpar
textsuperscript enquote mkbibquote mkbibemph mkbibbold mkbibitalic bibnamefont bibfnamefont citenamefont natexlab
eprint Eprint doi arxiv keyword acro ac acl gls Gls glspl SI si num ang unit qty ce chem cf
 isotope nuclide gene species taxon code file
term name person work ship program package class option env cmd lang textgreek textlatin textcyrillic textipa
cite citep citet citealp citealt citeauthor citeyear parencite textcite autocite ref eqref autoref cref Cref pageref
url nolinkurl path boxed tag overline widehat widetilde hat tilde bar vec dot ddot mathring check breve acute grave
overbrace underbrace mathop mathbin mathrel mathord pmb mathnormal mathbfit symbf symit symrm symsf emphasis strong
smallcaps nocase NoCaseChange protectcase capitalize bibstring translate foreign latin highlight todo added deleted
revised new old change mytext method model dataset ours algo task metric system tool corpus bench
""".split()
SWITCHES = """
em bf it tt sl sc sf rm md up bfseries itshape ttfamily slshape scshape sffamily rmfamily mdseries upshape normalfont
normalsize tiny scriptsize footnotesize small large Large LARGE huge Huge centering raggedright raggedleft noindent
protect relax boldmath
""".split()
SIGNS = """
LaTeX=LaTeX TeX=TeX BibTeX=BibTeX euro=€ texteuro=€ pounds=£ S=§ P=¶ copyright=© textless=< textgreater=> textbar=|
textunderscore=_ textasciitilde=~ textasciicircum=^ textbackslash=\\ textbraceleft={ textbraceright=} textdollar=$
textendash=– textemdash=— textquoteleft=‘ textquoteright=’ textquotedblleft=“ textquotedblright=” textellipsis=…
ldots=… dots=… textbullet=• textdegree=° textmu=µ textregistered=® texttrademark=™ textcopyright=© dag=† ddag=‡ ss=ß
ae=æ AE=Æ oe=œ OE=Œ aa=å AA=Å o=ø O=Ø l=ł L=Ł i=ı j=ȷ dh=ð DH=Ð th=þ TH=Þ dj=đ DJ=Đ ng=ŋ NG=Ŋ guillemotleft=«
guillemotright=» quotedblbase=„ alpha=α beta=β gamma=γ delta=δ epsilon=ϵ varepsilon=ε lambda=λ mu=μ pi=π sigma=σ omega=ω
Gamma=Γ Delta=Δ Omega=Ω times=× pm=± leq=≤ geq=≥ approx=≈ infty=∞ to=→ rightarrow=→ textrightarrow=→ ell=ℓ sum=∑
partial=∂ nabla=∇ lesssim=≲ checkmark=✓ textyen=¥ textcent=¢ textsterling=£ textsection=§ textonehalf=½
""".split()


def test_the_list_of_common_commands_is_long_enough() -> None:
    assert len({*STYLES, *SWITCHES, *(sign.split("=")[0] for sign in SIGNS)}) >= 300


@pytest.mark.parametrize("command", STYLES)
def test_a_command_keeps_its_argument(command: str) -> None:
    for read in (latex_to_text, latex_in_prose, latex_title):
        text = read(rf"Before \{command}{{kept words}} behind")
        assert "kept words" in text and text.startswith("Before ") and text.endswith(" behind")
        assert "\\" not in text and "{" not in text


@pytest.mark.parametrize("command", SWITCHES)
def test_a_switch_goes_and_what_it_styles_stays(command: str) -> None:
    assert latex_to_text(rf"a {{\{command} kept words}} b") == "a kept words b"
    assert latex_to_text(rf"a \{command} kept") == "a kept"


@pytest.mark.parametrize("pair", SIGNS)
def test_a_sign_is_its_character(pair: str) -> None:
    command, _, sign = pair.partition("=")
    assert latex_to_text(rf"a \{command}{{}} b \{command} c {{\{command}}} d") == f"a {sign} b {sign}c {sign} d"
    assert latex_in_prose(rf"a {{\{command}}} d") == f"a {sign} d"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"{\"u}ber \ss{} \'{e} \v{c}", "über ß é č"),
        (r"Erd{\H o}s and G\"odel", "Erdős and Gödel"),
        (
            r"\'Emile, \AA{}ke, \'\i, \'{\i}, \c c, \c{S}, \v s, \r{u}, \u g, \k{a}, \d{h}",
            "Émile, Åke, í, í, ç, Ş, š, ů, ğ, ą, ḥ",
        ),
        (r"\textbf{b} {\em c} \emph{d}", "b c d"),
        (r"50\% \& more --- ``quoted''", "50% & more — “quoted”"),
        ("50% of $5", "50% of $5"),
        (r"\$5 to \$10 and \$x", "$5 to $10 and $x"),
        (r"$O(n^2)$ and \(x_i\)", "$O(n^2)$ and $x_i$"),
        ("Plain Title: 1990-2000", "Plain Title: 1990-2000"),
        ("{NASA}~{ESA}", "NASA ESA"),
        (r"n\textasciicircum{}2 in C:\textbackslash{} \textasciitilde{}x", "n^2 in C:\\ ~x"),
        (r"\verb|x_1 {y}| and \verb+$+", "x_1 {y} and $"),
        (r"H\textsubscript{2}O, 10\textsuperscript{-3}, 2\textsuperscript{nd}", "H₂O, 10⁻³, 2nd"),
        (r"\foreignlanguage{german}{Stra\ss e} \textcolor{red}{x}", "Straße x"),
        (r"{\noopsort{1973b}}1973", "1973"),
        (r"\href{https://a.example/x\_y}{here}", "here (https://a.example/x_y)"),
        (r"\url{https://a.example/~x%20y}", "https://a.example/~x%20y"),
        (r"Title\footnote{Told later.} and \thanks{a}", "Title (Told later.) and (a)"),
        (r"seen by \cite{poe2020} and \citep[p.~5]{roe}", "seen by [poe2020] and [roe, p.~5]"),
        (r"\ifmmode\sim\else\textasciitilde\fi 5", "~5"),
        (r"Q&amp;A {\&}amp; &lt;b&gt; &#233; R\&D; AT&T", "Q&A & <b> é R&D; AT&T"),
        (r"\ensuremath{\beta}-decay of \ensuremath{x^2}", "β-decay of $x^2$"),
        (r"\unknown{a}{b} \unknown[x]{c} \method{} wins", "a b c method wins"),
        (r"\texorpdfstring{$\sqrt{n}$}{sqrt n} time", r"$\sqrt{n}$ time"),
        (r"at \frac{a}{b+c} and \sqrt{n}", "at a/(b+c) and √(n)".replace("(n)", "n")),
        (r"one\\two\newline three", "one two three"),
        (r"D\O{}, \O ystein, {\O}re, stra{\ss}e", "DØ, Øystein, Øre, straße"),
        (r"\begin{itemize}\item a \item b\end{itemize}", "• a • b"),
        (r"$$\pi$$ spectra, \[x\]", r"$$\pi$$ spectra, \[x\]"),
    ],
)
def test_latex_reads_as_text(latex: str, text: str) -> None:
    assert " ".join(latex_to_text(latex).split()) == text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r"Schr\"odinger, \'Emile and {\AA}ke", "Schrödinger, Émile and Åke"),
        (r"don\'t, it\'s, we\'re, Wa\l{}\k{e}sa", "don't, it's, we're, Wałęsa"),
        (r"a\_b, \*, \\textbf{x}, C:\temp, [a](b)", r"a\_b, \*, \\textbf{x}, C:\temp, [a](b)"),
        (r"`\textbf{x}` but \textbf{x}", r"`\textbf{x}` but x"),
        (r"\method achieves \textsc{Best}", r"\method achieves Best"),
        (r"see \href{https://a.example/}{here}", "see [here](https://a.example/)"),
        (r"a set {1, 2} ~ 5% -- {\em all}", "a set {1, 2} ~ 5% -- all"),
        (r"\~{n} and \`a and `code`", "ñ and à and `code`"),
        ("\\begin{itemize}\n\\item one\n\\item two\n\\end{itemize}", "\n\n\n\n- one\n\n- two\n\n\n"),
    ],
)
def test_latex_in_prose_is_read_where_nothing_else_can_be_meant(typed: str, read: str) -> None:
    assert latex_in_prose(typed) == read


def test_a_title_has_no_escapes_of_markdown() -> None:
    assert latex_title(r"snake\_case for \$5 and \{a\}") == "snake_case for $5 and {a}"


def test_addresses_of_links_are_told_with_their_text() -> None:
    latex = r"\href{https://a.example/\%7Ex}{\emph{Here}} or \url{https://b.example/a_b}"
    assert latex_addresses(latex) == [("https://a.example/%7Ex", "Here"), ("https://b.example/a_b", "")]


@pytest.mark.parametrize("latex", ["{" * 5000 + "deep" + "}" * 5000, "\\x" * 20_000 + "deep", r"deep \href{http://a"])
def test_what_cannot_be_read_keeps_its_words(latex: str) -> None:
    assert "deep" in latex_to_text(latex)


@given(st.text(alphabet="ab \\{}$%~&#_^'\"-`|[]()", max_size=40))
@examples(300)
def test_no_text_breaks_the_reader(latex: str) -> None:
    for read in (latex_to_text, latex_in_prose, latex_title):
        assert isinstance(read(latex), str)


PIECES = (
    r"""word two, 1990-2000 é {NASA} {\em new} \emph{x} \textbf{bold} \'e \'{e} \"o {\"u} \v{c} \c{c} \H{o}
    \ss{} {\o} \L{} \AA{} \& \% \# \_ -- --- `` '' ~ $x^2$ $\alpha_{i}$ \alpha{} {\ae}r \i{} \dots{}"""
).split()


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@examples(300)
def test_what_pylatexenc_reads_reads_the_same(pieces: list[str]) -> None:
    latex = " ".join(pieces)
    reference = LatexNodes2Text(math_mode="verbatim", keep_comments=True).latex_to_text(latex).replace("\xa0", " ")
    assert " ".join(latex_to_text(latex).split()) == " ".join(reference.split())


@given(st.text(alphabet="abc ÄÖé漢—“.,:;!?()0123456789", max_size=60))
def test_text_without_commands_stays(text: str) -> None:
    assert latex_to_text(text) == text and latex_in_prose(text) == text and latex_title(text) == text
