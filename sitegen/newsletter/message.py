"""The e-mail that carries a digest: RFC 5322 and RFC 2046 by the standard library.

Like every output it depends on the collection alone: date, Message-ID and boundary come from the period and the
site's address, never from a clock. So a message that was sent twice by mistake is known as one.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from sitegen.errors import UsageError
from sitegen.newsletter.digest import Digest, transfer_encoding


def message_of(
    digest: Digest, sender: str | None = None, recipient: str | None = None, unsubscribe: str = ""
) -> EmailMessage:
    """The e-mail; without a recipient a draft.

    Args:
        unsubscribe: where a reader leaves, a web address or ``mailto:``; ``{recipient}`` in it stands for theirs.

    Raises:
        UsageError: when an address is none.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = digest.subject
    for header, address in (("From", sender), ("To", recipient)):
        if address:
            message[header] = parse_address(header, address)
    midnight = datetime.datetime.combine(digest.ends, datetime.time(), datetime.UTC)
    message["Date"] = format_datetime(midnight)
    host = urlsplit(digest.home).hostname or "localhost"
    name = hashlib.blake2b(f"{digest.home}{digest.name}".encode(), digest_size=12).hexdigest()
    message["Message-ID"] = f"<{name}@{host}>"
    if recipient:
        message["List-Id"] = f"<digest.{host}>"
        message["Auto-Submitted"] = "auto-generated"
        _add_unsubscribe(message, unsubscribe, parse_address("To", recipient).addr_spec)
    else:
        message["X-Unsent"] = "1"  # mail programs open it for editing
    message.set_content(digest.text, cte=transfer_encoding(digest.text))
    message.add_alternative(digest.html, subtype="html", cte=transfer_encoding(digest.html))
    message.set_boundary(f"digest-{name}")
    return message


def parse_address(header: str, text: str) -> Address:
    """``Name <local@domain>`` or the address alone.

    Raises:
        UsageError: when it is no address; ``header`` says which one.
    """
    found = re.fullmatch(r"\s*(?:(.*?)\s*<([^<>\s]+)>|([^<>\s]+))\s*", text)
    try:
        if found is None:
            raise ValueError
        address = Address((found[1] or "").strip('"'), addr_spec=found[2] or found[3])
        if not address.domain:
            raise ValueError
        return address
    except (ValueError, IndexError, AttributeError, HeaderParseError):
        hint = "write it as 'Papers <papers@example.org>'"
        raise UsageError(f"not an e-mail address for {header}: {text!r} ({hint})") from None


def _add_unsubscribe(message: EmailMessage, unsubscribe: str, recipient: str) -> None:
    """RFC 2369, and RFC 8058 where the address is one of the web."""
    if not unsubscribe:
        return
    if not re.fullmatch(r"(?:https?://|mailto:)[^\s<>]+", unsubscribe):
        raise UsageError(f"not an address to unsubscribe at: {unsubscribe!r} (write https://… or mailto:…)")
    address = unsubscribe.replace("{recipient}", quote(recipient, safe=""))
    message["List-Unsubscribe"] = f"<{address}>"
    if address.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
