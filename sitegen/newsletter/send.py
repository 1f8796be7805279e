"""``sitegen digest --send``: to whom, over which server, and what is remembered of it."""

from __future__ import annotations

from pathlib import Path

from sitegen.config import Config
from sitegen.errors import Problem
from sitegen.newsletter.delivery import Delivery, Server, deliver, read_recipients, server_of
from sitegen.newsletter.digest import Digest
from sitegen.newsletter.ledger import Ledger

LEDGER = "sent.tsv"
"""Its name in ``content/data``, where a digest goes to one address; beside a file of recipients it has that one's."""


def send(
    root: Path,
    config: Config,
    digest: Digest,
    sender: str,
    *,
    recipient: str | None = None,
    recipients: Path | None = None,
    ledger: Path | None = None,
    dry_run: bool = False,
) -> tuple[Delivery, tuple[Problem, ...]]:
    """Send a digest to one address or to those of a file.

    Raises:
        UsageError: when the server is not known, or a file cannot be read.
    """
    problems: list[Problem] = []
    addresses = [recipient] if recipient else []
    if recipients:
        addresses, problems = read_recipients(recipients)
        # A list of people is private, and so is who of them got what: the ledger stays beside it.
        file = recipients.with_name(f"{recipients.name}.sent.tsv")
    else:
        file = root / config.content / "data" / LEDGER
    server = Server(host="", port=0, security="tls") if dry_run else server_of(config.newsletter)
    delivery = deliver(
        digest,
        addresses,
        sender,
        server,
        Ledger(ledger or file),
        unsubscribe=config.newsletter.unsubscribe,
        dry_run=dry_run,
    )
    return delivery, tuple(problems)
