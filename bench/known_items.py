"""Finding one known paper again: python bench/known_items.py FOLDER|FILE.jsonl... [--queries N] [--minisearch DIR]

Each query is what somebody may remember of one paper: words of its title or of a sentence of its abstract, with a
typing error, with the last word half typed, or an author and a word. Prints how often the paper came first and among
the first ten, from the shipped client and, where DIR holds ``node_modules/minisearch``, from MiniSearch in both of its
usual forms (as it is, and with the prefix and fuzzy settings of its README).

A folder holds ``docs.jsonl``; its lines and those of a file are {id, title, authors, abstract}, authors as names or
as {name}. Queries are drawn with a fixed seed, so a run can be repeated.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from lunr.stop_word_filter import WORDS as STOP_WORDS
from relevance import Judged, publish, read_documents

HERE = Path(__file__).resolve().parent
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[^\W\d_]{3,}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def telling_words(text: str) -> list[str]:
    """Words that a person may remember: of three letters or more, no stop words."""
    return [word for word in _WORD.findall(text) if word.lower() not in STOP_WORDS]


def remembered(rng: random.Random, text: str, least: int = 2, most: int = 5) -> list[str] | None:
    """Some of the words of a text, in their order; ``None`` where it has too few."""
    words = telling_words(text)
    if len(words) < least:
        return None
    places = sorted(rng.sample(range(len(words)), min(rng.randint(least, most), len(words))))
    return [words[place] for place in places]


def mistyped(rng: random.Random, word: str) -> str:
    """A word with one letter left out, doubled, replaced or changed with the next; its first letter stays."""
    at = rng.randrange(1, len(word) - 1)
    edit = rng.randrange(4)
    if edit == 0:
        return word[:at] + word[at + 1 :]
    if edit == 1:
        return word[:at] + word[at] + word[at:]
    if edit == 2:
        return word[:at] + rng.choice(LETTERS.replace(word[at].lower(), "")) + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def of_title(rng: random.Random, paper: Judged) -> str | None:
    words = remembered(rng, paper.title)
    return " ".join(words).lower() if words else None


def of_abstract(rng: random.Random, paper: Judged) -> str | None:
    words = remembered(rng, rng.choice(_SENTENCE.split(paper.abstract)), 3)
    return " ".join(words).lower() if words else None


def with_typing_error(rng: random.Random, paper: Judged) -> str | None:
    words = remembered(rng, paper.title)
    long = [i for i, word in enumerate(words or ()) if len(word) >= 5]
    if not words or not long:
        return None
    at = rng.choice(long)
    words[at] = mistyped(rng, words[at])
    return " ".join(words).lower()


def half_typed(rng: random.Random, paper: Judged) -> str | None:
    words = remembered(rng, paper.title)
    if not words or len(words[-1]) < 5:
        return None
    return " ".join([*words[:-1], words[-1][: rng.randint(3, len(words[-1]) - 1)]]).lower()


def by_author(rng: random.Random, paper: Judged) -> str | None:
    words = telling_words(paper.title)
    if not words or not paper.authors:
        return None
    return f"{rng.choice(paper.authors).split()[-1]} {rng.choice(words)}".lower()


KINDS: dict[str, Callable[[random.Random, Judged], str | None]] = {
    "title": of_title,
    "abstract": of_abstract,
    "typo": with_typing_error,
    "half": half_typed,
    "author": by_author,
}


def drawn(papers: list[Judged], count: int) -> Iterator[tuple[str, str, str]]:
    """(kind, id, query), ``count`` of each kind; of papers that have no such query others are drawn."""
    for kind, make in KINDS.items():
        rng = random.Random(f"known items: {kind}")
        left = count
        for paper in rng.sample(papers, len(papers)):
            query = make(rng, paper) if left else None
            if query:
                left -= 1
                yield kind, paper.id, query


def success(run: str, wanted: list[tuple[str, str, str]]) -> dict[str, str]:
    """By kind, and over all: how often the paper is first / among the first ten, in per cent."""
    ranks: dict[str, int] = {}
    for line in run.splitlines():
        query, _, document, rank, *_ = line.split()
        if wanted[int(query)][1] == document:
            ranks[query] = int(rank)
    found: dict[str, list[int]] = defaultdict(list)
    for number, (kind, _, _) in enumerate(wanted):
        rank = ranks.get(str(number), 99)
        found[kind].append(rank)
        found["all"].append(rank)

    def share(ranks: list[int], most: int) -> float:
        return 100 * sum(rank <= most for rank in ranks) / len(ranks)

    return {kind: f"{share(ranks, 1):.1f} / {share(ranks, 10):.1f}" for kind, ranks in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", nargs="+", type=Path, metavar="FOLDER|FILE")
    parser.add_argument("--queries", type=int, default=300, metavar="N", help="of each kind (300)")
    parser.add_argument("--minisearch", type=Path, metavar="DIR")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the site and the queries there")
    options = parser.parse_args()
    for collection in options.collections:
        papers = read_documents(collection)
        wanted = list(drawn(papers, options.queries))
        with tempfile.TemporaryDirectory() as temporary:
            folder = options.keep or Path(temporary)
            publish(papers, folder / "site")
            lines = [json.dumps({"id": str(number), "text": query}) for number, (_, _, query) in enumerate(wanted)]
            (folder / "queries.jsonl").write_text("\n".join(lines))
            docs = [{"id": p.id, "title": p.title, "authors": p.authors, "abstract": p.abstract} for p in papers]
            (folder / "docs.jsonl").write_text("\n".join(map(json.dumps, docs)))
            queries = ["--queries", str(folder / "queries.jsonl"), "--limit", "10"]
            engines = {"sitegen": [str(HERE / "search.mjs"), "--site", str(folder / "site"), *queries]}
            if options.minisearch:
                peer = [str(HERE / "minisearch.mjs"), "--modules", str(options.minisearch)]
                peer += ["--documents", str(folder / "docs.jsonl"), *queries]
                engines |= {"MiniSearch": peer, "MiniSearch prefix+fuzzy": [*peer, "--forgiving"]}
            for engine, command in engines.items():
                ran = subprocess.run(["node", *command], capture_output=True, text=True, check=True)
                print(json.dumps({"collection": collection.stem, "engine": engine} | success(ran.stdout, wanted)))


if __name__ == "__main__":
    main()
