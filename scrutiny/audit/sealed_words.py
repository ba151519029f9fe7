"""Words that are kept with their digest: held against it whenever they are read, so that none is shown as sent that was not."""

from __future__ import annotations

import hashlib
from datetime import datetime

from flask import current_app
from flask_babel import gettext
from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.refusals import Refused


def digest_of(text: str, figures: str) -> str:
    """The digest of what was written: of the text, a NUL character and the figures, in UTF-8."""
    return hashlib.sha256(f"{text}\0{figures}".encode()).hexdigest()


def changed_words() -> str:
    """What stands in place of words that have changed, on every page, print and export."""
    return gettext("What was written is not shown, because its record has changed since it was saved. We have been told")


class SealedWords:
    """Text and figures beside their digest. `text` and `figures` are the only way to them for whatever shows or uses them."""

    text_kept: Mapped[str] = mapped_column("text", Text, default="")
    #: the written answer
    figures_kept: Mapped[str] = mapped_column("figures", Text, default="")
    #: figures as typed, one 'label: number unit' a line
    digest: Mapped[str] = mapped_column(String(64), default="")
    #: of text and figures, so that a citation of them is pinned too
    erased_at: Mapped[datetime | None] = mapped_column()

    @property
    def reference(self) -> str:
        """What they are words of, as audit rows name it."""
        raise NotImplementedError

    @property
    def are_erased(self) -> bool:
        """Whether they were erased, and nothing has come in their place."""
        return self.erased_at is not None and not self.text_kept and not self.figures_kept

    @property
    def are_changed(self) -> bool:
        """Whether they are other than their digest says; whoever looks after the machine is told."""
        if not self.digest or self.are_erased or digest_of(self.text_kept, self.figures_kept) == self.digest:
            return False
        broken: set[str] = current_app.extensions.setdefault("broken_seals", set())
        if (what := f"What was written in {self.reference}") not in broken:
            current_app.logger.error("%s has changed since it was saved", what)
            broken.add(what)
        return True

    @property
    def text(self) -> str:
        """The written answer; a sentence that says so where text or figures have changed."""
        return changed_words() if self.are_changed else self.text_kept

    @text.setter
    def text(self, written: str) -> None:
        """Put words into a draft; their digest is taken beside them."""
        self.text_kept = written

    @property
    def figures(self) -> str:
        """The figures as typed; none where text or figures have changed."""
        return "" if self.are_changed else self.figures_kept

    @figures.setter
    def figures(self, typed: str) -> None:
        """Put figures into a draft; their digest is taken beside them."""
        self.figures_kept = typed

    def check_unchanged(self) -> None:
        """Refuse to build on words that have changed."""
        if self.are_changed:
            raise Refused(changed_words())
