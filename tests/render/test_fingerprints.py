"""A page is rendered again whenever its bytes would differ: equal fingerprints mean equal bytes.

Sites are changed at random, and every page that keeps its fingerprint is rendered before and after.
"""

from __future__ import annotations

from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from memory_sites import config_of, env_of, paper_of, site_of

from sitegen.collection.assemble import with_related
from sitegen.config import Config
from sitegen.model import Page, Paper, Similar, Site, Vocabulary
from sitegen.render.output import RenderEnv
from sitegen.render.plan import plan, render

DAYS = [f"2025-{day}" for day in ("01-27", "01-30", "01-31", "02-01", "02-02", "03-03")]
FIELDS = {
    "abstract": st.sampled_from(["", "A graph of $x$.", "Trees and [more](topics/graphs/)."]),
    "date": st.sampled_from([None, *DAYS]),
    "featured_on": st.lists(st.sampled_from(DAYS), max_size=2, unique=True),
    "authors": st.lists(st.sampled_from(["Ada Alpha", "Bo Beta", "Cy Gamma"]), max_size=3, unique=True),
    "author_count": st.sampled_from([None, 5]),
    "topics": st.lists(st.sampled_from(["Graphs", "Trees"]), max_size=2, unique=True),
    "tags": st.lists(st.sampled_from(["sparse", "dense", "fast"]), max_size=3, unique=True),
    "venue": st.sampled_from([None, "Conf", "Workshop"]),
    "upvotes": st.sampled_from([None, 1, 7]),
    "extra": st.sampled_from([{}, {"session": "Session 1"}, {"session": "Session 2"}]),
}
PAPERS = st.dictionaries(
    st.sampled_from([f"Paper {letter}" for letter in "ABCDEFGH"]), st.fixed_dictionaries(FIELDS), max_size=8
)
VOCABULARIES = st.lists(
    st.builds(
        Vocabulary,
        label=st.sampled_from(["Graphs", "Trees", "Empty"]),
        slug=st.sampled_from(["", "g"]),
        hue=st.sampled_from([None, 10, 200]),
        description=st.sampled_from(["", "What it is."]),
        order=st.integers(0, 2),
    ),
    max_size=2,
    unique_by=lambda topic: topic.label,
)
PAGES = st.lists(st.builds(Page, slug=st.just("about"), title=st.just("About"), menu=st.booleans()), max_size=1)
CONFIGS = [
    config_of(lists={"per_page": 2}, feeds={"limit": 3, "term_limit": 2}),
    config_of(lists={"per_page": 2}, theme={"name": "default", "options": {"home": "volumes"}}),
]
# One for the site before the change and one for the site after it: templates are compiled once for all examples.
SETUPS = [(config, env_of(config), env_of(config)) for config in CONFIGS]
Content = tuple[dict[str, dict[str, object]], list[Vocabulary], list[Page]]
CONTENT = st.tuples(PAPERS, VOCABULARIES, PAGES)


def made(content: Content, config: Config) -> Site:
    fields, topics, pages = content
    papers: list[Paper] = [
        paper_of(title, **{key: value for key, value in own.items() if value not in (None, [], {})})
        for title, own in fields.items()
    ]
    site = site_of(papers, config, topics=topics, pages=pages)
    last = len(site.papers) - 1
    return with_related(site, [(Similar(last - i, "graph"),) if last - i != i else () for i in range(last + 1)])


@examples(100)
@given(CONTENT, st.data(), st.sampled_from(SETUPS))
def test_a_page_that_keeps_its_fingerprint_keeps_its_bytes(
    content: tuple[dict[str, dict[str, object]], list[Vocabulary], list[Page]],
    data: st.DataObject,
    envs: tuple[Config, RenderEnv, RenderEnv],
) -> None:
    papers, topics, pages = content
    changed = dict(papers)
    for title in data.draw(st.lists(st.sampled_from(sorted(papers)), max_size=2)) if papers else []:
        if data.draw(st.booleans()):
            changed.pop(title, None)
        else:
            key = data.draw(st.sampled_from(sorted(FIELDS)))
            changed[title] = {**papers[title], key: data.draw(FIELDS[key])}
    changed |= data.draw(st.one_of(st.just({}), PAPERS.map(lambda more: dict(list(more.items())[:1]))))
    after_topics = data.draw(st.one_of(st.just(topics), VOCABULARIES))
    after_pages = data.draw(st.one_of(st.just(pages), PAGES))
    config, first, second = envs
    before = made(content, config)
    after = made((changed, after_topics, after_pages), config)
    kept = {output.path: output for output in plan(before, first) if output.kind not in ("asset", "share")}
    for output in plan(after, second):
        old = kept.get(output.path)
        if old is not None and old.fingerprint == output.fingerprint:
            assert render(before, first, old) == render(after, second, output), output.path
