#!/usr/bin/env python3
"""How soon a browser shows what was saved, while `sitegen serve` runs.

    python bench/serve.py CORPUS.jsonl [--repeat 5] [--browser CHROMIUM] [--work DIR]

CORPUS.jsonl is as for ``bench/build.py``. The site is the one that is ``shipped`` there, with a theme of its own on top
of the default one and a file for every topic. Several pages are open in Chromium at once, each in a context of its own;
a change is saved, and for each page the time is taken from the save to the moment at which its reader sees the change.
Some changes are also made with a single page open, as one who writes has: several browsers at once need the processors
as much as the preview does.

Then: what the processes hold and do while nothing is saved, and how many builds a thousand saves in ten seconds cause
(those that were given up for newer saves are not counted).
Linux only; needs playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from build import HERE, SITES, text_of, write_papers
from playwright.async_api import Browser, Page, async_playwright

THEMES = HERE.parent / "themes"
LIMIT_MS = 60_000
# So that no page is still loading, and no change waits for what is left of the one before.
REST_SECONDS = 3.0
IDLE_SECONDS = 15.0
# Text on the page, a style that holds, or no such text.
SHOWS = "said => document.body?.innerText.includes(said)"
LACKS = "said => document.readyState === 'complete' && !document.body.innerText.includes(said)"
STYLED = "said => getComputedStyle(document.documentElement).getPropertyValue('--saved').trim() === said"


class View(NamedTuple):
    """A page that is open during a change: its address and what its reader waits for."""

    name: str
    path: str
    sign: str
    said: str


class Change(NamedTuple):
    name: str
    save: Callable[[], object]
    views: list[View]


class Site:
    """The papers as Markdown, with a theme and topics that can be edited too."""

    def __init__(self, folder: Path, papers: list[dict[str, Any]]) -> None:
        self.folder = folder
        self.papers = papers
        shutil.copytree(SITES / "shipped", folder)
        write_papers(folder, papers)
        settings = folder / "sitegen.yaml"
        settings.write_text(settings.read_text(encoding="utf-8") + "theme: {name: own}\n", encoding="utf-8")
        own = folder / "themes/own"
        for part in ("templates", "static"):
            (own / part).mkdir(parents=True)
        (own / "theme.yaml").write_text("name: own\nextends: default\n", encoding="utf-8")
        self.template, self.style = own / "templates/_foot.html", own / "static/theme.css"
        shutil.copy(THEMES / "default/templates/_foot.html", self.template)
        shutil.copy(THEMES / "default/static/theme.css", self.style)
        self.topics = folder / "content/topics"
        self.topics.mkdir()
        for topic in {paper["topic"] for paper in papers}:
            (self.topics / f"{slug(topic)}.md").write_text(f"---\ntitle: {topic}\n---\n", encoding="utf-8")

    def write(self, paper: dict[str, Any]) -> None:
        self.source(paper).write_text(text_of(paper), encoding="utf-8")

    def source(self, paper: dict[str, Any]) -> Path:
        return self.folder / "content/papers" / f"{paper['slug']}.md"

    def changes(self, number: int) -> Iterator[Change]:
        """All changes of one round, each with signs that no earlier round has left behind."""
        # The newest are on the home page and first in their lists.
        other, newest = sorted(self.papers, key=lambda paper: (paper["date"], paper["slug"]))[-2:]
        new = newest | {"slug": f"freshly-added-{number}", "title": f"Xnew{number} papers", "date": "2031-01-01"}
        own, topic = f"papers/{newest['slug']}/", f"topics/{slug(newest['topic'])}/"

        def shown(said: str, *, of: dict[str, Any] = newest, search: bool = True) -> list[View]:
            listed = f"topics/{slug(of['topic'])}/"
            views = [View("home", "", SHOWS, said), View("topic", listed, SHOWS, said)]
            return [*views, View("search", f"search/?q={said}", SHOWS, f"{said} ")] if search else views

        said = f"Xtitle{number}"
        edited = newest | {"title": f"{said} {newest['title']}"}
        yield Change("title edited", lambda: self.write(edited), [View("paper", own, SHOWS, said), *shown(said)])
        said = f"Xtag{number}"
        tagged = other | {"title": f"{said} {other['title']}", "tags": [*other["tags"], f"tag {number}"]}
        there = View("paper", f"papers/{other['slug']}/", SHOWS, said)
        yield Change("title and tags edited", lambda: self.write(tagged), [there, *shown(said, of=other)])
        said = f"Xnew{number}"
        there = View("paper", f"papers/{new['slug']}/", SHOWS, said)
        yield Change("paper added", lambda: self.write(new), [there, *shown(said)])
        gone = [view._replace(sign=LACKS, said="Xnew") for view in [there, *shown(said, search=False)]]
        yield Change("paper deleted", self.source(new).unlink, gone)
        said = f"Xfoot{number}"
        pages = [View("paper", own, SHOWS, said), View("home", "", SHOWS, said), View("topic", topic, SHOWS, said)]
        yield Change("template edited", lambda: append(self.template, f"<p>{said}</p>"), pages)
        said = f"{number}"
        pages = [view._replace(sign=STYLED, said=said) for view in pages]
        yield Change("stylesheet edited", lambda: append(self.style, f":root{{--saved: {said}}}"), pages)
        said = f"Xabout{number}"
        about = self.topics / f"{slug(newest['topic'])}.md"
        yield Change("topic edited", lambda: append(about, said), [View("topic", topic, SHOWS, said)])
        said = f"Xsite{number}"
        settings = self.folder / "sitegen.yaml"
        yield Change(
            "settings edited",
            lambda: settings.write_text(
                re.sub("^title: .*", f"title: {said}", settings.read_text(encoding="utf-8"), flags=re.M),
                encoding="utf-8",
            ),
            [View("paper", own, SHOWS, said), View("home", "", SHOWS, said), View("topic", topic, SHOWS, said)],
        )

    def alone(self, number: int) -> Iterator[Change]:
        """Changes of one round as ``changes`` has them, for each page that may be open by itself."""
        newest = max(self.papers, key=lambda paper: (paper["date"], paper["slug"]))
        for place in ("paper", "home", "topic"):
            for kind, news in (
                ("title edited", {}),
                ("tags edited", {"tags": [*newest["tags"], f"{place} {number}"]}),
                ("paper added", {"slug": f"alone-{place}-{number}", "date": "2032-01-01"}),
            ):
                said = f"Xalone{place}{number}{kind[:3]}"
                paper = newest | {"title": f"{said} papers"} | news
                path = {"paper": f"papers/{paper['slug']}/", "home": "", "topic": f"topics/{slug(paper['topic'])}/"}
                yield Change(f"{kind}, one open", partial(self.write, paper), [View(place, path[place], SHOWS, said)])
                if paper["slug"] != newest["slug"]:
                    self.source(paper).unlink()
                    time.sleep(2 * REST_SECONDS)


def slug(label: str) -> str:
    return label.lower().replace(" ", "-")


def append(file: Path, line: str) -> None:
    file.write_text(f"{file.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")


class Preview(NamedTuple):
    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def builds(self) -> int:
        return self.log.read_text(encoding="utf-8").count("; files: ")


@contextmanager
def serving(site: Path) -> Iterator[Preview]:
    log = site / "serve.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "sitegen", "serve", "--port", "0"]
        process = subprocess.Popen(command, cwd=site, stdout=output, stderr=output)
    try:
        while not (found := re.search(r"serving (\S+)", log.read_text(encoding="utf-8"))):
            if process.poll() is not None:
                raise SystemExit(f"serve ended: {log.read_text()[-600:]}")
            time.sleep(0.1)
        yield Preview(process, found[1], log)
    finally:
        process.terminate()
        process.wait()


def family(parent: int) -> list[int]:
    """A process and all below it."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [parent]
    for process in found:
        found += [child for child, own in parents.items() if own == process]
    return found


def cpu_seconds(parent: int) -> float:
    """Of a process and all below it, those that have ended among them."""
    ticks = 0
    for process in family(parent):
        try:
            ticks += sum(map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:15]))
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(parent: int) -> float:
    """MiB that a process and all below it hold, pages that they share counted once."""
    total = 0
    for process in family(parent):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.M)
        total += int(found[1]) if found else 0
    return total / 1024


async def measure(browser: Browser, preview: Preview, change: Change) -> dict[str, float]:
    """Seconds until each view shows a change, and those of processor until nothing is left to do."""
    async with AsyncExitStack() as stack:
        pages: list[Page] = []
        for view in change.views:
            context = await stack.enter_async_context(await browser.new_context())
            pages.append(await context.new_page())
            await pages[-1].goto(preview.url + view.path)
        await asyncio.sleep(REST_SECONDS / 2)
        before, builds = cpu_seconds(preview.process.pid), preview.builds()
        start = time.perf_counter()
        change.save()

        async def watch(view: View, page: Page) -> float:
            await page.wait_for_function(view.sign, arg=view.said, timeout=LIMIT_MS)
            return time.perf_counter() - start

        seconds = await asyncio.gather(*map(watch, change.views, pages))
        while preview.builds() == builds:
            await asyncio.sleep(0.05)
        await asyncio.sleep(REST_SECONDS)
        spent = cpu_seconds(preview.process.pid) - before
    return dict(zip([view.name for view in change.views], seconds, strict=True)) | {"CPU": spent}


def burst(site: Site, preview: Preview) -> tuple[int, float]:
    """Builds that a thousand saves in ten seconds bring to an end, and seconds from then until the last of each paper
    is shown."""
    before, start = preview.builds(), time.perf_counter()
    papers = site.papers[:100]
    for number in range(1000):
        paper = papers[number % len(papers)]
        site.write(paper | {"title": f"Save {number} {paper['title']}"})
        time.sleep(max(0, start + number / 100 - time.perf_counter()))
    end, output = time.perf_counter(), next(site.folder.glob(".sitegen/serve-*/site"))

    def is_shown(i: int) -> bool:
        page = output / "papers" / papers[i]["slug"] / "index.html"
        return f"Save {1000 - len(papers) + i} " in page.read_text(encoding="utf-8")

    while not all(map(is_shown, range(len(papers)))):
        if time.perf_counter() - end > LIMIT_MS / 1000:
            raise SystemExit("the last saves are not shown")
        time.sleep(0.2)
    seconds = time.perf_counter() - end
    time.sleep(REST_SECONDS)
    return preview.builds() - before, seconds


async def run(corpus: Path, folder: Path, chromium: str, repeat: int) -> None:
    papers = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    site = Site(folder, papers)
    with serving(folder) as preview:
        rounds: dict[str, list[dict[str, float]]] = {}
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium)
            for number in range(repeat):
                for change in chain(site.changes(number), site.alone(number)):
                    rounds.setdefault(change.name, []).append(await measure(browser, preview, change))
            await browser.close()
        report(len(papers), rounds, repeat)
        builds, spent = preview.builds(), cpu_seconds(preview.process.pid)
        time.sleep(IDLE_SECONDS)
        spent = cpu_seconds(preview.process.pid) - spent
        print(
            f"\nidle: {preview.builds() - builds} builds, {100 * spent / IDLE_SECONDS:.1f} % of a processor, "
            f"{memory(preview.process.pid):.0f} MiB"
        )
        builds, seconds = burst(site, preview)
        print(f"1,000 saves in ten seconds: {builds} builds, the last are shown {seconds:.1f} s after")


def report(count: int, rounds: dict[str, list[dict[str, float]]], repeat: int) -> None:
    columns = ("paper", "home", "topic", "search", "CPU")
    print(f"\n{count:,} papers, median of {repeat} rounds, {os.cpu_count()} processors, seconds\n")
    print("| |" + "".join(f" {column} |" for column in columns))
    print("|---|" + "--:|" * len(columns))
    for change, rows in rounds.items():
        taken = [[row[column] for row in rows if column in row] for column in columns]
        figures = [f"{median(seconds):.2f}" if seconds else "" for seconds in taken]
        print(f"| {change} | " + " | ".join(figures) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, metavar="CORPUS.jsonl")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--browser", default=shutil.which("chromium"), help="a Chromium")
    parser.add_argument("--work", type=Path, help="folder for the site; a temporary one without it")
    arguments = parser.parse_args()
    if arguments.browser is None:
        parser.error("no Chromium found: name one with --browser")
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=arguments.work)) / "site"
    asyncio.run(run(arguments.corpus.resolve(), folder, arguments.browser, arguments.repeat))


if __name__ == "__main__":
    main()
