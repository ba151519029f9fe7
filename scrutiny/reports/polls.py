"""Whether a report would come out before an election in its area, by the rules of config/clashes.toml that name polls.

Councils keep the Code of Recommended Practice on Local Authority Publicity (2011, paragraphs 33 to 35): between the notice of
election and the day of the poll they publish nothing on controversial matters. Inspectorates pause reports where polls are
held (Ofsted, pre-election policy of 26 March 2024). A joint report is about its whole place: a poll in any part of it counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext

from scrutiny.formats import day
from scrutiny.public_calendar.ground import Poll, polls_over
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import rules
from workflows.calendar_entries import POLL

#: The check of a rule about days to keep clear of.
DAYS = "days"


@dataclass(frozen=True, slots=True)
class Quiet:
    """A poll before which a report would come out: its key, and what is said; `holds`: no name lifts it."""

    key: str
    words: str
    holds: bool


def before_polls(review: Review, on: date) -> Iterator[Quiet]:
    """The polls in the place of a review whose pre-election period covers a day; nothing where no rule names polls."""
    wanted = [rule for rule in rules().clash_rules if rule.check == DAYS and POLL in rule.kinds and rule.severity != "note"]
    if not wanted:
        return
    least = min(rule.least_percent for rule in wanted)
    holds = any(rule.severity == "block" for rule in wanted)
    for poll in polls_over(review.place.areas, on):
        if 100 * poll.share >= least:
            yield Quiet(poll.key, _words(poll, on), holds)


def _words(poll: Poll, on: date) -> str:
    """The day, the poll and how long to wait, without a full stop."""
    share = gettext("in the whole place") if poll.share > 0.995 else gettext("in part of the place")
    return gettext(
        "%(on)s is in the pre-election period of “%(poll)s” %(share)s, from %(first)s to %(last)s. "
        "The first day after it is %(next)s",
        on=day(on),
        poll=poll.title,
        share=share,
        first=day(poll.starts_on),
        last=day(poll.ends_on),
        next=day(poll.ends_on + timedelta(days=1)),
    )
