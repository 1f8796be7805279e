"""Small pictures of numbers as inline SVG: columns over time and bars in a table.

They hold no text: labels stand beside them as HTML, where they keep their size on a phone, and every number is
in a table too. Colours come from the stylesheet by class, as the Content-Security-Policy allows no styles here.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

_HEIGHT = 100


def columns(values: Sequence[int], names: Sequence[str], label: str, hue: str = "") -> Markup:
    """One column for each value, stretched to whatever width there is.

    Args:
        names: what each column stands for; shown by the browser when it is pointed at.
        label: the whole picture in words. ``hue``: a topic's colour mark.
    """
    most = max(values, default=0)
    drawn = []
    for i, (value, name) in enumerate(zip(values, names, strict=True)):
        if value:
            height = max(1, round(_HEIGHT * value / most))
            drawn.append(
                f'<rect x="{10 * i + 1}" y="{_HEIGHT - height}" width="8" height="{height}">'
                f"<title>{escape(name)}: {value}</title></rect>"
            )
    return Markup(
        f'<svg class="columns {hue}" viewBox="0 0 {10 * len(values)} {_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    )


def bar(share: float, hue: str = "") -> Markup:
    """A bar whose length is a share from 0 to 1; below 0 it is drawn as a loss. The number stands beside it."""
    width = max(0.5, round(100 * abs(share), 1)) if share else 0
    kind = "bar is-loss" if share < 0 else "bar"
    return Markup(
        f'<svg class="{kind} {hue}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{width:g}" height="8"/></svg>'
    )
