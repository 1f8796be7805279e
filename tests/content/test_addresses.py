from __future__ import annotations

import pytest

from sitegen.content.addresses import meaning_of


@pytest.mark.parametrize(
    ("url", "meaning"),
    [
        ("https://arxiv.org/abs/2401.00001v2", ("arxiv", "2401.00001v2")),
        ("http://www.arxiv.org/pdf/2401.00001.pdf", ("arxiv", "2401.00001")),
        ("https://doi.org/10.1234/a.b", ("doi", "10.1234/a.b")),
        ("https://example.org/Paper.PDF", ("pdf", "https://example.org/Paper.PDF")),
        ("https://github.com/example/fold", ("code", "https://github.com/example/fold")),
        (" https://example.org/ ", ("project", "https://example.org/")),
        ("javascript:alert(1)", ("project", "javascript:alert(1)")),
    ],
)
def test_an_address_tells_what_it_leads_to(url: str, meaning: tuple[str, str]) -> None:
    assert meaning_of(url) == meaning
