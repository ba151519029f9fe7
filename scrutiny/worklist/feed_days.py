"""The days of a feed, as far as its holder may know them: of a review, an agency, a body, or a person in all they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from flask import Response, abort, current_app
from flask_babel import gettext

from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import CURRENT, of_body, part_of
from scrutiny.whole_numbers import whole_or_none
from scrutiny.worklist import access, agency_work, feeds
from scrutiny.worklist.deadlines import deadlines_of
from workflows.roles import Actor, Capacity


@dataclass(frozen=True, slots=True)
class Choice:
    """A feed somebody may have: what it shows (review:2), in words, and the capacity it is opened in (None: each in turn)."""

    shows: str
    label: str
    group: str
    capacity: Capacity | None


def choices_of(by: Actor, today: date) -> list[Choice]:
    """Every feed the actor may have: their own, their agencies' and bodies', and each review a body of theirs may read."""
    found = [Choice(f"person:{by.person}", gettext("Everything that waits for me, in all I belong to"), gettext("Mine"), None)]
    for one in by.capacities:
        if one.kind == "agency":
            words = gettext("Everything due from %(name)s", name=one.name)
        else:
            words = gettext("Every review of %(name)s", name=one.name)
        found.append(Choice(one.reference, words, gettext("Agencies and bodies"), one))
    seen: set[int] = set()
    for one in by.capacities:
        for review in reviews_of(replace(by, capacity=one), today):
            if review.id not in seen:
                seen.add(review.id)
                found.append(Choice(f"review:{review.id}", f"{review.reference} {review.title}", gettext("One review"), one))
    return found


def reviews_of(by: Actor, today: date) -> list[Review]:
    """The reviews under way, planned or reported that the body acted for may read today."""
    if by.body is None:
        return []
    return [one for one in of_body(by.body, (*CURRENT, "reported")) if part_of(one, by.body, today)]


def of_capacity(by: Actor, today: date) -> list[feeds.Day]:
    """The days of the agency or body acted for."""
    return _of_agency(by, today) if by.agency is not None else of_reviews(reviews_of(by, today), by)


def of_person(by: Actor, today: date) -> list[feeds.Day]:
    """The days of a person in each of their capacities; of an agency's only what waits for them or for anybody."""
    found: dict[str, feeds.Day] = {}
    for one in by.capacities:
        acting = replace(by, capacity=one)
        days = _of_agency(acting, today, own=True) if one.kind == "agency" else of_reviews(reviews_of(acting, today), acting)
        for each in days:
            found.setdefault(each.key, each)
    return sorted(found.values(), key=lambda day: (day.day, day.key))


def of_reviews(found: Sequence[Review], by: Actor) -> list[feeds.Day]:
    """The days of these reviews, as far as this reader may know them."""
    titles = {review.id: review.title for review in found}
    return [
        feeds.Day(one.key, one.day, f"{one.text}: {titles[one.review_id]}", titles[one.review_id], address(one.href))
        for one in deadlines_of(found, by)
    ]


def shown(shows: str, by: Actor, today: date) -> tuple[str, list[feeds.Day]]:
    """The name and days of a feed by what it shows; what its holder may no longer see is not there."""
    kind, _, number = shows.partition(":")
    key = whole_or_none(number)
    if kind == "review" and key is not None:
        review = access.review_shown(key, by, today)
        return f"{review.reference} {review.title}", of_reviews([review], by)
    if kind == "person" and number == str(by.person):
        return by.name, of_person(by, today)
    if kind in ("agency", "body") and shows == by.capacity.reference:
        return by.capacity.name, of_capacity(by, today)
    return abort(404)


def address(path: str) -> str:
    """A path as a whole address, for reading outside these pages."""
    return str(current_app.config["SETTINGS"].public_url).rstrip("/") + path


def answered(days: Sequence[feeds.Day], key: str, name: str, at: datetime) -> Response:
    """A calendar feed as an answer."""
    host = urlsplit(address("")).hostname or "localhost"
    return Response(feeds.calendar_of(days, key=key, name=name, host=host, at=at), content_type="text/calendar; charset=utf-8")


def _of_agency(by: Actor, today: date, *, own: bool = False) -> list[feeds.Day]:
    """What is due from the agency acted for; only the reader's `own`, where asked."""
    return [
        feeds.Day(one.key, one.due_on, f"{one.what}: {one.title}", gettext("For %(name)s", name=one.asker), address(one.href))
        for one in agency_work.due_for(by, today)
        if one.due_on and (one.for_reader or not own)
    ]
