"""The e-mail that carries a digest: RFC 5322 and RFC 2046 by the standard library.

Like every output it depends on the collection alone: date, Message-ID and boundary come from the week and the
site's address, never from a clock.
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
from urllib.parse import urlsplit

from sitegen.errors import UsageError
from sitegen.newsletter.digest import Digest


def message_of(digest: Digest, sender: str | None = None, recipient: str | None = None) -> EmailMessage:
    """The e-mail; without a recipient a draft.

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
    name = hashlib.blake2b(digest.url.encode(), digest_size=12).hexdigest()
    message["Message-ID"] = f"<{name}@{urlsplit(digest.url).hostname}>"
    if not recipient:
        message["X-Unsent"] = "1"  # mail programs open it for editing
    message.set_content(digest.text, cte="quoted-printable")
    message.add_alternative(digest.html, subtype="html", cte="quoted-printable")
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
        return Address((found[1] or "").strip('"'), addr_spec=found[2] or found[3])
    except (ValueError, IndexError, AttributeError, HeaderParseError):
        hint = "write it as 'Papers <papers@example.org>'"
        raise UsageError(f"not an e-mail address for {header}: {text!r} ({hint})") from None
