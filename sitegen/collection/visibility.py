"""Which papers are shown, by their own say and a given day."""

from __future__ import annotations

import msgspec

from sitegen.model import Date, Paper


class Visibility(msgspec.Struct, frozen=True):
    """What is published besides papers whose day has come.

    ``today`` decides about future and expired papers. It is never read from the clock: without it none is
    held back, so that the same sources always give the same site.
    """

    drafts: bool = False
    future: bool = False
    today: Date | None = None

    def shows(self, paper: Paper) -> bool:
        if paper.draft and not self.drafts:
            return False
        if self.today is None:
            return True
        if paper.date and paper.date.first_day() > self.today and not self.future:
            return False
        return not (paper.expires and paper.expires < self.today)


EVERYTHING_DUE = Visibility()
