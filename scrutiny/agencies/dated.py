"""When a dated row holds, and when a body or agency exists in law, is elected and serves; both days of a period count."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import and_, func, or_

from scrutiny.formats import day
from workflows.refusals import Refused


def holds_on(dated: Any, on: date | None) -> Any:
    """The condition that a row with `from_on` and `to_on` holds on a day; without a day, the database's own today."""
    day = func.current_date() if on is None else on
    return and_(or_(dated.from_on.is_(None), dated.from_on <= day), or_(dated.to_on.is_(None), dated.to_on >= day))


def row_holds_on(row: Any, on: date) -> bool:
    """Whether a row with `from_on` and `to_on` holds on a day, as `holds_on` says in a statement."""
    begun = row.from_on is None or row.from_on <= on
    return begun and (row.to_on is None or row.to_on >= on)


def exists_on(owner: Any, on: date | None) -> Any:
    """The condition that a body or agency exists in law on a day: by its legal days, or by its service where none are given."""
    this = func.current_date() if on is None else on
    first, last = func.coalesce(owner.legal_from, owner.from_on), func.coalesce(owner.legal_to, owner.to_on)
    return and_(or_(first.is_(None), first <= this), or_(last.is_(None), last >= this))


def check_days(said: Any) -> None:
    """Refuse days that cross: of service, in law, or a service before the body exists in law or after it has ended."""
    for first, last in ((said.from_on, said.to_on), (said.legal_from, said.legal_to)):
        if first and last and last < first:
            raise Refused(gettext("It cannot end on %(last)s, before it begins on %(first)s", last=day(last), first=day(first)))
    if said.legal_from and said.from_on and said.from_on < said.legal_from:
        raise Refused(
            gettext(
                "It cannot serve from %(from_on)s, before it exists in law on %(legal_from)s",
                from_on=day(said.from_on),
                legal_from=day(said.legal_from),
            )
        )
    if said.legal_to and said.to_on and said.to_on > said.legal_to:
        raise Refused(
            gettext(
                "It cannot serve until %(to_on)s, after it has ended in law on %(legal_to)s",
                to_on=day(said.to_on),
                legal_to=day(said.legal_to),
            )
        )


def in_law(owner: Any) -> str:
    """When it exists in law, in words."""
    if not owner.legal_from and not owner.legal_to:
        return gettext("The same days as its service")
    return _days(
        (owner.legal_from, owner.legal_to),
        gettext("Exists from %(first)s to %(last)s"),
        gettext("Exists from %(first)s"),
        gettext("Exists until %(last)s"),
    )


def elected(owner: Any, today: date) -> str:
    """When its first members were or will be elected, in words."""
    if owner.elected_from is None:
        return gettext("Not given")
    if owner.elected_from <= today:
        return gettext("First elected on %(on)s", on=day(owner.elected_from))
    return gettext("To be elected first on %(on)s", on=day(owner.elected_from))


def in_service(owner: Any, today: date) -> str:
    """From when to when it serves, in words; a body that exists in law before that is a shadow of what is to come."""
    said = _days(
        (owner.from_on, owner.to_on),
        gettext("Serves from %(first)s to %(last)s"),
        gettext("Serves from %(first)s"),
        gettext("Serves until %(last)s"),
    )
    begun = owner.legal_from is not None and owner.legal_from <= today
    if begun and owner.from_on and owner.from_on > today:
        return gettext("%(said)s. Until then it exists beside those that serve now", said=said)
    return said


def _days(days: tuple[date | None, date | None], whole: str, open_ended: str, ended: str) -> str:
    """'Serves from Saturday 1 April 2028', 'Serves until …': said with both ends, without its last or without its first."""
    first, last = days
    if not first and not last:
        return gettext("No first or last day is known")
    said = whole if first and last else open_ended if first else ended
    return said % {"first": first and day(first), "last": last and day(last)}
