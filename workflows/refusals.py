"""A deed refused, said in one plain sentence fit to show to whoever tried it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar


def _as_written(template: str, **values: object) -> str:
    """A sentence in the words it is written in, with its values in their places."""
    return template % values if values else template


@dataclass(frozen=True)
class Sentence:
    """A sentence that is not spoken yet: it is put into words, in the language of whoever reads it, when it is shown.

    The law of movement, of place and of files knows no language, and what a process of its own refuses is read by another.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    #: How a sentence is said in the language spoken now: the application hands its own in.
    say: ClassVar[Callable[..., str]] = _as_written

    def __str__(self) -> str:
        # Of nothing a catalogue says its own heading.
        return str(Sentence.say(self.template, **self.values)) if self.template else ""


class Refused(Exception):
    """The deed may not be done; `sentence` says why and, where it can, what to do instead."""

    def __init__(self, sentence: str, **values: object) -> None:
        """The sentence, with `%(name)s` where one of the values belongs."""
        super().__init__(sentence)
        self.said = Sentence(
            sentence, {name: value if isinstance(value, Sentence) else str(value) for name, value in values.items()}
        )

    @property
    def sentence(self) -> str:
        """What is said, in the language spoken now."""
        return str(self.said)

    def __str__(self) -> str:
        return self.sentence


class Stale(Refused):
    """Somebody else has changed the record since this person opened it."""
