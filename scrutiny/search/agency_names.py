"""Which agencies are meant by a name as typed, however it is spelt: official, other or old names, initials and codes."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from scrutiny.agencies.models import Agency, AgencyCode
from scrutiny.agencies.queries import agencies_by_id, kind_label
from scrutiny.extensions import db
from scrutiny.place_lookup.name_index import ALMOST, ALMOST_WORDS, SAME, WORDS, Hit, Kinds, NameIndex, named
from scrutiny.rules.queries import rules
from scrutiny.spelling import distance, kind_words
from scrutiny.typed_text import folded

MOST, MOST_NEAR = 20, 6
#: Words that initials leave out: Department for Work and Pensions is DWP.
JOINING = frozenset(("and", "of", "for", "the", "in", "on", "upon", "with", "to", "a"))
#: How many initials are read as such: with fewer they are any two letters, with more a word.
FEWEST, MOST_INITIALS = 3, 8
#: More letters off than this tell no name from another.
MOST_OFF = 8
_making = threading.Lock()


@dataclass(frozen=True, slots=True)
class AgencyMatch:
    """An agency that may be meant: its id and name, its kind by key and by label, its other names, and the day it ended."""

    id: int
    name: str
    kind: str
    label: str
    other_names: tuple[str, ...] = ()
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgenciesFound:
    """The agencies that hold what was typed, and those whose names are spelt nearly like it, the likeliest first.

    `exact` says that the first are called just that; `sure` that there is one alone, so that nobody need be asked; `near_first`
    that the others hold only a part of what was typed.
    """

    matches: tuple[AgencyMatch, ...] = ()
    near: tuple[AgencyMatch, ...] = ()
    exact: bool = False
    sure: bool = False
    near_first: bool = False

    @property
    def in_order(self) -> tuple[AgencyMatch, ...]:
        """Every agency that may be meant, the likeliest first."""
        return (*self.near, *self.matches) if self.near_first else (*self.matches, *self.near)


@dataclass
class _Names:
    """The index of a moment, and the agencies by the initials of their names."""

    seen: Any
    index: NameIndex
    initials: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))


def find_agencies(text: str) -> AgenciesFound:
    """The agencies meant by what was typed, those that have ended too."""
    wanted = " ".join(text.replace("\x00", " ").split())[:200]
    if not folded(wanted):
        return AgenciesFound()
    if coded := _by_code(wanted):
        return AgenciesFound(tuple(_matches(coded)), exact=True, sure=len(coded) == 1)
    names = _names()
    hits = names.index.search(wanted, None)
    same = [hit for hit in hits if hit.nearness == SAME] or names.initials.get(folded(wanted).replace(" ", ""), [])
    alone = same or names.index.decisive(hits, wanted)
    almost = sorted((hit for hit in hits if hit.nearness in (ALMOST, ALMOST_WORDS)), key=partial(_letters_off, folded(wanted)))
    taken = {hit.named.id for hit in same}
    held = [hit for hit in hits if hit not in almost and hit.named.id not in taken]
    near = [] if same else almost
    return AgenciesFound(
        tuple(_matches([hit.named.id for hit in [*same, *held][:MOST]])),
        tuple(_matches([hit.named.id for hit in near[:MOST_NEAR]])),
        exact=bool(same),
        sure=len(alone) == 1,
        near_first=not same and not any(hit.nearness <= WORDS for hit in hits),
    )


def _letters_off(form: str, hit: Hit) -> int:
    """How many letters of the whole name are off, the words of its kind too: Loamshire Polcie is the police."""
    return min(distance(form, one, MOST_OFF) for one in hit.named.forms)


def _by_code(wanted: str) -> list[int]:
    """The agencies that have this code in any scheme."""
    rows = select(AgencyCode.agency_id).where(AgencyCode.code == wanted.upper()[:80]).distinct().order_by(AgencyCode.agency_id)
    return list(db.session.scalars(rows))


def _matches(ids: Sequence[int]) -> Iterator[AgencyMatch]:
    """The agencies of some ids as they may be meant, in that order."""
    there = agencies_by_id(list(ids))
    for key in ids:
        if (one := there.get(key)) is not None:
            yield AgencyMatch(one.id, one.name, one.kind, kind_label(one.kind), tuple(one.names_besides), one.to_on)


def _names() -> _Names:
    """The names of this process, read on first use and again when an agency was added or changed since."""
    counted = select(func.count(Agency.id), func.max(Agency.id), func.sum(Agency.version))
    seen = tuple(db.session.execute(counted).one())
    held: _Names | None = current_app.extensions.get("agency_names")
    if held is None or held.seen != seen:
        with _making:
            held = current_app.extensions.get("agency_names")
            if held is None or held.seen != seen:
                held = current_app.extensions["agency_names"] = _made(seen)
    return held


def _made(seen: Any) -> _Names:
    """The index of all agencies there are now."""
    kinds = rules().agency_kinds
    columns = (Agency.id, Agency.kind, Agency.name, Agency.name_cy, Agency.other_names)
    rows = db.session.execute(select(*columns).order_by(Agency.id)).all()
    entries = [named(key, str(key), kind, (name, name_cy, *others.splitlines())) for key, kind, name, name_cy, others in rows]
    called = {key: kind_words(folded(f"{kind.label} {key}")) for key, kind in kinds.items()}
    names = _Names(seen, NameIndex(entries, Kinds({key: (False, kind.order) for key, kind in kinds.items()}, called)))
    for entry in entries:
        for short in {initials for form in entry.forms for initials in _initials(form)}:
            names.initials[short].append(Hit(entry, SAME))
    return names


def _initials(form: str) -> Iterator[str]:
    """What a folded name is shortened to: the first letters of its words, with and without those that join them."""
    words = form.split()
    for chosen in (words, [word for word in words if word not in JOINING]):
        if FEWEST <= len(chosen) <= MOST_INITIALS:
            yield "".join(word[0] for word in chosen)


def plain(found: AgenciesFound) -> list[dict[str, object]]:
    """The agencies found in plain values, for JSON; days as ISO text."""
    return [
        {
            "id": one.id,
            "agency": one.name,
            "kind": one.kind,
            "other_names": list(one.other_names),
            "ended_on": one.ended_on.isoformat() if one.ended_on else None,
        }
        for one in found.in_order
    ]
