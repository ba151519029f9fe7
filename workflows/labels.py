"""What stored keys are called: a record keeps its key for ever, also after its label is gone from here."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

from workflows.refusals import Sentence

T = TypeVar("T")


def spoken(label: T) -> T:
    """A label, or each of several, in the language spoken now."""
    said: Any = label
    if isinstance(label, str) and label:
        # In words, not a promise of words: what is lazy would be said in the language of whoever reads it later.
        said = str(Sentence.say(label))
    elif isinstance(label, tuple):
        said = tuple(spoken(one) for one in label)
    return cast(T, said)


class Labels(dict[str, T]):
    """A table looked up by keys that records keep; `otherwise` makes the value of a key not known here (any more).

    `in`, `get` and iteration know the table alone: they are for checking what is new. What is looked up, with `get` too, is
    said in the language spoken now; the catalogues gather the labels of every table.
    """

    def __init__(self, known: Mapping[str, T], otherwise: Callable[[str], T]) -> None:
        super().__init__(known)
        self.otherwise = otherwise

    def __getitem__(self, key: str) -> T:
        return spoken(super().__getitem__(key))

    def get(self, key: str, default: Any = None) -> Any:
        """The label of a key of the table, or what is given for one that it does not know."""
        if key not in self:
            return default
        return self[key]

    def values(self) -> Iterable[T]:  # type: ignore[override]
        """Every label, in the order of the table."""
        return [self[key] for key in self]

    def items(self) -> Iterable[tuple[str, T]]:  # type: ignore[override]
        """Every key with its label."""
        return [(key, self[key]) for key in self]

    def __missing__(self, key: str) -> T:
        return self.otherwise(key)


def words_of(key: str) -> str:
    """A key as plain words: 'not-known' → 'not known'."""
    return " ".join(str(key).replace("-", " ").replace("_", " ").split()) or "not known"


def labels(known: Mapping[str, str]) -> Labels[str]:
    """Labels of keys; a key that has none is said by its own words, with a capital where the others have one."""
    capital = next(iter(known.values()), "")[:1].isupper()
    return Labels(known, lambda key: words_of(key).capitalize() if capital else words_of(key))
