from __future__ import annotations

import pytest

from sitegen.text.identifiers import arxiv_in, arxiv_month, arxiv_number, doi_of, place_address


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("2401.00011", "2401.00011"),
        ("2401.00011v2", "2401.00011v2"),
        ("arXiv:2401.00011", "2401.00011"),
        ("arXiv:2401.00011v1 [cs.CL]", "2401.00011v1"),
        ("arXiv preprint arXiv:2401.00011", "2401.00011"),
        ("CoRR abs/2401.00011", "2401.00011"),
        ("CoRR, abs/2401.00011", "2401.00011"),
        ("https://arxiv.org/html/2401.00011v1", "2401.00011v1"),
        ("http://www.arxiv.org/pdf/2401.00011v3.pdf", "2401.00011v3"),
        ("https://arxiv.org/abs/2401.00011?context=cs.LG", "2401.00011"),
        ("https://huggingface.co/papers/2401.00011", "2401.00011"),
        ("https://ar5iv.labs.arxiv.org/html/2401.00011", "2401.00011"),
        ("10.48550/arXiv.2401.00011", "2401.00011"),
        ("https://doi.org/10.48550/arXiv.2401.00011", "2401.00011"),
        ("math/0309136", "math/0309136"),
        ("math.GT/0309136v2", "math/0309136v2"),
        ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
    ],
)
def test_an_arxiv_number_is_read_however_it_is_written(written: str, number: str) -> None:
    assert arxiv_number(written) == number


@pytest.mark.parametrize(
    "text", ["", "arXiv", "arXiv e-prints", "2401.1", "page/1234567", "10.1000/2401.00011", "2401.00011 and more"]
)
def test_other_text_is_no_arxiv_number(text: str) -> None:
    assert arxiv_number(text) is None


def test_a_number_is_found_within_a_text_only_where_it_is_called_one() -> None:
    assert arxiv_in("To appear. arXiv:2401.00011v2, 12 pages") == "2401.00011v2"
    assert arxiv_in("see https://arxiv.org/abs/2401.00011 for more") == "2401.00011"
    assert arxiv_in("costs 2401.00011 dollars") is None


@pytest.mark.parametrize(
    ("number", "month"),
    [("2401.00011v2", (2024, 1)), ("math/0309136", (2003, 9)), ("hep-th/9901001", (1999, 1)), ("2413.00011", None)],
)
def test_a_number_says_when_it_was_given(number: str, month: tuple[int, int] | None) -> None:
    assert arxiv_month(number) == month


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1000/boat.1", "10.1000/boat.1"),
        ("https://doi.org/10.1000%2Fboat.1", "10.1000/boat.1"),
        ("doi: 10.1000/(sici)1097<1::aid>3.0.co;2-c", "10.1000/(sici)1097<1::aid>3.0.co;2-c"),
        ("http://dx.doi.org/10.1000/boat.1.", "10.1000/boat.1"),
        ("11.1000/boat", None),
        ("soon", None),
    ],
)
def test_a_doi_is_read_however_it_is_written(written: str, doi: str | None) -> None:
    assert doi_of(written) == doi


@pytest.mark.parametrize(
    ("url", "placed"),
    [
        ("https://arxiv.org/abs/2401.00001v2", ("arxiv", "2401.00001v2")),
        ("https://doi.org/10.1234/a.b", ("doi", "10.1234/a.b")),
        ("https://dl.example.org/doi/abs/10.1145/12.34", ("doi", "10.1145/12.34")),
        ("https://example.org/Paper.PDF", ("pdf", "https://example.org/Paper.PDF")),
        ("https://example.org/paper.pdf?download=1", ("pdf", "https://example.org/paper.pdf?download=1")),
        ("https://openreview.net/pdf?id=aB", ("pdf", "https://openreview.net/pdf?id=aB")),
        ("https://openreview.net/forum?id=aB", ("project", "https://openreview.net/forum?id=aB")),
        ("https://github.com/example/fold", ("code", "https://github.com/example/fold")),
        ("https://example.github.io/fold", ("project", "https://example.github.io/fold")),
        ("https://m.youtube.com/watch?v=1", ("video", "https://m.youtube.com/watch?v=1")),
        ("https://huggingface.co/datasets/a/b", ("data", "https://huggingface.co/datasets/a/b")),
        (" https://example.org/ ", ("project", "https://example.org/")),
        ("javascript:alert(1)", ("project", "javascript:alert(1)")),
    ],
)
def test_an_address_fills_the_field_that_it_belongs_to(url: str, placed: tuple[str, str]) -> None:
    assert place_address(url) == placed
