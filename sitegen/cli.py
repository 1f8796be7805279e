"""Commands and exit codes: 0 all is well, 1 the sources have errors, 2 the request cannot be carried out.

A command reads its options, calls the one function that does the work, and says how it went. Whatever a
command needs is imported when it runs, so that ``sitegen build`` with nothing to do is over at once.
"""

from __future__ import annotations

import datetime
import errno
import os
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import msgspec

from sitegen import __version__
from sitegen.cli_options import DATE, FILE, common, request_of
from sitegen.console import build_fields, build_summary, count, printable
from sitegen.errors import ContentError, SitegenError, UsageError

if TYPE_CHECKING:
    from sitegen.build import BuildReport
    from sitegen.export import Format
    from sitegen.importers.report import ImportReport, ReassignReport

# Named here so that a help text needs no imports; tests compare them with what there is.
HOSTS = ("github", "netlify", "cloudflare")
# What the machine can refuse to any command, and what to do about it.
_REFUSALS = dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free some space and run this again; nothing is lost")
_REFUSALS |= dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "see who may write there")
_REFUSALS[errno.EIO] = "the disk may be failing"
_REFUSALS[errno.ENOENT] = "it was there when this began: run this again"
_REFUSALS[errno.ENAMETOOLONG] = "shorten it"
FORMATS = ("bibtex", "ris", "csl-json", "text", "jsonl")


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        ctx.ensure_object(dict)
        try:
            return super().invoke(ctx)
        except ContentError as error:
            console = request_of(ctx).console()
            console.problems(error.problems)
            if console.as_json:
                console.result("", {"problems": msgspec.to_builtins(error.problems)})
            raise SystemExit(error.exit_code) from None
        except SitegenError as error:
            click.echo(f"sitegen: {error}", err=True)
            raise SystemExit(error.exit_code) from None
        except BrokenPipeError:  # the reader of our output has seen enough
            raise SystemExit(0) from None
        except OSError as error:
            if error.errno not in _REFUSALS:
                raise
            place = f"{printable(os.fsdecode(error.filename))}: " if error.filename else ""
            click.echo(f"sitegen: {place}{error.strerror} ({_REFUSALS[error.errno]})", err=True)
            raise SystemExit(UsageError.exit_code) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sitegen")
@common
def main() -> None:
    """Turn a list of research papers into a site that can be searched."""


def command() -> NoReturn:
    """``main`` for a process that is there for nothing else: it ends without taking its memory apart."""
    try:
        main(prog_name="sitegen")
    except SystemExit as end:
        if end.code is not None and not isinstance(end.code, int):
            raise
        code = end.code or 0
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # the reader of our output has seen enough
        pass
    os._exit(code)


@main.command(short_help="Make a new site in DIR.")
@click.argument("folder", metavar="DIR", type=FILE)
@click.option("--title", default="Papers", show_default=True, help="The site's title.")
@click.option("--github", "host", flag_value="github", help="A site that fills itself every morning, on GitHub Pages.")
@click.option("--gitlab", "host", flag_value="gitlab", help="The same on GitLab Pages.")
@click.option("--netlify", "host", flag_value="netlify", help="The same on Netlify, fetched for by GitHub.")
@click.option(
    "--vocabulary", metavar="NAME", default="cs", show_default=True, help="Topics and tags: cs, none, or a YAML file."
)
@common
@click.pass_context
def new(context: click.Context, folder: Path, title: str, host: str | None, vocabulary: str) -> None:
    """Make a new site in DIR, which must be empty or not there."""
    from sitegen.new import new_site

    files = new_site(folder, title, host or "", vocabulary)
    console = request_of(context).console()
    console.result(
        f"{folder}: {count(len(files), 'file')} written. Next: cd {folder} && sitegen serve",
        {"folder": str(folder), "files": files},
    )


@main.command("import", short_help="Read papers from other people's lists.")
@click.argument("sources", metavar="SOURCE...", nargs=-1)
@click.option("--format", "format_name", metavar="NAME", help="The format of the sources, where it is not found out.")
@click.option("--set", "settings", metavar="FIELD=VALUE", multiple=True, help="Give papers what the source lacks.")
@click.option(
    "--topic-from-headings/--no-topic-from-headings", default=True, help="Take the heading above a paper for its topic."
)
@click.option("--captured", type=DATE, metavar="DATE", help="The day on which the sources were taken.")
@click.option("--reassign", is_flag=True, help="Assign tags and topics anew to papers that an import wrote.")
@click.option("--dry-run", is_flag=True, help="Show what would come, and write nothing.")
@common
@click.pass_context
def import_(
    context: click.Context,
    sources: tuple[str, ...],
    format_name: str | None,
    settings: tuple[str, ...],
    topic_from_headings: bool,
    captured: datetime.datetime | None,
    reassign: bool,
    dry_run: bool,
) -> None:
    """Read papers from other people's lists, of whatever kind: Markdown, BibTeX, RIS, CSL-JSON, tables, feeds.

    SOURCE is a file, a folder, or - for the standard input. The format is found out, or named before the
    sources or by --format. What is already there is merged, and what a person has edited is kept.
    """
    from sitegen.importers import run

    request = request_of(context)
    config = request.load_config()
    report: ImportReport | ReassignReport
    if reassign:
        if sources:
            raise UsageError("--reassign reads no sources")
        report = run.reassign(request.root, config, dry_run=dry_run)
    else:
        if format_name is None and sources and run.is_format(sources[0], sources[1:]):
            format_name, sources = sources[0], sources[1:]
        report = run.run_import(
            request.root,
            config,
            sources,
            format_name,
            captured=captured.date() if captured else None,
            given=run.parse_given(settings),
            topics_from_headings=topic_from_headings,
            dry_run=dry_run,
        )
    console = request.console()
    console.problems(report.problems)
    *details, summary = report.lines()[len(report.problems) :]
    for line in details:
        console.note(line)
    console.result(summary, msgspec.to_builtins(report))
    request.fail_on(report.problems)


@main.command(short_help="Get new papers from the site's sources.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Ask the services, say what would happen, and write nothing.")
@click.option("--summary", type=FILE, metavar="FILE", help="Add what happened to this file, as a Markdown table.")
@click.option("--paper", "papers", multiple=True, metavar="ID", help="Only this paper: a DOI or an arXiv number.")
@click.option("--issue", type=FILE, metavar="FILE", help="Only the papers that the text of an issue form names.")
@common
@click.pass_context
def fetch(
    context: click.Context,
    names: tuple[str, ...],
    dry_run: bool,
    summary: Path | None,
    papers: tuple[str, ...],
    issue: Path | None,
) -> None:
    """Ask the sources in sitegen.yaml, or those that are named, for papers, and merge them into content/papers/.

    A source that fails takes nothing away and stops no other; the next fetch closes the gap. The exit code is 1
    when one has failed.
    """
    from sitegen.sources.fetch import fetch as run

    request = request_of(context)
    config = request.load_config()
    console = request.console()
    today = request.now.date() if request.now else datetime.datetime.now(datetime.UTC).date()
    bar = console.progress()
    named = bool(papers or issue)
    if named:
        from sitegen.sources.single import papers_of_issue, sources_of

        wanted = [*papers, *(papers_of_issue(issue) if issue else [])]
        config = msgspec.structs.replace(config, sources=sources_of(wanted, config.sources))
    with closing(bar) if bar else nullcontext():
        report = run(request.root, config, names, today=today, dry_run=dry_run, remember=not named, progress=bar)
    console.problems(report.problems)
    *details, last = report.lines()
    for line in details:
        console.note(line)
    if summary:
        with summary.open("a", encoding="utf-8") as file:
            file.write(report.markdown())
    console.result(last, msgspec.to_builtins(report))
    if report.failed:
        raise SystemExit(ContentError.exit_code)
    request.fail_on(report.problems)


@main.command(short_help="Bring the published folder up to date.")
@click.option("--force", is_flag=True, help="Publish into a folder that holds other files too, and keep those.")
@click.option("--verify", is_flag=True, help="Then build once more from nothing and compare every byte.")
@click.option("--host", type=click.Choice(HOSTS), help="Warn of what this host would not take.")
@click.option("--executor", metavar="URL", help="Render on other machines: dask://HOST:PORT.")
@common
@click.pass_context
def build(context: click.Context, force: bool, verify: bool, host: str | None, executor: str | None) -> None:
    """Bring the published folder up to date with the sources."""
    from sitegen.build import build as run

    request = request_of(context)
    console = request.console()
    config = request.load_config()
    options = request.build_options(force=force, host=host, executor=executor)
    bar = console.progress()
    with closing(bar) if bar else nullcontext():
        report = run(request.root, config, options, bar)
    problems = report.problems
    if verify:
        from sitegen.verify import verify as compare

        problems += compare(request.root, config, options)
    console.problems(problems)
    if report.waited:
        console.note("another build of this site had to end first")
    if report.repaired:
        console.note("an earlier build was cut short; this one has finished its work")
    for stage, seconds in report.stages.items():
        console.detail(f"{stage:>10} {seconds:8.3f} s")
    console.result(build_summary(report), build_fields(report, problems))
    request.fail_on(problems)


@main.command(short_help="Show the site, rebuild at every save.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("-p", "--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
@click.option("--reload/--no-reload", default=True, help="Reload pages after a build.")
@click.option("--poll", is_flag=True, help="Look at the files every second, on disks that send no events.")
@common
@click.pass_context
def serve(context: click.Context, host: str, port: int, open_browser: bool, reload: bool, poll: bool) -> None:
    """Build, show the site on this machine, and build again at every save."""
    from sitegen.serve.site import serve as run

    request = request_of(context)
    console = request.console()

    def built(report: BuildReport) -> None:
        console.problems(problem for problem in report.problems if problem.severity == "warning")
        console.note(build_summary(report))

    run(
        request.config_file,
        request.build_options(),
        host=host,
        port=port,
        reload=reload,
        poll=poll,
        open_browser=open_browser,
        built=built,
        say=console.note,
        tell=console.problems,
    )


@main.command(short_help="Find problems and broken links.")
@common
@click.pass_context
def check(context: click.Context) -> None:
    """Look for problems in the sources and for links in the built site that lead nowhere."""
    from sitegen.check import check as run

    request = request_of(context)
    console = request.console()
    report = run(request.root, request.load_config(), request.build_options())
    console.problems(report.problems)
    found = count(len(report.problems), "problem")
    console.result(
        f"{count(report.papers, 'paper')}, {count(report.pages, 'page')}, {count(report.links, 'link')}: {found}",
        msgspec.to_builtins(report),
    )
    request.fail_on(report.problems)


@main.command(short_help="Find papers in the built site.")
@click.argument("query", nargs=-1, required=True)
@click.option("--site", type=click.Path(path_type=Path), metavar="DIR", help="A built site; else this one's output.")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many to show.")
@common
@click.pass_context
def search(context: click.Context, query: tuple[str, ...], site: Path | None, limit: int) -> None:
    """Find papers in the built site, as its search box does."""
    from sitegen.search.query import search_site
    from sitegen.urls import absolute

    request = request_of(context)
    config = None if site else request.load_config()
    text = " ".join(query)
    folder = request.output_folder(config) if config else site
    assert folder is not None
    answer = search_site(folder, text, limit)
    addresses = [absolute(config.base_url, hit.url) if config else hit.url for hit in answer.hits]
    lines = [f"{hit.title}\n    {address}" for hit, address in zip(answer.hits, addresses, strict=True)]
    console = request.console()
    if answer.notice:
        console.note(answer.notice)
    console.result(
        "\n".join([*lines, f"{count(answer.total, 'paper')} found"]), {"query": text, **msgspec.to_builtins(answer)}
    )


@main.command(short_help="Print papers for other programs.")
@click.argument("style", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option("--topic", "topics", multiple=True, help="Only papers with this topic. May be given again.")
@click.option("--tag", "tags", multiple=True, help="Only papers with this tag.")
@click.option("--author", "authors", multiple=True, help="Only papers by this author.")
@click.option("--venue", "venues", multiple=True, help="Only papers of this venue.")
@click.option("--since", type=DATE, metavar="DATE", help="Only papers of this day or later.")
@click.option("--until", type=DATE, metavar="DATE", help="Only papers of this day or earlier.")
@common
@click.pass_context
def export(
    context: click.Context,
    style: Format,
    topics: tuple[str, ...],
    tags: tuple[str, ...],
    authors: tuple[str, ...],
    venues: tuple[str, ...],
    since: datetime.datetime | None,
    until: datetime.datetime | None,
) -> None:
    """Print papers as bibtex, ris, csl-json, text or jsonl."""
    from sitegen.collection.read import read_site
    from sitegen.export import Choice
    from sitegen.export import export as run

    request = request_of(context)
    config = request.load_config()
    site, problems = read_site(request.root, config, request.visibility)
    choice = Choice(
        topics=topics,
        tags=tags,
        authors=authors,
        venues=venues,
        since=since.date() if since else None,
        until=until.date() if until else None,
    )
    text = run(site, config, style, choice)
    request.console().problems(problems)
    click.echo(text.encode(), nl=False)
    request.fail_on(problems)


@main.command(short_help="Make the newsletter, and send it.")
@click.option("--period", type=click.Choice(["day", "week", "month"]), help="What it tells of; a week without.")
@click.option("--week", metavar="WEEK", help="An ISO week such as 2025-W44, instead of the newest with papers.")
@click.option("--on", type=DATE, metavar="DATE", help="The day, week or month with this day.")
@click.option("--topic", "topics", multiple=True, help="Only papers with this topic. May be given again.")
@click.option("--limit", type=click.IntRange(min=1), help="Tell of no more papers than this.")
@click.option("--format", "style", type=click.Choice(["eml", "html", "text"]), default="eml", show_default=True)
@click.option("--from", "sender", metavar="ADDRESS", help="The sender: 'Papers <papers@example.org>'.")
@click.option("--to", "recipient", metavar="ADDRESS", help="The recipient; without one the message is a draft.")
@click.option("--recipients", type=FILE, metavar="FILE", help="Addresses, one a line, to send to.")
@click.option("--send", is_flag=True, help="Send it, to everyone who has not got it.")
@click.option("--ledger", type=FILE, metavar="FILE", help="Where it is kept who has got what.")
@click.option("--dry-run", is_flag=True, help="With --send: say who would get it, and send nothing.")
@common
@click.pass_context
def digest(context: click.Context, /, style: str, **given: Any) -> None:
    """Print the papers of a day, week or month as an e-mail, or send it.

    With --send the newest period that is over goes to --to or --recipients, over the mail server of the settings.
    """
    from sitegen.collection.read import read_site
    from sitegen.newsletter.digest import digest as run
    from sitegen.newsletter.message import message_of
    from sitegen.render.output import RenderEnv
    from sitegen.render.theme import Theme

    request = request_of(context)
    config = request.load_config()
    console = request.console()
    sender = given["sender"] or config.newsletter.sender
    if given["send"]:
        _refuse_half_a_delivery(given, sender)
    site, problems = read_site(request.root, config, request.visibility)
    theme = Theme(request.root, config.theme.name, config.theme.options)
    today = request.now.date() if request.now else datetime.datetime.now(datetime.UTC).date()
    made = run(
        site,
        RenderEnv(request.root, config, theme),
        given["week"],
        kind=given["period"] or "week",
        on=given["on"].date() if given["on"] else None,
        before=today if given["send"] else None,
        topics=given["topics"],
        limit=given["limit"] or config.newsletter.limit,
    )
    console.problems(problems)
    if given["send"]:
        from sitegen.newsletter.send import send

        delivery, wrong = send(request.root, config, made, sender, **{key: given[key] for key in _DELIVERY})
        console.problems(wrong)
        for line in delivery.refused:
            console.note(f"refused: {line}")
        console.result(delivery.line(), msgspec.to_builtins(delivery))
        if delivery.failure or delivery.refused:
            raise SystemExit(ContentError.exit_code)
        problems = (*problems, *wrong)
    else:
        if style == "eml":
            output = message_of(made, sender, given["recipient"], config.newsletter.unsubscribe).as_bytes()
        else:
            output = (made.html if style == "html" else made.text).encode()
        click.echo(output, nl=False)
    request.fail_on(problems)


_DELIVERY = ("recipient", "recipients", "ledger", "dry_run")


def _refuse_half_a_delivery(given: dict[str, Any], sender: str) -> None:
    if bool(given["recipient"]) == bool(given["recipients"]):
        raise UsageError("--send needs --to ADDRESS or --recipients FILE, and not both")
    if not sender:
        raise UsageError("--send needs a sender (--from, or newsletter.sender in the settings)")


@main.command(short_help="Delete what builds wrote.")
@common
@click.pass_context
def clean(context: click.Context) -> None:
    """Delete what builds have written: the published files, and everything kept for the next build."""
    from sitegen.clean import clean as run

    request = request_of(context)
    config = request.load_config()
    removed = run(request.root, request.output_folder(config))
    request.console().result(f"{count(removed, 'file')} removed", {"removed": removed})
