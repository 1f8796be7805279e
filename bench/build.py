#!/usr/bin/env python3
"""How long a build takes, beside Hugo on the same papers in the same run.

    python bench/build.py CORPUS.jsonl ... [--hugo HUGO] [--pagefind PAGEFIND] [--repeat 3] [--memory] [--work DIR]

CORPUS.jsonl has one paper a line: slug, title, authors, date, topic, tags, abstract. For every corpus the papers
are written as Markdown files for each program, and each is timed as a whole process, one right after the other:

    cold        no output, no cache (old output is moved aside: deleting it makes the file system slow for minutes);
                the papers are in the system's memory, as after a checkout
    unchanged   the same command again
    edit        one abstract edited, the same command again

``bare`` writes the pages that the Hugo site has (paper pages, an archive, lists by topic and tag in pages of 50,
one feed, a sitemap) and the search index on top; ``shipped`` is the default theme with everything that it does.
``cold`` and ``shipped`` are compared with Hugo alone and, where Pagefind is named, with Hugo and Pagefind.

Figures are medians; ratios are medians of the ratios within each round. Machines are noisy: read the ratios.

``--memory`` has each program build once more from nothing, untimed, and looks several times a second at what all its
processes hold together, memory that they share counted once (Linux only).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, TypeVar

HERE = Path(__file__).resolve().parent
SITES = HERE / "build_sites"
LIMIT_SECONDS = 900
# Seconds between two looks at the memory of a running build.
LOOK_EVERY = 0.2
# As an installed program runs: with its bytecode kept from the first run on, whatever is said of that here.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

T = TypeVar("T")


class Sample(NamedTuple):
    """One process: seconds of wall clock and processor (with its children's), peak memory of the largest in MiB."""

    wall: float
    cpu: float
    memory: float


class Contestant(NamedTuple):
    """A program on its own copy of the papers. ``leavings``: what a cold build must not find."""

    name: str
    site: Path
    command: list[str]
    output: str
    leavings: tuple[str, ...]


def measure(command: list[str], folder: Path) -> Sample:
    """Run one command to its end; a failure ends the benchmark."""
    log = folder / "bench.log"
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=ENVIRONMENT, stdout=output, stderr=output, start_new_session=True
        )
        timer = threading.Timer(LIMIT_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}: {log.read_text()[-600:]}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def memory_together(command: list[str], folder: Path) -> float:
    """Peak memory in MiB of one command and all processes it started, as it was seen: see ``LOOK_EVERY``."""
    with subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, sum(map(_share, _family(process.pid))))
            time.sleep(LOOK_EVERY)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return peak


def _family(process: int) -> list[int]:
    """A process and all that descend from it."""
    found = [process]
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it has just ended
            found += [member for child in children.read_text().split() for member in _family(int(child))]
    return found


def _share(process: int) -> float:
    """Memory of a process in MiB; of what several hold, its part (``Pss`` in proc(5))."""
    with contextlib.suppress(OSError):  # it has just ended
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def front_matter(**fields: Any) -> str:
    """YAML front matter; JSON values are valid YAML."""
    lines = [f"{key}: {value if key == 'date' else json.dumps(value)}" for key, value in fields.items()]
    return "\n".join(["---", *lines, "---", ""])


def write_papers(site: Path, papers: list[dict[str, Any]]) -> None:
    """One Markdown file a paper, which Hugo and sitegen read alike."""
    folder = site / "content/papers"
    folder.mkdir(parents=True)
    for paper in papers:
        (folder / f"{paper['slug']}.md").write_text(text_of(paper), encoding="utf-8")


def text_of(paper: dict[str, Any]) -> str:
    head = front_matter(
        title=paper["title"],
        date=paper["date"],
        slug=paper["slug"],
        authors=paper["authors"],
        topics=[paper["topic"]],
        tags=paper["tags"],
    )
    return f"{head}\n{paper['abstract']}\n"


def contestants(work: Path, papers: list[dict[str, Any]], hugo: str | None) -> list[Contestant]:
    ours = [sys.executable, "-m", "sitegen", "build", "--quiet"]
    made = []
    for name in ("bare", "shipped"):
        site = work / name
        shutil.copytree(SITES / name, site)
        write_papers(site, papers)
        made.append(Contestant(name, site, ours, "public", (".sitegen",)))
    if hugo:
        site = work / "hugo"
        shutil.copytree(SITES / "hugo", site)
        write_papers(site, papers)
        made.append(Contestant("hugo", site, [hugo, "build", "--quiet"], "public", ("resources", ".hugo_build.lock")))
    return made


def move_aside(trash: Path, *paths: Path) -> None:
    for path in paths:
        if path.exists():
            path.rename(trash / str(time.time_ns()))


def read_all(folder: Path) -> None:
    """Have the system hold these files in memory: which of them it has let go since they were last read, and so what a
    build must wait for, follows from the order of the builds and is no program's doing."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.read_bytes()


def cold(contestant: Contestant, trash: Path, take: Callable[[list[str], Path], T]) -> T:
    """What ``take`` measures of a build from nothing."""
    site = contestant.site
    move_aside(trash, site / contestant.output, *(site / path for path in contestant.leavings))
    os.sync()
    read_all(site / "content")
    return take(contestant.command, site)


def edited(contestant: Contestant, paper: dict[str, Any], number: int) -> Sample:
    site = contestant.site
    mark = f"Freshly edited {number}."
    source = site / "content/papers" / f"{paper['slug']}.md"
    source.write_text(text_of(paper | {"abstract": f"{paper['abstract']} {mark}"}), encoding="utf-8")
    sample = measure(contestant.command, site)
    page = site / contestant.output / "papers" / paper["slug"] / "index.html"
    if mark not in page.read_text(encoding="utf-8"):
        raise SystemExit(f"{contestant.name}: the edit did not reach {page}")
    return sample


def one_round(
    rivals: list[Contestant], paper: dict[str, Any], trash: Path, number: int
) -> dict[str, dict[str, Sample]]:
    """By contestant and stage. What is compared is done one right after the other: noise comes and goes."""
    stages: dict[str, Callable[[Contestant], Sample]] = {
        "cold": lambda rival: cold(rival, trash, measure),
        "unchanged": lambda rival: measure(rival.command, rival.site),
        "edit": lambda rival: edited(rival, paper, number),
    }
    samples: dict[str, dict[str, Sample]] = {rival.name: {} for rival in rivals}
    for stage, take in stages.items():
        # None of them is always the first.
        for rival in rivals if number % 2 else reversed(rivals):
            samples[rival.name][stage] = take(rival)
    return samples


def pagefind_round(pagefind: str, hugo: Contestant, trash: Path) -> Sample:
    move_aside(trash, hugo.site / "public/pagefind")
    return measure([pagefind, "--site", "public"], hugo.site)


def run(corpus: Path, work: Path, arguments: argparse.Namespace) -> None:
    papers = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    trash = work / "trash"
    trash.mkdir(parents=True)
    rivals = contestants(work, papers, arguments.hugo)
    rounds: list[dict[str, dict[str, Sample]]] = []
    for number in range(arguments.repeat):
        row = one_round(rivals, papers[len(papers) // 2], trash, number)
        if arguments.pagefind:
            row["hugo"]["pagefind"] = pagefind_round(arguments.pagefind, rivals[-1], trash)
        rounds.append(row)
    report(len(papers), rivals, rounds)
    if arguments.memory:
        report_memory({rival.name: cold(rival, trash, memory_together) for rival in rivals})


def report_memory(held: dict[str, float]) -> None:
    print("\nAll processes together, MiB:", *[f"{name} {peak:.0f};" for name, peak in held.items()])
    if "hugo" in held:
        print("ratio to Hugo:", *[f"{name} {held[name] / held['hugo']:.2f};" for name in ("bare", "shipped")])


def report(count: int, rivals: list[Contestant], rounds: list[dict[str, dict[str, Sample]]]) -> None:
    print(f"\n{count:,} papers, median of {len(rounds)} rounds, {os.cpu_count()} processors\n")
    print("| | cold s | cold CPU s | peak MiB | unchanged s | edit s | HTML pages | output MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for rival in rivals:
        values = [row[rival.name] for row in rounds]
        figures = [median(v["cold"][i] for v in values) for i in range(3)]
        output = rival.site / rival.output
        pages = sum(1 for _ in output.rglob("*.html"))
        size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file()) / 1e6
        print(
            f"| {rival.name} | {figures[0]:.2f} | {figures[1]:.2f} | {figures[2]:.0f} | "
            f"{median(v['unchanged'].wall for v in values):.2f} | {median(v['edit'].wall for v in values):.2f} | "
            f"{pages:,} | {size:.1f} |"
        )
    print("\ncold s by round:", *[f"{rival.name} {_seconds(rounds, rival.name)};" for rival in rivals])
    if "hugo" not in rounds[0]:
        return
    print("\n| ratio | to Hugo | to Hugo + Pagefind |\n|---|--:|--:|")
    for name in ("bare", "shipped"):
        for stage in ("cold", "unchanged", "edit"):
            alone = _ratio(rounds, name, stage, lambda row, stage=stage: row["hugo"][stage].wall)
            both = "–"
            if stage == "cold" and "pagefind" in rounds[0]["hugo"]:
                both = _ratio(rounds, name, stage, lambda row: row["hugo"]["cold"].wall + row["hugo"]["pagefind"].wall)
            print(f"| {name}, {stage} | {alone} | {both} |")
    memory = median(row["bare"]["cold"].memory / row["hugo"]["cold"].memory for row in rounds)
    print(f"| bare, peak memory of the largest process | {memory:.2f} | – |")


def _seconds(rounds: list[dict[str, dict[str, Sample]]], name: str) -> str:
    return " ".join(f"{row[name]['cold'].wall:.2f}" for row in rounds)


def _ratio(
    rounds: list[dict[str, dict[str, Sample]]], name: str, stage: str, other: Callable[[dict[str, Any]], float]
) -> str:
    return f"{median(row[name][stage].wall / other(row) for row in rounds):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="+", metavar="CORPUS.jsonl")
    parser.add_argument("--hugo", help="the Hugo binary to compare with")
    parser.add_argument("--pagefind", help="the Pagefind binary, run over Hugo's output")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="measure the memory of all processes together too")
    parser.add_argument("--work", type=Path, help="folder for the sites; a temporary one without it")
    arguments = parser.parse_args()
    if arguments.pagefind and not arguments.hugo:
        parser.error("--pagefind goes with --hugo")
    for corpus in arguments.corpora:
        work = Path(tempfile.mkdtemp(prefix="bench-", dir=arguments.work))
        run(corpus.resolve(), work, arguments)


if __name__ == "__main__":
    main()
