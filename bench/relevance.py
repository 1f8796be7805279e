"""Ranking measured on collections with judged queries: python bench/relevance.py FOLDER...

A folder holds ``docs.jsonl`` {id, title, authors, abstract}, ``queries.jsonl`` {id, text} and ``qrels.tsv`` (query,
document, grade). Its documents are indexed and published as a site's papers are; the queries run through
``bench/search.mjs``. Prints nDCG@10 of Lunr's plain order and of the search box.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import msgspec

from sitegen.search.analysis import analyze, analyze_texts, as_written, texts_of
from sitegen.search.model import Card, Document, Listed, Model
from sitegen.search.state import compare, follow, index_of, pages_of

HERE = Path(__file__).resolve().parent


class Judged(msgspec.Struct):
    """A document of a test collection."""

    id: str
    title: str
    authors: list[str] = []
    abstract: str = ""


def read_documents(collection: Path) -> list[Judged]:
    """The documents of a folder (``docs.jsonl``) or of a file of JSON lines."""
    file = collection / "docs.jsonl" if collection.is_dir() else collection
    return list(map(msgspec.json.Decoder(Judged).decode, file.read_bytes().splitlines()))


def publish(papers: list[Judged], site: Path) -> None:
    """The search index of a collection, as it would lie in a site's output."""
    judged = {paper.id: paper for paper in papers}
    model = Model()

    step = compare(None, model, [Listed("", i) for i in judged])
    documents = [
        Document(
            {"title": d.title, "authors": " ".join(d.authors), "abstract": d.abstract},
            Card(id=d.id, url="", authors=tuple(d.authors)),
        )
        for d in map(judged.__getitem__, step.wanted)
    ]
    index = index_of(step, analyze(documents, model, [analyze_texts(as_written, texts_of(documents))]))
    state = follow(step, index, 6)
    for file in pages_of(state)[0].files:
        (site / file.path).parent.mkdir(parents=True, exist_ok=True)
        (site / file.path).write_bytes(file.make())


def ndcg(run: str, folder: Path) -> float:
    """Mean nDCG@10 over the judged queries, with the grades as gains; a query without results counts 0."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text().splitlines():
        query, document, grade = line.split()
        grades[query][document] = int(grade)
    found: dict[str, list[str]] = defaultdict(list)
    for line in run.splitlines():
        query, _, document, *_ = line.split()
        found[query].append(document)
    total = 0.0
    for query, judged in grades.items():
        gains = [judged.get(document, 0) for document in found[query][:10]]
        ideal = sorted(judged.values(), reverse=True)[:10]
        total += _discounted(gains) / (_discounted(ideal) or 1)
    return total / len(grades)


def _discounted(gains: list[int]) -> float:
    return sum(max(gain, 0) / math.log2(rank + 2) for rank, gain in enumerate(gains))


def main(folders: list[Path]) -> None:
    for folder in folders:
        with tempfile.TemporaryDirectory() as site:
            publish(read_documents(folder), Path(site))
            command = ["node", str(HERE / "search.mjs"), "--site", site, "--queries", str(folder / "queries.jsonl")]
            row = {"collection": folder.name}
            for syntax in ("lunr", "box"):
                ran = subprocess.run([*command, "--syntax", syntax], capture_output=True, text=True, check=True)
                row[syntax] = f"{ndcg(ran.stdout, folder):.4f}"
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
