"""The documentation says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from sitegen.cli import main

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


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`sitegen {name}" in readme for name in main.commands)
