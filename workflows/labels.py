"""What stored keys are called: a record keeps its key for ever, also after its label is gone from here."""

from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")


class Labels(dict[str, T]):
    """A table looked up by keys that records keep; `otherwise` makes the value of a key not known here (any more).

    `in`, `get` and iteration know the table alone: they are for checking what is new.
    """

    def __init__(self, known: Mapping[str, T], otherwise: Callable[[str], T]) -> None:
        super().__init__(known)
        self.otherwise = otherwise

    def __missing__(self, key: str) -> T:
        return self.otherwise(key)


def words_of(key: str) -> str:
    """A key as plain words: 'not-known' → 'not known'."""
    return " ".join(str(key).replace("-", " ").replace("_", " ").split()) or "not known"


def labels(known: Mapping[str, str]) -> Labels[str]:
    """Labels of keys; a key that has none is said by its own words, with a capital where the others have one."""
    capital = next(iter(known.values()), "")[:1].isupper()
    return Labels(known, lambda key: words_of(key).capitalize() if capital else words_of(key))
