"""When the timetable of a review has its report come out, and how a day of release lies to that."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext, ngettext

from scrutiny.formats import day
from scrutiny.reviews.models import Phase, Review

#: The phases of the methods in which a report, or what stands for one, comes out; the first that a timetable has is meant.
COMES_OUT = ("publication", "report", "report-to-councils", "comments", "outcome")


def phase_of_release(review: Review) -> Phase | None:
    """The phase in which the report is to come out; none where the method names none."""
    phases = {phase.key: phase for phase in review.phases}
    return next((phases[key] for key in COMES_OUT if key in phases), None)


def planned(review: Review) -> str:
    """When the timetable has the report come out, as a sentence; '' where it has no such phase."""
    phase = phase_of_release(review)
    if phase is None:
        return ""
    if phase.starts_on == phase.ends_on:
        return gettext("The timetable has “%(phase)s” on %(day)s.", phase=phase.title, day=day(phase.ends_on))
    return gettext(
        "The timetable has “%(phase)s” from %(first)s to %(last)s.",
        phase=phase.title,
        first=day(phase.starts_on),
        last=day(phase.ends_on),
    )


def off_plan(review: Review, on: date) -> str:
    """That a release lies before or after its phase, and by how much, as a sentence; '' where it lies within."""
    phase = phase_of_release(review)
    if phase is None or phase.starts_on <= on <= phase.ends_on:
        return ""
    if on < phase.starts_on:
        days = (phase.starts_on - on).days
        return ngettext("The release is %(num)s day before that.", "The release is %(num)s days before that.", days)
    days = (on - phase.ends_on).days
    return ngettext("The release is %(num)s day after that.", "The release is %(num)s days after that.", days)
