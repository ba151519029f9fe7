"""Lineage that contradicts itself: codes that become each other in a circle, and boundaries open past the end of their code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.areas.writing import chunks
from scrutiny.extensions import db
from scrutiny.formats import short_day
from scrutiny.lineage.files import Link
from workflows.refusals import Refused

#: boundaries named one by one; the rest as a count
NAMED = 5


def refuse_circles(given: Sequence[Link], stored: Iterable[Link], name: str) -> None:
    """Refused where codes wholly given up become each other again, within a file or with what is loaded: each is named, with
    its day. A code that keeps part of its land on that day goes on, and is in no circle by it."""
    news: dict[str, list[Link]] = defaultdict(list)
    every = list({(link.old_code, link.new_code, link.on): link for link in [*stored, *given]}.values())
    kept = {(link.old_code, link.on) for link in every if link.old_code == link.new_code}
    for link in every:
        if (link.old_code, link.on) not in kept:
            news[link.old_code].append(link)
    for link in given:
        if round_it := _round(link, news):
            said = "; ".join(
                (
                    gettext(
                        "%(old_code)s becomes %(new_code)s on %(on)s",
                        old_code=one.old_code,
                        new_code=one.new_code,
                        on=short_day(one.on),
                    )
                    if one.on
                    else gettext(
                        "%(old_code)s becomes %(new_code)s on a day not told", old_code=one.old_code, new_code=one.new_code
                    )
                )
                for one in round_it
            )
            raise Refused(
                gettext(
                    "%(name)s, line %(line)s: codes become each other in a circle (%(said)s), so nobody could tell which holds. "
                    "Take out the row that is wrong. Nothing was loaded",
                    name=name,
                    line=link.line,
                    said=said,
                )
            )


def _round(first: Link, news: dict[str, list[Link]]) -> list[Link]:
    """The links of a circle that goes through one; none where there is none."""
    if first.old_code == first.new_code:
        return []
    came: dict[str, Link] = {first.new_code: first}
    wanted = [first.new_code]
    while wanted:
        code = wanted.pop()
        for link in news.get(code, ()):
            if link.new_code == first.old_code:
                path = [link]
                while path[-1] is not first:
                    path.append(came[path[-1].old_code])
                return path[::-1]
            if link.new_code not in came:
                came[link.new_code] = link
                wanted.append(link.new_code)
    return []


def open_past(links: Iterable[Link]) -> list[str]:
    """What to say of codes that end on a day while a boundary of theirs, begun before it, is open past it."""
    every = list(links)
    kept = {(link.old_code, link.on) for link in every if link.old_code == link.new_code}
    ends: dict[str, date] = {}
    for link in every:
        if link.on is not None and (link.old_code, link.on) not in kept:
            ends[link.old_code] = min(link.on, ends.get(link.old_code, link.on))
    found: dict[str, str] = {}
    for chunk in chunks(sorted(ends), 500):
        rows = select(Area.code, Area.name, Area.from_on, Area.to_on).where(Area.code.in_(chunk)).order_by(Area.code, Area.id)
        for code, area_name, from_on, to_on in db.session.execute(rows):
            if from_on < ends[code] and (to_on is None or to_on >= ends[code]):
                last = short_day(ends[code] - timedelta(days=1))
                until = f"to {short_day(to_on)}" if to_on else gettext("without an end")
                found[code] = gettext(
                    "%(code)s %(area_name)s is said to end on %(last)s, but its boundary is loaded %(until)s",
                    code=code,
                    area_name=area_name,
                    last=last,
                    until=until,
                )
    said = list(found.values())[:NAMED]
    if said:
        more = gettext("; and %(n)s more", n=len(found) - NAMED) if len(found) > NAMED else ""
        said[-1] += gettext(
            "%(more)s. Load the layer again with the last day of each, or its successors as a whole layer", more=more
        )
    return said
