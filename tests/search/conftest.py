"""An invented collection for the search tests, its published index, and the client under Node."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import lunr
import pytest
from lunr import get_default_builder
from tools import program

from sitegen.search.analysis import analyze, analyze_texts, as_written, texts_of
from sitegen.search.inverted_index import Index, build_index
from sitegen.search.model import Card, Document, Label, Model
from sitegen.search.ranking import NEIGHBOURS, neighbours_of
from sitegen.search.related import related
from sitegen.search.shards import pages
from sitegen.search.tokenize import fold

JS = Path(__file__).parents[1] / "js"

WORDS = {
    "nouns": """graph network model language memory vision robot proof lattice prior sample kernel token
        agent policy reward signal noise field tensor matrix vector gradient descent flow diffusion score
        search index query cache stream sketch parser grammar speech accent dialect corpus lexicon atlas
        protein graphene""",
    "verbs": "learn prune align distil compress predict generalise generalize rank parse translate decode",
    "plain": "deep sparse neural causal robust optimal convex fast slow local global private lay laid try",
    "glue": "the of and for with under over between a an in on to is are we our this that",
}
NOUNS, VERBS, PLAIN, GLUE = (words.split() for words in WORDS.values())
ENDS = ("", "", "s", "ing", "ed", ",", "-1")
FIRST = ("Ada", "Bo", "Cyn", "Dov", "Eda", "Fay", "Gus", "Ham")
LAST = ("Arne", "Bülow", "Čapek", "Dąbrowski", "Eriksen", "O'Neil", "Łukasz", "Müller")
TOPICS = ("Machine Learning", "Robotics", "Theory of Computation", "Computational Biology")
VENUES = ("", "Invented Conference on Graphs", "Journal of Made-up Results")


def documents(count: int, seed: int = 1) -> list[Document]:
    """Papers nobody wrote, with the repetitions and rare words of real ones."""
    rng = random.Random(seed)

    def sentence(words: int) -> str:
        pools = rng.choices((NOUNS, VERBS, PLAIN, GLUE), weights=(5, 2, 2, 4), k=words)
        if words > 12:
            return " ".join(rng.choice(pool) + rng.choice((*ENDS, str(rng.randint(1, 40)))) for pool in pools)
        return " ".join(rng.choice(pool) + rng.choice(ENDS) for pool in pools)

    found = []
    for i in range(count):
        authors = tuple(f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(rng.randint(0, 4)))
        topic, venue = rng.choice(TOPICS), rng.choice(VENUES)
        tags = tuple(rng.sample(NOUNS[:12], rng.randint(0, 3)))
        title, abstract = sentence(rng.randint(1, 9)).capitalize(), sentence(rng.randint(0, 60))
        year, arxiv = 2015 + i * 10 // count, f"{2401 + i // 1000}.{i:05d}"
        found.append(
            Document(
                {
                    "title": title,
                    "authors": " ".join(authors),
                    "tags": " ".join(tags),
                    "topics": topic,
                    "venue": venue,
                    "abstract": abstract,
                    "identifiers": f"arXiv:{arxiv} 10.5555/made.up-{i}",
                },
                Card(
                    id=f"p{i}",
                    url=f"papers/p{i}/",
                    authors=authors,
                    date=f"{year}-{1 + i % 12:02d}-{1 + i % 28:02d}" if i % 17 else "",
                    venue=venue,
                    votes=rng.choice((None, rng.randint(0, 900))),
                    topics=(Label(topic, topic.lower().replace(" ", "-")),),
                    tags=tuple(Label(t, t) for t in tags),
                ),
            )
        )
    return found


def in_order(found: Iterable[Document]) -> list[Document]:
    """Documents as the index numbers them."""
    return sorted(found, key=lambda document: (document.card.date, document.card.id))


def index_of(found: Iterable[Document], model: Model | None = None) -> Index:
    model = model or Model()
    return build_index(analyze(in_order(found), model, [analyze_texts(as_written, texts_of(in_order(found)))]), model)


def publish(index: Index, folder: Path) -> Path:
    """Writes the index in pages under ``folder`` as a site would hold it."""
    near = neighbours_of(related(index, NEIGHBOURS, 0).best)
    for path, content in pages(index, near):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def lunr_of(found: Iterable[Document], model: Model | None = None) -> Any:
    """What lunr.py makes of the same folded text in the same order."""
    model = model or Model()
    builder = get_default_builder()
    builder.k1(model.k1)
    builder.b(model.b)
    return lunr.lunr(
        builder=builder,
        ref="id",
        fields=[{"field_name": f.name, "boost": f.boost} for f in model.fields],
        documents=[
            {"id": d.card.id} | {f.name: fold(d.fields.get(f.name, "")) for f in model.fields} for d in in_order(found)
        ],
    )


def run_node(script: str, *arguments: str | Path, given: object = None) -> Any:
    """What a script of ``tests/js`` prints, as JSON; ``given`` goes to its standard input."""
    command = [program("node"), str(JS / script), *map(str, arguments)]
    ran = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="session")
def papers() -> list[Document]:
    return documents(400)


@pytest.fixture(scope="session")
def numbered(papers: list[Document]) -> list[Document]:
    """The papers as the index numbers them."""
    return in_order(papers)


@pytest.fixture(scope="session")
def index(papers: list[Document]) -> Index:
    return index_of(papers)


@pytest.fixture(scope="session")
def site(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(index, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def make_documents() -> Callable[..., list[Document]]:
    return documents


@pytest.fixture(scope="session")
def make_index() -> Callable[..., Index]:
    return index_of


@pytest.fixture(scope="session")
def publish_index() -> Callable[[Index, Path], Path]:
    return publish


@pytest.fixture(scope="session")
def make_lunr() -> Callable[..., Any]:
    return lunr_of


@pytest.fixture(scope="session")
def node() -> Callable[..., Any]:
    return run_node
