"""Digests are sent to a real mail server on this machine, which fails in every place in which one can."""

from __future__ import annotations

import datetime
import email
import email.policy
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config import NewsletterConfig
from sitegen.errors import UsageError
from sitegen.newsletter.delivery import Server, deliver, read_recipients, server_of
from sitegen.newsletter.digest import Digest
from sitegen.newsletter.ledger import Ledger

PEOPLE = [f"reader{number}@papers.example" for number in range(5)]
WEEKLY = Digest(
    name="2025-W44",
    subject="Papers – Week 44, 2025",
    ends=datetime.date(2025, 11, 3),
    url="https://papers.example/2025/W44/",
    home="https://papers.example/",
    papers=1,
    told=1,
    text="Papierhüte\n",
    html="<p>Papierhüte</p>\n",
)


class Mailbox:
    """What the server got. ``fail``: place -> answers, one for each time; ``None`` lets it pass."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.fail: dict[str, list[str | None]] = {}
        self.logins: list[bytes] = []

    def _next(self, place: str) -> str | None:
        answers = self.fail.get(place, [])
        return answers.pop(0) if answers else None

    async def handle_MAIL(  # noqa: N802 (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._hang_up(server, self._next("mail")) or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._hang_up(server, self._next("rcpt"))
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._next("data")
        if answer is None:
            assert isinstance(envelope.content, bytes)
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            self.got.append(message)
        return self._hang_up(server, answer) or "250 OK"

    @staticmethod
    def _hang_up(server: SMTP, answer: str | None) -> str | None:
        if answer == "hang up":
            assert server.transport is not None
            server.transport.abort()
        return answer

    def recipients(self) -> Counter[str]:
        return Counter(str(message["To"]) for message in self.got)


class Tls(Controller):
    """A server that speaks TLS from the first byte."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, **self.SMTP_kwargs)


Started = Callable[..., tuple[Mailbox, Server]]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def start(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    running: list[Controller] = []

    def begin(security: str = "starttls", *, name: str = "127.0.0.1", password: bytes = b"right") -> Any:
        mailbox = Mailbox()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)

        def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any) -> AuthResult:
            assert isinstance(login, LoginPassword)
            mailbox.logins.append(login.login)
            return AuthResult(success=login.password == password, handled=False)

        more: dict[str, Any] = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": True}
        if security == "starttls":
            more |= {"tls_context": context, "require_starttls": True}
        elif security == "tls":
            more |= {"auth_require_tls": False, "ssl_context": context}
        else:
            more = {}
        controller = Tls(mailbox, hostname="127.0.0.1", port=_free_port(), **more)
        controller.start()
        running.append(controller)
        wanted = "tls" if security == "tls" else "starttls"
        user = ("editor", "right") if security != "plain" else ("", "")
        return mailbox, Server(
            host="127.0.0.1", port=controller.port, security=wanted, user=user[0], password=user[1], timeout=5
        )

    yield begin
    for controller in running:
        controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def run(server: Server, ledger: Path, people: list[str] = PEOPLE, **more: Any) -> Any:
    sender = "Papers <papers@papers.example>"
    return deliver(WEEKLY, people, sender, server, Ledger(ledger), sleep=lambda _: None, **more)


# The test's server does not know that a connection that began with TLS has it.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_everyone_gets_the_digest_once_over_an_encrypted_connection(
    start: Started, tmp_path: Path, security: str
) -> None:
    mailbox, server = start(security)
    first = run(server, tmp_path / "sent", unsubscribe="https://papers.example/leave?who={recipient}")
    assert (first.sent, first.before, first.refused, first.failure) == (5, 0, (), None)
    assert mailbox.recipients() == Counter(PEOPLE)
    assert set(mailbox.logins) == {b"editor"}
    message = mailbox.got[0]
    assert message["List-Unsubscribe"] == "<https://papers.example/leave?who=reader0%40papers.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Papierhüte"
    again = run(server, tmp_path / "sent")
    assert (again.sent, again.before) == (0, 5)
    assert len(mailbox.got) == 5


def test_a_dry_run_sends_nothing_and_remembers_nothing(start: Started, tmp_path: Path) -> None:
    mailbox, server = start()
    assert run(server, tmp_path / "sent", dry_run=True).left == 5
    assert mailbox.got == []
    assert not (tmp_path / "sent").exists()


def test_a_refused_address_is_told_and_tried_again_and_stops_no_other(start: Started, tmp_path: Path) -> None:
    mailbox, server = start()
    mailbox.fail["rcpt"] = [None, "550 no such reader", None, "450 try later"]
    first = run(server, tmp_path / "sent")
    assert first.sent == 3
    assert first.refused == (
        "reader1@papers.example: 550 no such reader",
        "reader3@papers.example: 450 try later",
    )
    second = run(server, tmp_path / "sent")
    assert (second.sent, second.before, second.refused) == (2, 3, ())
    assert mailbox.recipients() == Counter(PEOPLE)


@pytest.mark.parametrize("place", ["mail", "rcpt"])
def test_a_connection_that_breaks_is_made_anew(start: Started, tmp_path: Path, place: str) -> None:
    mailbox, server = start()
    mailbox.fail[place] = [None, "hang up", None, "hang up"]
    assert run(server, tmp_path / "sent").sent == 5
    assert mailbox.recipients() == Counter(PEOPLE)


def test_after_three_broken_connections_the_next_run_goes_on(start: Started, tmp_path: Path) -> None:
    mailbox, server = start()
    mailbox.fail["rcpt"] = [None, None, *["hang up"] * 3]
    first = run(server, tmp_path / "sent")
    assert (first.sent, first.left) == (2, 3)
    assert first.failure == "the mail server closed the connection"
    assert run(server, tmp_path / "sent").sent == 3
    assert mailbox.recipients() == Counter(PEOPLE)


def test_a_message_that_the_server_will_not_take_is_not_remembered_as_sent(start: Started, tmp_path: Path) -> None:
    mailbox, server = start()
    mailbox.fail["data"] = ["451 not now", "554 no"]
    assert run(server, tmp_path / "sent").sent == 3
    assert run(server, tmp_path / "sent").sent == 2
    assert mailbox.recipients() == Counter(PEOPLE)


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    server = Server(host="127.0.0.1", port=_free_port(), security="starttls", timeout=2)
    failed = run(server, tmp_path / "sent")
    assert failed.left == 5
    assert "refused" in failed.failure


def test_a_wrong_password_is_told_without_it(start: Started, tmp_path: Path) -> None:
    mailbox, server = start(password=b"another")
    failed = run(server, tmp_path / "sent")
    assert failed.failure == "the mail server did not take the login (535)"
    assert "right" not in repr(server)
    assert mailbox.got == []
    assert set(mailbox.logins) == {b"editor"}


def test_a_server_that_does_not_encrypt_gets_nothing(start: Started, tmp_path: Path) -> None:
    mailbox, server = start("plain")
    assert "does not encrypt" in run(server, tmp_path / "sent").failure
    assert mailbox.got == []


def test_a_certificate_for_another_host_gets_nothing(start: Started, tmp_path: Path) -> None:
    mailbox, server = start(name="mail.papers.example")
    assert "certificate is not valid" in run(server, tmp_path / "sent").failure
    assert mailbox.logins == []


@examples(15)
@given(
    faults=st.lists(
        st.fixed_dictionaries(
            {
                place: st.lists(st.sampled_from([None, None, "hang up", "451 later", "550 no"]), max_size=4)
                for place in ("mail", "rcpt")
            }
        ),
        max_size=3,
    )
)
def test_whatever_fails_nobody_gets_it_twice_and_nobody_is_left_out(
    faults: list[dict[str, list[str | None]]], tmp_path_factory: pytest.TempPathFactory, shared: tuple[Mailbox, Server]
) -> None:
    mailbox, server = shared
    mailbox.got.clear()
    ledger = tmp_path_factory.mktemp("ledger") / "sent"
    for fault in faults:
        mailbox.fail = {place: list(answers) for place, answers in fault.items()}
        run(server, ledger)
    mailbox.fail = {}
    last = run(server, ledger)
    assert (last.failure, last.refused, last.left) == (None, (), 0)
    assert mailbox.recipients() == Counter(PEOPLE)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Mailbox, Server]]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield mailbox, Server(host="127.0.0.1", port=controller.port, security="none", timeout=5)
    controller.stop()


def test_a_line_that_a_crash_cut_off_harms_no_other(tmp_path: Path) -> None:
    file = tmp_path / "sent"
    ledger = Ledger(file)
    ledger.add("2025-W44", "a@papers.example")
    file.write_text(file.read_text() + "2025-W44\tabc")
    Ledger(file).add("2025-W44", "b@papers.example")
    again = Ledger(file)
    assert again.has("2025-W44", "a@papers.example")
    assert again.has("2025-W44", "b@PAPERS.example")
    assert not again.has("2025-W45", "a@papers.example")
    assert "papers.example" not in file.read_text()


def test_a_file_of_recipients_is_read_with_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "people.txt"
    file.write_text("# ours\nAda Poe <ada@papers.example>\n\nnobody\nADA@papers.example\nben@papers.example\n")
    people, problems = read_recipients(file)
    assert people == ["Ada Poe <ada@papers.example>", "ben@papers.example"]
    assert [(problem.line, problem.message) for problem in problems] == [(4, "not an e-mail address")]


def test_a_password_is_never_sent_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITEGEN_SMTP_USER", "editor")
    monkeypatch.setenv("SITEGEN_SMTP_PASSWORD", "hush")
    with pytest.raises(UsageError, match="without a login"):
        server_of(NewsletterConfig(smtp_host="127.0.0.1", smtp_security="none"))
    assert server_of(NewsletterConfig(smtp_host="mail.papers.example")).port == 587
    assert server_of(NewsletterConfig(smtp_host="mail.papers.example", smtp_security="tls")).port == 465
    monkeypatch.delenv("SITEGEN_SMTP_PASSWORD")
    with pytest.raises(UsageError, match="or none of them"):
        server_of(NewsletterConfig(smtp_host="mail.papers.example"))
