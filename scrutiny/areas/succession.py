"""What became of a code by a day, followed through every change loaded; and what a code was before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.areas.models import Area, AreaLineage
from scrutiny.areas.writing import chunks
from scrutiny.extensions import db
from scrutiny.formats import listed, percent, short_day
from scrutiny.geography.small_areas import first_census

#: what a code is on a day: the last three are of codes that ended leaving none, are of a census not loaded, or are not known
HOLDS, BECAME, NOT_YET, ENDED, SMALL, UNKNOWN = "holds", "became", "not yet", "ended", "small area", "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """One area that a code became: its shares are of the old area, 0..1, None where nobody has worked them out."""

    code: str
    name: str
    share_of_people: float | None
    share_of_area: float | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a code is on a day, the codes to use for it (itself where it holds), and a note to show beside it."""

    code: str
    name: str
    standing: str
    became: tuple[Part, ...]
    note: str


class Book:
    """The lineage and the boundaries of some codes and of all that they became, read once."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.links: dict[str, list[AreaLineage]] = {}
        wanted, self.newer = set(codes), _newer(codes)
        first = set(wanted)
        while wanted:
            found = _links(wanted)
            self.links |= {code: found.get(code, []) for code in wanted}
            wanted = {link.new_code for links in found.values() for link in links} - set(self.links)
        self.areas: dict[str, list[tuple[str, date, date | None]]] = defaultdict(list)
        for chunk in chunks(sorted(first | set(self.links)), 500):
            rows = (
                select(Area.code, Area.name, Area.from_on, Area.to_on).where(Area.code.in_(chunk)).order_by(Area.from_on, Area.id)
            )
            for code, name, from_on, to_on in db.session.execute(rows):
                self.areas[code].append((name, from_on, to_on))

    def name(self, code: str) -> str:
        """What a code is called, by its newest boundary, else by the lineage; empty where neither tells."""
        if self.areas[code]:
            return self.areas[code][-1][0]
        called = [link.old_name for link in self.links.get(code, [])] + [link.new_name for link in self.newer.get(code, [])]
        called += [link.new_name for links in self.links.values() for link in links if link.new_code == code]
        return next(filter(None, called), "")

    def steps(self, code: str, after: date | None, on: date) -> list[AreaLineage]:
        """The links by which a code changed next, after one day and by another; what has no day counts only where nothing
        else is known, and never while a boundary that has an end still holds."""
        dated = [link for link in self.links.get(code, []) if link.on is not None]
        if dated:
            due = [link for link in dated if link.on is not None and link.on <= on and (after is None or link.on > after)]
            return [link for link in due if link.on == due[0].on]
        if any(from_on <= on and to_on is not None and to_on >= on for _, from_on, to_on in self.areas[code]):
            return []
        return self.links.get(code, [])

    def holds(self, code: str, on: date) -> bool:
        """Whether a boundary of the code holds on a day."""
        return any(from_on <= on and (to_on is None or to_on >= on) for _, from_on, to_on in self.areas[code])


def resolve_many(codes: Collection[str], on: date) -> dict[str, Resolved]:
    """What each code is on a day."""
    book = Book({_tidy(code) for code in codes})
    return {code: _resolved(book, _tidy(code), on) for code in codes}


def _tidy(code: str) -> str:
    """A code without spaces round it, in capitals."""
    return code.strip().upper()


def _links(codes: Collection[str]) -> dict[str, list[AreaLineage]]:
    """The links from old codes, the earliest first."""
    found: dict[str, list[AreaLineage]] = defaultdict(list)
    for chunk in chunks(sorted(codes), 500):
        rows = select(AreaLineage).where(AreaLineage.old_code.in_(chunk))
        for link in db.session.scalars(rows.order_by(AreaLineage.on, AreaLineage.new_code, AreaLineage.id)):
            found[link.old_code].append(link)
    return found


def _newer(codes: Iterable[str]) -> dict[str, list[AreaLineage]]:
    """The links to new codes: a code may be known only as what another became."""
    found: dict[str, list[AreaLineage]] = defaultdict(list)
    for chunk in chunks(sorted(set(codes)), 500):
        rows = select(AreaLineage).where(AreaLineage.new_code.in_(chunk))
        for link in db.session.scalars(rows.order_by(AreaLineage.on, AreaLineage.old_code, AreaLineage.id)):
            found[link.new_code].append(link)
    return found


def _resolved(book: Book, code: str, on: date) -> Resolved:
    """What one code is on a day."""
    name = book.name(code)
    first = book.steps(code, None, on)
    if first and not (book.holds(code, on) and any(link.new_code == code for link in first)):
        parts = tuple(_followed(book, code, on))
        return Resolved(code, name, BECAME, parts, _became_words(book, code, first, parts))
    itself = (Part(code, name, 1.0, 1.0),)
    if book.holds(code, on):
        return Resolved(code, name, HOLDS, itself, "")
    if book.areas[code]:
        return _at_another_time(book, code, name, on)
    return _without_boundary(book, code, name, itself, on)


def _at_another_time(book: Book, code: str, name: str, on: date) -> Resolved:
    """A code whose boundary is loaded but holds on other days."""
    begins = min(from_on for _, from_on, _ in book.areas[code])
    if begins > on:
        known = min([link.on for link in book.newer.get(code, []) if link.on is not None], default=begins)
        if known <= on:
            here = (Part(code, name, 1.0, 1.0),)
            return Resolved(
                code,
                name,
                HOLDS,
                here,
                gettext("known by its lineage; its boundary is loaded only from %(begins)s", begins=short_day(begins)),
            )
        return Resolved(
            code,
            name,
            NOT_YET,
            (),
            gettext(
                "%(code)s %(name)s holds from %(known)s only%(book)s",
                code=code,
                name=name,
                known=short_day(known),
                book=_was_words(book, code),
            ),
        )
    last = max(to_on for _, _, to_on in book.areas[code] if to_on is not None)
    said = gettext(
        "%(code)s %(name)s ended on %(last)s, and no lineage loaded says what became of it",
        code=code,
        name=name,
        last=short_day(last),
    )
    return Resolved(code, name, ENDED, (), said)


def _without_boundary(book: Book, code: str, name: str, itself: tuple[Part, ...], on: date) -> Resolved:
    """A code known by lineage, or by its form alone, or not at all."""
    older = book.newer.get(code, [])
    days = [link.on for link in older if link.on is not None]
    if days and min(days) > on:
        return Resolved(
            code,
            name,
            NOT_YET,
            (),
            gettext(
                "%(code)s %(name)s holds from %(days)s only%(book)s",
                code=code,
                name=name,
                days=short_day(min(days)),
                book=_was_words(book, code),
            ),
        )
    if older or book.links.get(code):
        return Resolved(code, name, HOLDS, itself, gettext("known by its lineage; its boundary is not loaded"))
    if first_census(code):
        return Resolved(code, name, SMALL, itself, gettext("its boundary is not loaded"))
    return Resolved(
        code,
        name,
        UNKNOWN,
        (),
        gettext("no boundary and no lineage loaded here knows it: check it, or load the register it is in"),
    )


def _followed(book: Book, code: str, on: date) -> list[Part]:
    """What a code became by a day, each new code once with its shares through every change."""
    shares: dict[str, tuple[float | None, float | None]] = {}
    open_parts: list[tuple[str, date | None, float | None, float | None, frozenset[str]]] = [(code, None, 1.0, 1.0, frozenset())]
    while open_parts:
        one, after, people, land, seen = open_parts.pop()
        steps = [link for link in book.steps(one, after, on) if link.on is not None or link.new_code not in seen | {one}]
        if not steps:
            had = shares.get(one, (0.0, 0.0))
            shares[one] = _plus(had[0], people), _plus(had[1], land)
        for link in steps:
            on_people, on_land = _times(people, link.share_of_people), _times(land, link.share_of_area)
            open_parts.append((link.new_code, link.on or after, on_people, on_land, seen | {one}))
    parts = [Part(new, book.name(new), people, land) for new, (people, land) in shares.items()]
    return sorted(parts, key=lambda part: (-(part.share_of_people or 0), -(part.share_of_area or 0), part.code))


def _times(one: float | None, other: float | None) -> float | None:
    """A share of a share."""
    return one * other if one is not None and other is not None else None


def _plus(one: float | None, other: float | None) -> float | None:
    """Two shares together."""
    return min(one + other, 1.0) if one is not None and other is not None else None


def _became_words(book: Book, code: str, first: Sequence[AreaLineage], parts: Sequence[Part]) -> str:
    """'E07000026 Allerdale became E06000063 Cumberland on Sat 1 Apr 2023'."""
    through = sorted({link.new_code for link in first} - {part.code for part in parts})
    said = [
        f"{part.code} {part.name}".strip()
        + (
            gettext(" (%(share_of_people)s of its people)", share_of_people=percent(part.share_of_people, 1))
            if _is_part(part)
            else ""
        )
        for part in parts
    ]
    if first[0].on is None:
        days = gettext(", on a day the file does not tell")
    else:
        days = (
            gettext(" by way of %(through)s from %(on)s", through=listed(through), on=short_day(first[0].on))
            if through
            else gettext(" on %(on)s", on=short_day(first[0].on))
        )
    return f"{code} {book.name(code)}".strip() + gettext(" became %(said)s%(days)s", said=listed(said), days=days)


def _is_part(part: Part) -> bool:
    """Whether less than the whole of a code became this."""
    return part.share_of_people is not None and part.share_of_people < 0.9995


def _was_words(book: Book, code: str) -> str:
    """': before that E07000026 Allerdale and E07000028 Carlisle', or nothing."""
    older = [f"{link.old_code} {link.old_name}".strip() for link in book.newer.get(code, []) if link.old_code != code]
    return gettext(": before that %(older)s", older=listed(sorted(set(older)))) if older else ""


def predecessors(codes: Iterable[str]) -> list[AreaLineage]:
    """The links by which other codes became these, the newest change first, then by name."""
    wanted = sorted(set(codes))
    rows = select(AreaLineage).where(AreaLineage.new_code.in_(wanted), AreaLineage.old_code.not_in(wanted))
    return list(db.session.scalars(rows.order_by(AreaLineage.on.desc().nulls_last(), AreaLineage.old_name, AreaLineage.old_code)))


def ancestors(codes: Collection[str], on: date) -> list[AreaLineage]:
    """The links by which others became these codes by a day, and before them others again; the newest change first."""
    found: list[AreaLineage] = []
    seen, wanted = set(codes), set(codes)
    while wanted:
        links = [link for link in predecessors(wanted) if link.on is None or link.on <= on]
        links = [link for link in links if link.old_code not in seen]
        found += links
        wanted = {link.old_code for link in links}
        seen |= wanted
    return found


def forebears(codes: Collection[str], on: date) -> list[tuple[str, str]]:
    """What there was on an earlier day in place of codes that came later: (code, name) of each, by name."""
    found: dict[str, str] = {}
    seen, wanted = set(codes), set(codes)
    while wanted:
        links = [link for link in predecessors(wanted) if link.on is not None and link.on > on and link.old_code not in seen]
        for link in links:
            found.pop(link.new_code, None)
        found |= {link.old_code: link.old_name for link in links}
        wanted = {link.old_code for link in links}
        seen |= wanted
    book = Book(found)
    return sorted(((code, book.name(code) or name) for code, name in found.items()), key=lambda one: (one[1], one[0]))


def ended_years(codes: Collection[str]) -> dict[str, int]:
    """The year in which each code was given up, for those that were and of which the day is known."""
    found: dict[str, int] = {}
    for code, links in _links(codes).items():
        for link in links:
            if link.on is not None and code not in {other.new_code for other in links if other.on == link.on}:
                found.setdefault(code, link.on.year)
    return found


def former_words(code: str) -> str:
    """'it is what E08000016 Barnsley became': where a code is known only as what others became; empty elsewhere."""
    older = [f"{link.old_code} {link.old_name}".strip() for link in predecessors([code])]
    return gettext("it is what %(older)s became", older=listed(sorted(set(older)))) if older else ""
