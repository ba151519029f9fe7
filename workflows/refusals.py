"""A deed refused, said in one plain sentence fit to show to whoever tried it."""


class Refused(Exception):
    """The deed may not be done; `sentence` says why and, where it can, what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


class Stale(Refused):
    """Somebody else has changed the record since this person opened it."""
