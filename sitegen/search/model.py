"""Papers as search is given them, and the settings that it is given with them."""

from __future__ import annotations

import msgspec


class Label(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A topic or tag as a reader sees it, and its URL segment."""

    label: str
    slug: str


class Listed(msgspec.Struct, frozen=True, order=True):
    """A paper of the site, in the order in which the index numbers them: undated first, then oldest first."""

    date: str
    id: str
    digest: bytes = msgspec.field(default=b"")


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a result shows of a paper beside its title and summary.

    Attributes:
        url: relative to the root of the site. ``date``: ISO, or ``""``.
        authors: full names in printed order.
    """

    id: str
    url: str
    authors: tuple[str, ...] = ()
    date: str = ""
    venue: str = ""
    votes: int | None = None
    topics: tuple[Label, ...] = ()
    tags: tuple[Label, ...] = ()


class Document(msgspec.Struct, frozen=True):
    """A paper as search sees it: text by field, and its card."""

    fields: dict[str, str]
    card: Card


class Field(msgspec.Struct, frozen=True, array_like=True):
    """A field of the index; ``boost`` multiplies its weights, as in Lunr's builder."""

    name: str
    boost: float = 1


class Model(msgspec.Struct, frozen=True):
    """Lunr's settings. Unboosted fields rank best: a title boost of ten costs 0.04 nDCG@10 (``bench/``)."""

    fields: tuple[Field, ...] = (
        Field("title"),
        Field("authors"),
        Field("tags"),
        Field("topics"),
        Field("venue"),
        Field("abstract"),
        Field("identifiers"),
    )
    k1: float = 1.2
    b: float = 0.75
