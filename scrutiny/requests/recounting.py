"""Counting issued items again when a holiday is learnt of late: a day only ever moves later, and the one before is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from scrutiny.extensions import db
from scrutiny.requests.counting import dates_now, is_agreed, pauses_of, standard_of
from scrutiny.requests.dating import Dates, as_stored, steps_of, with_law
from scrutiny.requests.models import Item
from scrutiny.rules.queries import calendars_in_force
from workflows.deadlines import Due, due, explain_in_words
from workflows.workdays import ENGLAND_AND_WALES, UK_ANY


def redate(item: Item) -> date | None:
    """Count an issued item again with the calendars in force, by the clock it was issued with; the due date it had.

    An extended or returned item keeps its day; so does one the officer chose the day of. One whose clock has not started, or
    stands still for a question, has no day to move: it is counted by today's calendar when it goes on.
    """
    before = item.due_on
    if before is None or (item.starts_on is None and item.start_event != "meeting"):
        return None
    now = dates_now(item)
    counted, sentence = _counted(item, now)
    item.calendar = counted.edition
    _redate_law(item, now.statutory)
    if not is_agreed(item) and counted.due is not None and counted.due >= before:
        again: dict[str, Any] = {"sentence": sentence, "steps": steps_of(counted), "provisional": counted.provisional}
        if counted.due > before:
            item.due_on = counted.due
            again |= {"before": before.isoformat(), "counted": counted.due.isoformat()}
        item.due_working = {**item.due_working, **again}
    db.session.flush()
    return before


def _counted(item: Item, now: Dates) -> tuple[Due, str]:
    """The day the item's clock gives now, and why; one hung on a phase nobody has moved by hand follows that phase."""
    if _is_hung(item) and now.due is not None:
        return now.due, now.sentence
    assert item.starts_on is not None
    nation = ENGLAND_AND_WALES if item.nation == UK_ANY else item.nation
    pauses = pauses_of(item) if item.start_event != "clarified" else ()
    counted = due(item.clock, item.starts_on, calendars_in_force(), nation=nation, event=item.start_event, pauses=pauses)
    if counted.clock.name == "stated_date":
        return counted, item.due_working.get("sentence", "")
    return counted, with_law(explain_in_words(counted), counted, now.statutory)


def _is_hung(item: Item) -> bool:
    """Whether a standard item hangs on a phase of the timetable that follows its method still."""
    standard = standard_of(item.request.review, item.question)
    if standard is None or standard.phase is None or item.wanted_on is not None:
        return False
    phase = next((row for row in item.request.review.phases if row.key == standard.phase), None)
    return phase is not None and "first" not in phase.why


def _redate_law(item: Item, law: Due | None) -> None:
    """The law's own day, where its clock too counts working days; the one before is kept."""
    before = item.statutory_due_on
    if law is not None and law.due is not None and before is not None and law.due > before:
        item.statutory_due_on = law.due
        item.due_working = {**item.due_working, "statutory": {**as_stored(law), "before": before.isoformat()}}
