"""What a build and the process that makes its search index know of each other."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import msgspec

from sitegen.content.files import Signature
from sitegen.publish.staging import StagingDir
from sitegen.render.output import Output
from sitegen.text import markdown


class IndexFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the index: whether it was made anew, and its signature where it was staged."""

    output: Output
    made: bool
    staged: Signature | None = None


class Indexer(Protocol):
    """What makes the index; ``indexer.LunrIndexer`` is one. Its methods are called in this order.

    What is long is packed as MessagePack, because it travels so more cheaply than it would by itself.
    """

    def wanted(self, papers: bytes) -> list[str]:
        """Of all papers of the site (``list[Listed]``, in its order) the ids of those that it must be given."""

    def give(self, documents: bytes, texts: bytes | None) -> None:
        """Take the next ones of those papers (``list[Document]``), which are without their titles and abstracts, and
        to be read when ``follow`` is called, these (``list[tuple[str, str]]``), unless others read them."""

    def take(self, told: bytes) -> None:
        """Take what ``told`` says of the titles and abstracts of the next of them, once all were given."""

    def follow(self) -> None:
        """Bring the index up to the present papers."""

    def similar(self) -> bytes:
        """The similar papers of each paper of the site, in its order: ``list[tuple[Similar, ...]]``."""

    def cut(self) -> None:
        """Cut the index into pages."""

    def files(self, published: dict[str, bytes], stage: StagingDir, output: Path, first: int) -> list[IndexFile]:
        """All files of the index; those that lie in the output folder already are not staged again.

        Args:
            published: path -> fingerprint of the files that lie there as some build of ours wrote them.
            first: number in the stage of the first file.
        """

    def keep(self) -> None:
        """Remember the index for the next build."""


def in_plain_words(title: str, abstract: str) -> tuple[str, str]:
    """A title and an abstract, which are Markdown with math, as the index reads them."""
    return markdown.plain_title(title), markdown.plain(abstract)
