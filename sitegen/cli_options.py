"""The options that all commands share, given before or after the command's name, and what they ask for."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from sitegen.console import Console
from sitegen.errors import ContentError, Problem, UsageError

if TYPE_CHECKING:
    from sitegen.build import BuildOptions
    from sitegen.collection.visibility import Visibility
    from sitegen.config import Config

Command = TypeVar("Command", bound=Callable[..., Any])
DATE = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(path_type=Path)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """The common options as given, before or after the command's name."""

    config: Path | None = None
    base_url: str | None = None
    output: Path | None = None
    jobs: int = 0
    drafts: bool = False
    future: bool = False
    now: datetime.datetime | None = None
    strict: bool = False
    clean: bool = False
    quiet: bool = False
    verbose: bool = False
    as_json: bool = False

    @property
    def config_file(self) -> Path:
        from sitegen.config import CONFIG_NAME

        file = self.config or Path(CONFIG_NAME)
        return (file / CONFIG_NAME if file.is_dir() else file).absolute()

    @property
    def root(self) -> Path:
        """The site folder."""
        return self.config_file.parent

    def load_config(self) -> Config:
        from sitegen.config import load_config

        if not self.config_file.is_file():
            name = self.config or self.config_file.name
            raise UsageError(f"{name}: no such file (run 'sitegen new DIR', or name one with --config)")
        return load_config(self.config_file, base_url=self.base_url)

    def output_folder(self, config: Config) -> Path:
        return self.output.absolute() if self.output else self.root / config.output

    @property
    def visibility(self) -> Visibility:
        from sitegen.collection.visibility import Visibility

        return Visibility(drafts=self.drafts, future=self.future, today=self.now.date() if self.now else None)

    def build_options(self, **more: Any) -> BuildOptions:
        from sitegen.build import BuildOptions

        output = self.output.absolute() if self.output else None
        return BuildOptions(jobs=self.jobs, clean=self.clean, visibility=self.visibility, output=output, **more)

    def console(self) -> Console:
        return Console(quiet=self.quiet, verbose=self.verbose, as_json=self.as_json)

    def fail_on(self, problems: tuple[Problem, ...]) -> None:
        """End with exit code 1 when there are errors, or with ``--strict`` any problem at all."""
        if any(self.strict or problem.severity == "error" for problem in problems):
            raise SystemExit(ContentError.exit_code)


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    source = context.get_parameter_source(parameter.name or "")
    if source is not None and source.name != "DEFAULT":
        context.ensure_object(dict)[parameter.name] = value


def request_of(context: click.Context) -> Request:
    """The common options of the running command."""
    return Request(**(context.find_root().obj or {}))


def _option(*names: str, **how: Any) -> Callable[[Command], Command]:
    return click.option(*names, expose_value=False, callback=_keep, **how)


def common(command: Command) -> Command:
    """Give a command the common options; ``request_of`` has what was given, here or before the command."""
    for option in reversed(
        (
            _option("-c", "--config", type=FILE, metavar="FILE", help="The settings; their folder is the site."),
            _option("-b", "--base-url", metavar="URL", help="Where the site will live."),
            _option("-o", "--output", type=FILE, metavar="DIR", help="Publish into this folder."),
            _option("-j", "--jobs", type=click.IntRange(min=0), help="Processes; 0: one for each processor."),
            _option("-D", "--drafts", is_flag=True, help="Show drafts."),
            _option("--future", is_flag=True, help="Show papers dated after --now."),
            _option("--now", type=DATE, metavar="DATE", help="Hold back what is not due, or expired, on this day."),
            _option("--strict", is_flag=True, help="Treat warnings as errors."),
            _option("--clean", is_flag=True, help="Take nothing from earlier builds."),
            _option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
            _option("-v", "--verbose", is_flag=True, help="Say more."),
            _option("--json", "as_json", is_flag=True, help="Print the result as a JSON object."),
        )
    ):
        command = option(command)
    return command
