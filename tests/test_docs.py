"""The documentation says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import click
import msgspec
import pytest

from sitegen.cli import main
from sitegen.config import Config
from sitegen.content.record import FIELDS
from sitegen.model import Links, Notice, Person

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_a_section_that_names_each_of_its_options(name: str) -> None:
    sections = re.split(r"^## ", COMMANDS, flags=re.MULTILINE)
    shared = next(section for section in sections if section.startswith("What all commands share"))
    own = next(section for section in sections if section.startswith(f"`sitegen {name}"))
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Option):
            for option in (*parameter.opts, *parameter.secondary_opts):
                assert f"`{option}" in own + shared


def test_no_option_is_described_that_is_not_there() -> None:
    known = {
        option
        for command in (main, *main.commands.values())
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    described = set(re.findall(r"`(--[a-z-]+)", COMMANDS))
    assert described - known - {"--help"} == set()


@pytest.mark.parametrize(
    "page", sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")]), ids=lambda page: page.name
)
def test_links_between_the_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def names_in_tables(text: str) -> set[str]:
    first_cells = re.findall(r"^\|([^|]+)\|", text, flags=re.MULTILINE)
    return {name for cell in first_cells for name in re.findall(r"`([a-z0-9_]+)`", cell)}


def test_the_page_of_settings_has_every_setting_and_no_other() -> None:
    top, *sections = re.split(r"^## ", (ROOT / "docs" / "configuration.md").read_text("utf-8"), flags=re.MULTILINE)
    described = {match[1]: section for section in sections if (match := re.match(r"`(\w+)`", section))}
    known = {}
    for field in msgspec.structs.fields(Config):
        if isinstance(field.default, msgspec.Struct):
            known[field.name] = set(field.default.__struct_fields__)
    assert {name: names_in_tables(section) for name, section in described.items()} == known
    assert names_in_tables(top) == set(Config.__struct_fields__) - known.keys()


def test_the_page_of_papers_has_every_field_and_no_other() -> None:
    text = (ROOT / "docs" / "papers.md").read_text("utf-8")
    section = text.partition("## A paper")[2].partition("\n## ")[0]
    assert names_in_tables(section) == set(FIELDS)
    for kind in (Links, Notice, Person):
        assert all(f"`{name}`" in section for name in kind.__struct_fields__)


def test_pages_that_the_program_refers_to_are_there() -> None:
    for file in [*(ROOT / "sitegen").rglob("*"), *(ROOT / "themes").rglob("*")]:
        if file.suffix in {".py", ".js", ".yaml", ".html", ".md"}:
            for page in re.findall(r"docs/[a-z-]+\.md", file.read_text(encoding="utf-8")):
                assert (ROOT / page).is_file(), f"{file} refers to {page}"


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`sitegen {name}" in readme for name in main.commands)


def test_every_document_can_be_reached_from_the_readme() -> None:
    seen, pending = set(), [ROOT / "README.md"]
    while pending:
        page = pending.pop()
        if page not in seen:
            seen.add(page)
            links = re.findall(r"\]\((?!https?:)([^)#]+\.md)", page.read_text(encoding="utf-8"))
            pending += [(page.parent / link).resolve() for link in links]
    assert set((ROOT / "docs").glob("*.md")) - seen == set()
