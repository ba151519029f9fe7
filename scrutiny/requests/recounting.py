"""Counting issued items again when a holiday is learnt of late: a day only ever moves later, and the one before is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.dating import Dates, Wanted, as_stored, dates_of, phases_of, statutory_of, with_law
from scrutiny.requests.drafting import standard_of
from scrutiny.requests.models import Item
from scrutiny.requests.standing import power_named
from scrutiny.rules.queries import rules
from workflows.deadlines import Due, due, explain_in_words
from workflows.workdays import ENGLAND_AND_WALES, UK_ANY


def redate(item: Item) -> date | None:
    """Count an issued item again with the calendars in force, by the clock it was issued with; the due date it had.

    An extended or returned item keeps its day; so does one the officer chose the day of.
    """
    before = item.due_on
    if item.starts_on is None or before is None:
        return None
    counted, sentence = _counted(item)
    item.calendar = counted.edition
    _redate_law(item)
    if before == item.first_due_on and counted.due is not None and counted.due >= before:
        steps = [{"date": step.date.isoformat(), "counted": step.counted, "why": step.why} for step in counted.steps()]
        again: dict[str, Any] = {"sentence": sentence, "steps": steps, "provisional": counted.provisional}
        if counted.due > before:
            item.due_on = counted.due
            again["before"] = before.isoformat()
        item.due_working = {**item.due_working, **again}
    db.session.flush()
    return before


def _counted(item: Item) -> tuple[Due, str]:
    """The day the item's clock gives now, and why; one hung on a phase nobody has moved by hand follows that phase."""
    hung = _hung(item)
    if hung is not None:
        return hung.due, hung.sentence
    assert item.starts_on is not None
    nation = ENGLAND_AND_WALES if item.nation == UK_ANY else item.nation
    counted = due(item.clock, item.starts_on, rules().calendars, nation=nation, event=item.start_event)
    if counted.clock.name == "stated_date":
        return counted, item.due_working.get("sentence", "")
    return counted, with_law(explain_in_words(counted), counted, _law(item))


def _hung(item: Item) -> Dates | None:
    """The dates of a standard item hung on a phase of the timetable; None for any other."""
    wanted = _wanted(item)
    if wanted.standard is None or wanted.standard.phase is None or item.wanted_on is not None:
        return None
    phase = next((row for row in item.request.review.phases if row.key == wanted.standard.phase), None)
    if phase is None or "first" in phase.why:
        return None
    return dates_of(wanted, _sent_on(item), rules().calendars)


def _redate_law(item: Item) -> None:
    """The law's own day, where its clock too counts working days; the one before is kept."""
    law, before = _law(item), item.statutory_due_on
    if law is not None and law.due is not None and before is not None and law.due > before:
        item.statutory_due_on = law.due
        item.due_working = {**item.due_working, "statutory": {**as_stored(law), "before": before.isoformat()}}


def _law(item: Item) -> Due | None:
    """What the power an item was asked under gives today."""
    return statutory_of(_wanted(item), _sent_on(item), rules().calendars)


def _wanted(item: Item) -> Wanted:
    """What decides the dates of an item, as it was when it was issued."""
    request, review = item.request, item.request.review
    power = power_named(item.power_key) or power_named(request.power_key)
    return Wanted(standard_of(review, item.question), phases_of(review.phases), power, item.wanted_on, request.agency.nation)


def _sent_on(item: Item) -> date:
    """The day an issued request went."""
    assert item.request.issued_at is not None
    return london_day(item.request.issued_at)
