"""Make the font that draws formulas: a subset of TeX Gyre Termes Math with its MATH table and stretchy variants.

    python .ci/math_font.py texgyretermes-math.otf themes/default/static/fonts/formulas.woff2

Needs ``fonttools`` and ``brotli``. Without a font for mathematics Chromium draws no root sign and no tall brackets.
"""

from __future__ import annotations

import sys

from fontTools import subset
from fontTools.ttLib import TTFont

NAME = "Sitegen Math"  # the licence asks for another name than the original's
RANGES = (
    (0x20, 0x7E),
    (0x391, 0x3A9),
    (0x3B1, 0x3C9),
    (0x1D400, 0x1D467),  # bold, italic
    (0x1D49C, 0x1D4CF),  # script
    (0x1D538, 0x1D56B),  # double-struck
    (0x1D6A4, 0x1D6A5),
    (0x1D6A8, 0x1D71B),  # bold and italic Greek
    (0x1D7CE, 0x1D7E1),  # bold and double-struck digits
)
SIGNS = (
    "\u00a0¬±·×÷§°µıȷϑϕϖϰϱϵϴ\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030c\u20d7ˆ˜¯˙˘ˇ´‾―–—‖‘’“”†‡•…′″‴⁄"
    "\u2009\u200a\u2061\u2062\u2063ℂℍℕℙℚℝℤℬℰℱℋℐℒℳℛℯℊℴℎℓ℘ℏℵℑℜ←↑→↓↔↕⇐⇑⇒⇓⇔↦↪↩↼⇀⇌↗↘⟵⟶⟷⟸⟹⟺⟼↝∀∂∃∄∅∆∇∈∉∋∏∐∑−∓∔∖∗∘∙√∛∝∞∠∣∤∥∦∧∨∩∪∫∬∭∮"
    "∴∵∼≀≃≄≅≈≉≍≐≔≕≙≜≟≠≡≢≤≥≦≧≨≩≪≫≮≯≰≱≲≳≺≻≼≽⊂⊃⊄⊅⊆⊇⊈⊉⊊⊋⊎⊏⊐⊑⊒⊓⊔⊕⊖⊗⊘⊙⊢⊣⊤⊥⊨⊩⊲⊳⊴⊵⋀⋁⋂⋃⋄⋅⋆⋈⋉⋊⋮⋯⋱⌈⌉⌊⌋⟦⟧⟨⟩⟪⟫⨀⨁⨂⨆⩽⩾⪅⪆⪯⪰⎵⏞⏟⏜⏝◦○△▽□■◇★✓"
)


def main(source: str, target: str) -> None:
    font = TTFont(source)
    options = subset.Options()
    options.layout_features = ["dtls"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.drop_tables += ["DSIG", "GPOS", "FFTM"]
    made = subset.Subsetter(options)
    made.populate(unicodes={ord(sign) for sign in SIGNS} | {c for a, b in RANGES for c in range(a, b + 1)})
    made.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    outlines = font["CFF "].cff
    outlines.fontNames[0] = NAME.replace(" ", "")
    outlines.topDictIndex[0].FullName = outlines.topDictIndex[0].FamilyName = NAME
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:3])
