"""Names kept in memory, and which of them are meant by words as typed: exactly that name, one that holds them, or the nearest.

Areas and agencies are each looked up in an index of their own, by the same rules; both databases answer alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from scrutiny.spelling import FILLERS, core_words, distance, forms_of, kind_words, letters_off
from scrutiny.typed_text import folded

#: How near a name is to what was typed: the very name; its core; it holds all words typed; it is spelt nearly like it;
#: all its words were typed among others; words of it begin so; a part of it reads so; it holds words spelt nearly like them.
SAME, CORE, WORDS, ALMOST, AMONG, BEGINS, PART, ALMOST_WORDS = range(8)
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
COLUMN = {letter: column for column, letter in enumerate(LETTERS)}


@dataclass(frozen=True, slots=True)
class Named:
    """A thing by its name, as it is known in the index: of `id`, known by `code`, there from a day to a day.

    `forms` are its names folded, in every way they are said; `core` holds the words that are its own.
    """

    id: int
    code: str
    name: str
    kind: str
    from_on: date
    to_on: date | None
    forms: tuple[str, ...]
    core: frozenset[str]

    def holds_on(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.from_on <= on and (self.to_on is None or self.to_on >= on)


def named(key: int, code: str, kind: str, names: Sequence[str], holds: tuple[date, date | None] = (date.min, None)) -> Named:
    """A thing with the names it has, the first being the one it is shown by; empty ones are left out. It `holds` from, to."""
    forms = tuple(dict.fromkeys(form for name in names if name for form in forms_of(name)))
    return Named(key, code, names[0], kind, *holds, forms, frozenset(word for form in forms for word in core_words(form)))


@dataclass(frozen=True, slots=True)
class Kinds:
    """What is said of kinds, by key: which come first, the words that point to them, and which speak for a whole place."""

    rank: Mapping[str, tuple[bool, int]]
    called: Mapping[str, set[str]]
    major: Collection[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Hit:
    """What may be meant: how near its name is (SAME to ALMOST_WORDS), and how many letters are off."""

    named: Named
    nearness: int
    off: int = 0


class NameIndex:
    """Names to look up; good until what `seen` stands for changes."""

    def __init__(self, entries: Iterable[Named], kinds: Kinds, seen: Any = None) -> None:
        self.seen = seen
        self._kinds = kinds
        self._entries = list(entries)
        self._by_form, self._by_core, self._by_word = (defaultdict[str, list[int]](list) for _ in range(3))
        for position, entry in enumerate(self._entries):
            for form in entry.forms:
                self._by_form[form].append(position)
                self._by_core[" ".join(core_words(form))].append(position)
            for word in entry.core | {word for form in entry.forms for word in form.split()}:
                self._by_word[word].append(position)
        self._words = Spellings(self._by_word)
        self._fillers = Spellings({word: [] for word in FILLERS if len(word) > 4})
        whole: dict[str, list[int]] = defaultdict(list)
        for table in (self._by_form, self._by_core):
            for form, there in table.items():
                whole[form.replace(" ", "")].extend(there)
        self._whole = Spellings(whole)

    def search(self, text: str, on: date | None) -> list[Hit]:
        """What may be meant on a day (None: on any), the likeliest first; each code once."""
        form = folded(text)[:200]
        if not form:
            return []
        core = core_words(form)
        certain = [*self._by_words(form, core), *self._by_some_words(core)]
        unsure = () if any(nearness == SAME for _, nearness, _ in certain) else self._by_spelling(form, core)
        return self._in_order(form, (*certain, *unsure), on)

    def exact(self, text: str, on: date | None) -> list[Hit]:
        """Of what `search` finds, those whose names hold every word typed (SAME, CORE, WORDS); spelling is not tried."""
        form = folded(text)[:200]
        return self._in_order(form, self._by_words(form, core_words(form)), on) if form else []

    def _in_order(self, form: str, found: Iterable[tuple[int, int, int]], on: date | None) -> list[Hit]:
        """Entries by position, with how near each is and how many letters are off: the likeliest first, each code once."""
        hinted = self._hinted(form)
        best: dict[int, Hit] = {}
        for position, nearness, off in found:
            entry = self._entries[position]
            held = best.get(position)
            if (on is None or entry.holds_on(on)) and (held is None or (nearness, off) < (held.nearness, held.off)):
                best[position] = Hit(entry, nearness, off)
        typed = set(form.split())

        def order(hit: Hit) -> tuple[Any, ...]:
            entry = hit.named
            rank = self._kinds.rank.get(entry.kind, (True, len(self._kinds.rank)))
            extra = len(entry.core - typed)
            words = (rank[0], extra, rank[1]) if hit.nearness in (WORDS, AMONG) else rank
            return (hit.nearness, hit.off, bool(hinted) and entry.kind not in hinted, *words, entry.name, entry.code, -entry.id)

        once: dict[str, Hit] = {}
        for hit in sorted(best.values(), key=order):
            once.setdefault(hit.named.code, hit)
        return list(once.values())

    def decisive(self, hits: Collection[Hit], text: str) -> list[Hit]:
        """The hits that are what was typed and no more: of the kind it names, if it names one. One alone may be taken unasked."""
        same = [hit for hit in hits if hit.nearness == SAME]
        others = [hit for hit in hits if hit.nearness == CORE]
        if not same:
            hinted = self._hinted(folded(text))
            same = [hit for hit in others if hit.named.kind in hinted] or others
        elif any(hit.named.kind in self._kinds.major for hit in others):
            same += others
        if len(same) == 1 and same[0].named.kind not in self._kinds.major and any(hit.nearness == WORDS for hit in hits):
            return []  # a ward called Ely does not speak for the city
        return same

    def _hinted(self, form: str) -> set[str]:
        """The kinds that the words of a text point to."""
        said = kind_words(form)
        counted = {kind: len(said & words) for kind, words in self._kinds.called.items()}
        most = max(counted.values(), default=0)
        return {kind for kind, count in counted.items() if count == most} if most else set()

    def _by_words(self, form: str, core: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
        """Entries by position, with how near each is, whose names hold all that was typed."""
        yield from ((position, SAME, 0) for position in self._by_form.get(form, ()))
        joined = " ".join(core)
        yield from ((position, CORE, 0) for position in self._by_core.get(joined, ()))
        yield from ((position, WORDS, 0) for position in self._holding([[(word, 0)] for word in core]))

    def _by_some_words(self, core: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
        """Entries by position, with how near each is, all of whose words were typed among others, or begin so."""
        typed, joined = set(core), " ".join(core)
        beside = {position for word in core for position in self._by_word.get(word, ())}
        yield from ((position, AMONG, 0) for position in beside if self._entries[position].core <= typed)
        if len(joined) >= 3:
            begun = [[(word, 0) for word in self._words.beginning(word)] for word in core]
            yield from ((position, BEGINS, 0) for position in self._holding(begun))

    def _by_spelling(self, form: str, core: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
        """Entries by position, with how near each is and how many letters are off, whose names are spelt nearly like it."""
        own = tuple(word for word in core if not self._fillers.near(word)) or core
        for squeezed in {form.replace(" ", ""), "".join(core), "".join(own)}:
            for key, off in self._whole.near(squeezed):
                yield from ((position, ALMOST, off) for position in self._whole.table[key])
        near = [self._words.near(word) for word in own if len(word) > 3]
        yield from ((position, ALMOST_WORDS, off) for position, off in self._holding(near).items())
        if len(joined := " ".join(core)) >= 3:
            for position, entry in enumerate(self._entries):
                if any(joined in known for known in entry.forms):
                    yield position, PART, 0

    def _holding(self, wanted: Iterable[list[tuple[str, int]]]) -> dict[int, int]:
        """The entries that hold one word of each list, with how many letters are off altogether."""
        found: dict[int, int] | None = None
        for words in wanted:
            there: dict[int, int] = {}
            for word, off in words:
                for position in self._by_word.get(word, ()):
                    there[position] = min(off, there.get(position, off))
            found = there if found is None else {key: off + there[key] for key, off in found.items() if key in there}
            if not found:
                return {}
        return found or {}


class Spellings:
    """Words, and which of them are nearest to one typed: those whose letters can be near at all are counted out first."""

    def __init__(self, table: dict[str, list[int]]) -> None:
        self.table = table
        self._words = sorted(table)
        self._counts = np.zeros((len(self._words), len(LETTERS)), dtype=np.int16)
        for row, word in enumerate(self._words):
            self._counts[row] = _counted(word)

    def near(self, word: str) -> list[tuple[str, int]]:
        """The words at most a few letters from one typed, with how many are off."""
        most = letters_off(len(word))
        if not most or not self._words:
            return []
        apart = np.abs(self._counts - _counted(word)).sum(axis=1)
        rows = np.flatnonzero(apart <= 2 * most).tolist()
        found = [(self._words[row], distance(word, self._words[row], most)) for row in rows]
        return [(known, off) for known, off in found if off <= most]

    def beginning(self, start: str) -> list[str]:
        """The words that begin so, at most a few hundred."""
        first = bisect_left(self._words, start)
        last = bisect_left(self._words, start + "\uffff", lo=first)
        return self._words[first : min(last, first + 300)]


def _counted(word: str) -> Any:
    """How often each letter stands in a word."""
    counts = np.zeros(len(LETTERS), dtype=np.int16)
    for letter in word:
        if letter in COLUMN:
            counts[COLUMN[letter]] += 1
    return counts
