"""What LaTeX's commands stand for: characters, accents, and commands that only style or place their text.

The characters of some 1,500 rarer commands come from pylatexenc's tables, which are loaded when one is met.
"""

from __future__ import annotations

import functools
import re
import unicodedata

ACCENTS = {
    '"': "\u0308",
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "v": "\u030c",
    "c": "\u0327",
    "H": "\u030b",
    "k": "\u0328",
    "r": "\u030a",
    "u": "\u0306",
    "b": "\u0331",
    "d": "\u0323",
    "t": "\u0361",
}

LETTERS = dict(
    pair.split("=", 1)
    for pair in (
        "L=Ł l=ł O=Ø o=ø AA=Å aa=å AE=Æ ae=æ OE=Œ oe=œ ss=ß SS=ẞ i=ı j=ȷ DH=Ð dh=ð DJ=Đ dj=đ NG=Ŋ ng=ŋ TH=Þ th=þ "
        "textbackslash=\\ textasciitilde=~ textasciicircum=^ textgreater=> textless=< textbar=| textunderscore=_ "
        "textbraceleft={ textbraceright=} textdollar=$ textemdash=— textendash=– textquoteleft=‘ textquoteright=’ "
        "textquotedblleft=“ textquotedblright=” textquotedbl=\" textquotesingle=' textasciigrave=` "
        "quotesinglbase=‚ quotedblbase=„ guillemotleft=« guillemotright=» guilsinglleft=‹ guilsinglright=› flqq=« "
        "frqq=» glqq=„ grqq=“ textellipsis=… textperiodcentered=· textbullet=• textdegree=° textmu=µ texteuro=€ "
        "euro=€ EUR=€ pounds=£ textsterling=£ textyen=¥ textcent=¢ S=§ P=¶ textsection=§ textparagraph=¶ dag=† "
        "ddag=‡ textdagger=† textdaggerdbl=‡ copyright=© textcopyright=© textregistered=® texttrademark=™ "
        "textordfeminine=ª textordmasculine=º textonehalf=½ textonequarter=¼ textthreequarters=¾ textexclamdown=¡ "
        "textquestiondown=¿ textasciimacron=¯ textdblhyphen== texttimes=× textdiv=÷ textpm=± textminus=− "
        "textrightarrow=→ textleftarrow=← textuparrow=↑ textdownarrow=↓ textonesuperior=¹ texttwosuperior=² "
        "textthreesuperior=³ textnumero=№ textperthousand=‰ slash=/ lq=‘ rq=’ lbrace={ rbrace=} LaTeX=LaTeX TeX=TeX "
        "LaTeXe=LaTeX2ε BibTeX=BibTeX XeTeX=XeTeX XeLaTeX=XeLaTeX LuaTeX=LuaTeX LuaLaTeX=LuaLaTeX pdfTeX=pdfTeX "
        "pdfLaTeX=pdfLaTeX AmS=AMS checkmark=✓ cmark=✓ xmark=✗ ding=✓ degree=° celsius=℃ ohm=Ω micro=µ"
    ).split()
)

SYMBOLS = dict(
    pair.split("=", 1)
    for pair in (
        "alpha=α beta=β gamma=γ delta=δ epsilon=ϵ varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ "
        "lambda=λ mu=μ nu=ν xi=ξ pi=π rho=ρ varrho=ϱ sigma=σ tau=τ upsilon=υ phi=ϕ varphi=φ chi=χ psi=ψ omega=ω "
        "Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω ell=ℓ infty=∞ "
        "times=× cdot=· pm=± mp=∓ le=≤ leq=≤ leqslant=≤ ge=≥ geq=≥ geqslant=≥ neq=≠ ne=≠ approx=≈ sim=~ simeq=≃ "
        "equiv=≡ propto=∝ ll=≪ gg=≫ in=∈ notin=∉ subset=⊂ subseteq=⊆ cup=∪ cap=∩ setminus=∖ emptyset=∅ to=→ "
        "rightarrow=→ leftarrow=← Rightarrow=⇒ mapsto=↦ sum=∑ prod=∏ int=∫ sqrt=√ partial=∂ nabla=∇ forall=∀ "
        "exists=∃ dots=… ldots=… cdots=⋯ otimes=⊗ oplus=⊕ circ=∘ star=⋆ ast=∗ prime=′ langle=⟨ rangle=⟩ mid=| "
        "lceil=⌈ rceil=⌉ lfloor=⌊ rfloor=⌋ Vert=‖ lVert=‖ rVert=‖ hbar=ℏ deg=° quad= qquad= "
        "lt=< gt=> land=∧ lor=∨ lnot=¬ neg=¬ iff=⇔ implies=⇒ gets=← longrightarrow=⟶ leftrightarrow=↔ "
        "lesssim=≲ gtrsim=≳ varnothing=∅ colon=: coloneqq=≔ vert=| lvert=| rvert=| backslash=\\ dotsc=… dotsb=⋯ "
        "lbrack=[ rbrack=] top=⊤ bot=⊥ perp=⊥ parallel=∥ Re=ℜ Im=ℑ aleph=ℵ triangleq=≜ bullet=∙ div=÷ wedge=∧ "
        "vee=∨ odot=⊙ oint=∮ supset=⊃ supseteq=⊇ subsetneq=⊊ ni=∋ mathsterling=£ llbracket=⟦ rrbracket=⟧"
    ).split()
)

# Commands that stand before a text or around it, and say nothing themselves.
SILENT = frozenset(
    "em bf it tt sl sc sf rm md up bfseries itshape ttfamily slshape scshape sffamily rmfamily mdseries upshape "
    "normalfont normalsize tiny scriptsize footnotesize small large Large LARGE huge Huge selectfont centering "
    "raggedright raggedleft noindent indent protect relax newpage clearpage pagebreak nopagebreak nolinebreak "
    "bigskip medskip smallskip hfill vfill hrulefill dotfill leavevmode ignorespaces unskip null strut displaystyle "
    "textstyle scriptstyle frenchspacing nonfrenchspacing sloppy fussy boldmath unboldmath left right middle limits "
    "nolimits bigl bigr bigm Bigl Bigr big Big bigg Bigg biggl biggr Biggl Biggr maketitle xspace allowbreak "
    "onecolumn twocolumn par newline linebreak hline item nonumber notag and begingroup endgroup bgroup egroup "
    "firstname lastname".split()
)

# Number of arguments that are left out, and of those that are shown, from the front.
HIDDEN_THEN_SHOWN = (
    dict.fromkeys("noopsort NoopSort NOOPSORT SortNoop noop label vspace hspace vskip hskip index".split(), (1, 0))
    | dict.fromkeys("begin end bibliographystyle pagestyle thispagestyle phantom hphantom vphantom".split(), (1, 0))
    | dict.fromkeys("color usepackage input include markboth rule kern setlength addtolength".split(), (1, 0))
    | dict.fromkeys("foreignlanguage textcolor colorbox bibinfo bibfield scalebox raisebox parbox".split(), (1, 1))
    | dict.fromkeys("rotatebox hyperlink hypertarget selectlanguage otherlanguage".split(), (1, 1))
    | dict.fromkeys("resizebox fcolorbox".split(), (2, 1))
    | {"setlength": (2, 0), "rule": (2, 0), "selectlanguage": (1, 0), "fontsize": (2, 0), "markboth": (2, 0)}
)

SUPERSCRIPTS = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
SUBSCRIPTS = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_DOTLESS = {"ı": "i", "ȷ": "j"}
_PLACEHOLDER = re.compile(r"%s|%\(|<")


def accented(accent: str, text: str) -> str:
    """The text with the accent on its first letter, as one character where there is one."""
    if not text:
        return ""
    letter = _DOTLESS.get(text[0], text[0])
    return unicodedata.normalize("NFC", letter + ACCENTS[accent]) + text[1:]


def character(name: str) -> str | None:
    """What a command without arguments stands for, or ``None``: ``alpha`` -> ``α``, ``ss`` -> ``ß``."""
    found = LETTERS.get(name)
    return found if found is not None else SYMBOLS.get(name) or _rare(name)


@functools.lru_cache(maxsize=2048)
def _rare(name: str) -> str | None:
    spec = _library().get_macro_spec(name)
    shown = getattr(spec, "simplify_repl", None)
    if not isinstance(shown, str) or not shown.strip() or _PLACEHOLDER.search(shown) or shown.isascii():
        return None
    # The library says it in bold or italic letters of mathematics, too, which no search finds.
    return unicodedata.normalize("NFKC", shown) if unicodedata.category(shown[0])[0] == "L" else shown


@functools.cache
def _library():  # type: ignore[no-untyped-def]
    from pylatexenc.latex2text import get_default_latex_context_db

    return get_default_latex_context_db()
