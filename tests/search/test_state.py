"""Search follows the papers from build to build and always ends where a build from nothing would."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import msgspec
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from sitegen.search.analysis import analyze, analyze_texts, as_written, texts_of
from sitegen.search.index_store import from_bytes, to_parts
from sitegen.search.model import Document, Listed, Model
from sitegen.search.state import State, compare, follow, index_of, pages_of

MODEL = Model()


def build(before: State | None, documents: Iterable[Document], similar: int = 6) -> tuple[dict[str, bytes], State]:
    """The files of the index, by path, and the state to give to the next build."""
    by_id = {document.card.id: document for document in documents}
    listed = [Listed(document.card.date, document.card.id, repr(document).encode()) for document in by_id.values()]
    step = compare(before, MODEL, listed)
    changed = [by_id[i] for i in step.wanted]
    index = index_of(step, analyze(changed, MODEL, [analyze_texts(as_written, texts_of(changed))]))
    state = follow(step, index, similar)
    pages, state = pages_of(state)
    return {file.path: file.make() for file in pages.files}, state


@pytest.mark.parametrize("page", [2500, 60], ids=["terms of one layer", "terms of two layers"])
@examples(15)
@given(seed=st.integers(0, 10_000), edits=st.lists(st.sampled_from("edit add remove move".split()), max_size=5))
def test_any_edits_end_in_the_bytes_of_a_clean_build(
    page: int, make_documents: Callable[..., list[Document]], seed: int, edits: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sitegen.search.shards._PAGE", page)
        patch.setattr("sitegen.search.shards._FREQUENT", page)
        follow_edits(make_documents, seed, edits)


def follow_edits(make_documents: Callable[..., list[Document]], seed: int, edits: list[str]) -> None:
    rng = random.Random(seed)
    spare = make_documents(60, seed)
    papers = {document.card.id: document for document in spare[:30]}
    _, state = build(None, papers.values())
    for edit in edits:
        one, other = rng.choice(spare[30:]), rng.choice(sorted(papers))
        if edit == "add":
            papers[one.card.id] = one
        elif edit == "remove" and len(papers) > 1:
            del papers[other]
        elif edit == "move":
            moved = msgspec.structs.replace(papers[other].card, date="2031-01-01")
            papers[other] = Document(papers[other].fields, moved)
        else:
            papers[other] = Document(one.fields, papers[other].card)
        stored = from_bytes(b"".join(to_parts(state)))
        assert stored is not None
        files, state = build(stored, papers.values())
        clean, fresh = build(None, papers.values())
        assert files == clean
        assert state.related is not None
        assert fresh.related is not None
        assert state.related.best.tolist() == fresh.related.best.tolist()
        assert state.related.reasons == fresh.related.reasons


def test_an_edit_of_one_paper_changes_few_term_pages(make_documents: Callable[..., list[Document]]) -> None:
    papers = {document.card.id: document for document in make_documents(1500)}
    before, state = build(None, papers.values())
    edited = papers["p700"]
    papers["p700"] = Document(edited.fields | {"title": edited.fields["title"] + " zeugma"}, edited.card)
    after, _ = build(state, papers.values())
    pages = {path for path in after if path.startswith("search/terms/")}
    assert 0 < len(pages - before.keys()) <= len(pages) // 3


def test_the_order_in_which_papers_are_listed_changes_nothing(make_documents: Callable[..., list[Document]]) -> None:
    papers = make_documents(40)
    assert build(None, papers)[0] == build(None, reversed(papers))[0]


OTHER = msgspec.msgpack.encode(["something", "else"])


@pytest.mark.parametrize("data", [b"", b"\xff", bytes(8), OTHER, len(OTHER).to_bytes(8, "little") + OTHER])
def test_a_spoilt_state_is_the_same_as_none(data: bytes) -> None:
    assert from_bytes(data) is None


def test_a_state_cut_short_is_the_same_as_none(make_documents: Callable[..., list[Document]]) -> None:
    whole = b"".join(to_parts(build(None, make_documents(40))[1]))
    assert from_bytes(whole) is not None
    for size in range(0, len(whole), 97):
        assert from_bytes(whole[:size]) is None


def test_an_empty_collection_has_an_index() -> None:
    files, state = build(None, [])
    assert "search/manifest.json" in files
    assert from_bytes(b"".join(to_parts(state))) is not None
