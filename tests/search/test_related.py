"""Similar papers share telling words, and say which."""

from __future__ import annotations

from sitegen.search.analysis import analyze, analyze_texts, as_written, texts_of
from sitegen.search.inverted_index import Index, build_index
from sitegen.search.model import Card, Document, Model
from sitegen.search.related import related


def index_of(*texts: str) -> Index:
    documents = [
        Document({"title": text.split(".")[0], "abstract": text}, Card(id=f"p{i:03d}", url=""))
        for i, text in enumerate(texts)
    ]
    return build_index(analyze(documents, Model(), [analyze_texts(as_written, texts_of(documents))]), Model())


FILLERS = [f"Filler{i} thing{i} about{i} nothing{i} at{i} all{i}. Paper common words." for i in range(40)]


def test_papers_about_the_same_thing_are_near_and_the_shared_words_are_readable() -> None:
    found = related(
        index_of(
            "Spiking neurons on chips. Energy of neuromorphic hardware.",
            "Neuromorphic chips. Spiking at low energy.",
            *FILLERS,
        ),
        3,
        3,
    )
    assert found.best[0][0] == 1
    assert found.best[1][0] == 0
    assert 0 < found.cosines[0][0] <= 1
    words = found.reasons[0][0].split()
    assert words
    assert set(words) <= {"spiking", "neurons", "chips", "energy", "neuromorphic"}


def test_only_the_first_similar_papers_come_with_words() -> None:
    index = index_of(*["Neuromorphic chips. Spiking at low energy."] * 4, *FILLERS)
    found, all_told = related(index, 3, 1), related(index, 3, 3)
    assert (found.best == all_told.best).all()
    assert found.reasons == [words[:1] for words in all_told.reasons]


def test_a_paper_is_never_similar_to_itself() -> None:
    found = related(index_of("The same text. Twice over.", "The same text. Twice over.", *FILLERS), 2, 2)
    for number, (best, cosines) in enumerate(zip(found.best.tolist(), found.cosines.tolist(), strict=True)):
        assert all(other != number for other, cosine in zip(best, cosines, strict=True) if cosine)


def test_words_that_every_paper_has_make_nothing_similar() -> None:
    found = related(index_of(*FILLERS), 3, 3)
    assert not found.cosines.any()
    assert not any(any(words) for words in found.reasons)


def test_equal_neighbours_come_newest_first() -> None:
    found = related(index_of(*["Lattice proof of a bound."] * 3, *FILLERS, *FILLERS), 2, 2)
    assert found.best[0].tolist() == [2, 1]
