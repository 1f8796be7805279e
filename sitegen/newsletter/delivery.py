"""A digest on its way: one message for each recipient, over one connection that is always encrypted.

The server's user and password come from the environment (``SITEGEN_SMTP_USER``, ``SITEGEN_SMTP_PASSWORD``), are sent
over TLS alone, and stand in no message of ours.
"""

from __future__ import annotations

import os
import smtplib
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
import tenacity

from sitegen.config import NewsletterConfig
from sitegen.errors import Problem, UsageError
from sitegen.newsletter.digest import Digest
from sitegen.newsletter.ledger import Ledger
from sitegen.newsletter.message import message_of, parse_address

USER, PASSWORD = "SITEGEN_SMTP_USER", "SITEGEN_SMTP_PASSWORD"
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
ATTEMPTS = 3
_TIMEOUT_SECONDS = 60.0


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a digest.

    Attributes:
        digest: its name. ``sent``: how many got it now; ``before``: had got it already.
        refused: recipients that the server would not take, with its words; they are tried again by the next run.
        failure: why the rest got nothing, or ``None``. ``left``: how many these are.
    """

    digest: str
    sent: int = 0
    before: int = 0
    refused: tuple[str, ...] = ()
    failure: str | None = None
    left: int = 0

    def line(self) -> str:
        """The delivery in one line."""
        said = [f"{self.sent} sent", f"{self.before} had it already"]
        said += [f"{len(self.refused)} refused"] if self.refused else []
        said += [f"{self.left} left: {self.failure}"] if self.failure else []
        return f"{self.digest}: {', '.join(said)}"


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A mail server. ``user`` and ``password`` are empty for one that asks for none."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    timeout: float = _TIMEOUT_SECONDS

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"  # the password stays out of every trace


def server_of(config: NewsletterConfig) -> Server:
    """The server of the settings, with what the environment says.

    Raises:
        UsageError: when there is none, or a password would be sent in clear.
    """
    host = os.environ.get("SITEGEN_SMTP_HOST", config.smtp_host)
    if not host:
        raise UsageError("no mail server (set newsletter.smtp_host, or SITEGEN_SMTP_HOST)")
    user, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    if bool(user) != bool(password):
        raise UsageError(f"set both {USER} and {PASSWORD}, or none of them")
    if config.smtp_security == "none" and (user or host not in _LOOPBACK):
        raise UsageError("newsletter.smtp_security: none is for a server on this machine without a login")
    port = config.smtp_port or _PORTS[config.smtp_security]
    return Server(host=host, port=port, security=config.smtp_security, user=user, password=password)


def read_recipients(file: Path) -> tuple[list[str], list[Problem]]:
    """The addresses of a file, one a line, each once; lines that begin with ``#`` are comments.

    Raises:
        UsageError: when the file cannot be read.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8 text'})") from None
    found: dict[str, str] = {}
    problems = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            address = parse_address("To", text)
        except UsageError:
            hint = "write it as 'Ada Poe <ada@example.org>'"
            problems.append(Problem(source=file.name, line=number, message="not an e-mail address", hint=hint))
        else:
            found.setdefault(address.addr_spec.lower(), str(address))
    return list(found.values()), problems


def deliver(
    digest: Digest,
    recipients: Sequence[str],
    sender: str,
    server: Server,
    ledger: Ledger,
    *,
    unsubscribe: str = "",
    dry_run: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Delivery:
    """Send the digest to everyone who has not got it.

    A connection that breaks is made anew, twice; a message that the server may have taken while the connection broke
    is sent again with the same Message-ID, by which mail programs know it as one.

    Raises:
        UsageError: when the ledger cannot be written, or an address is none.
    """
    waiting = [recipient for recipient in recipients if not ledger.has(digest.name, _address(recipient))]
    before = len(recipients) - len(waiting)
    messages = {each: message_of(digest, sender, each, unsubscribe) for each in waiting}
    if dry_run or not waiting:
        return Delivery(digest=digest.name, before=before, left=len(waiting))
    ledger.check()
    refused: dict[str, str] = {}
    sent = 0

    def left() -> list[str]:
        return [each for each in waiting if not ledger.has(digest.name, _address(each)) and each not in refused]

    def send() -> None:
        nonlocal sent
        with _connected(server) as connection:
            for recipient in left():
                try:
                    connection.send_message(messages[recipient])
                except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
                    refused[recipient] = f"{_address(recipient)}: {_words_of(error)}"
                    continue
                ledger.add(digest.name, _address(recipient))
                sent += 1

    attempts = tenacity.Retrying(
        retry=tenacity.retry_if_exception(_may_pass),
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_exponential(multiplier=2, max=30) + tenacity.wait_random(0, 2),
        sleep=sleep,
        reraise=True,
    )
    failure = None
    try:
        attempts(send)
    except (smtplib.SMTPException, OSError) as error:
        failure = _words_of(error)
    return Delivery(
        digest=digest.name,
        sent=sent,
        before=before,
        refused=tuple(refused.values()),
        failure=failure,
        left=len(left()),
    )


class _connected:  # noqa: N801 (reads as what it is: with _connected(server) as connection)
    """A connection that is encrypted and logged in, and closed without a word if it broke."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        self._connection = connection
        try:
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        assert self._connection is not None
        with suppress(smtplib.SMTPException, OSError):
            self._connection.quit()
        self._connection.close()


def _may_pass(error: BaseException) -> bool:
    """Whether trying again may help: a broken connection or a server that is busy, no refused password."""
    if isinstance(
        error, (smtplib.SMTPAuthenticationError, ssl.SSLCertVerificationError, smtplib.SMTPNotSupportedError)
    ):
        return False
    if isinstance(error, smtplib.SMTPSenderRefused):
        return 400 <= error.smtp_code < 500
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code < 500
    return isinstance(error, (smtplib.SMTPException, OSError))


def _words_of(error: Exception) -> str:
    """What went wrong, without what was sent."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"{code} {_line(said)}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the mail server did not take the login ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_line(error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the mail server's certificate is not valid: {error.verify_message}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the mail server does not encrypt (no STARTTLS), so nothing was sent"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the mail server closed the connection"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _line(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200]


def _address(recipient: str) -> str:
    return parse_address("To", recipient).addr_spec
