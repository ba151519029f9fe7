"""What somebody asked of an agenda, from the address: the period, and kinds of items; what cannot be read is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import request
from flask_babel import lazy_gettext

from scrutiny.agenda.item import KINDS, AgendaItem, Period
from scrutiny.public.days import day_asked
from scrutiny.widgets import Form, SelectChoice, SelectField

#: How far back and ahead each choice looks, in days.
PERIODS = {
    "year": (lazy_gettext("The last 3 months and the next 12"), 91, 365),
    "past": (lazy_gettext("The last 2 years"), 730, 0),
    "quarter": (lazy_gettext("The next 3 months"), 0, 91),
    "long": (lazy_gettext("The last 2 years and the next 3"), 730, 1095),
}


class AgendaFilter(Form):
    """What to show; it changes nothing, so it needs no token."""

    class Meta(Form.Meta):
        """A form whose address may be given to anybody."""

        csrf = False

    period = SelectField(
        lazy_gettext("Period"), choices=[SelectChoice(value=key, label=label) for key, (label, _, _) in PERIODS.items()]
    )
    kind = SelectField(lazy_gettext("What to show"))

    def offer(self) -> AgendaFilter:
        """Give the kinds there are to choose from."""
        kinds = [SelectChoice(value=key, label=label) for key, label in KINDS.items()]
        self.kind.choices = [SelectChoice(value="", label=lazy_gettext("Everything")), *kinds]
        if self.period.data not in PERIODS:
            self.period.data = next(iter(PERIODS))
        if self.kind.data not in KINDS:
            self.kind.data = ""
        return self


def period_asked(form: AgendaFilter, today: date) -> Period:
    """The days asked about: `from` and `to` of the address where they are given, else those of the choice."""
    _, back, ahead = PERIODS[form.period.data or "year"]
    first, last = day_asked("from"), day_asked("to")
    first = first or (today if last else None) or today - timedelta(days=back)
    return Period(first, max(first, last or max(first, today) + timedelta(days=ahead)))


def filter_asked() -> AgendaFilter:
    """The filter of the address."""
    return AgendaFilter(request.args).offer()


def of_kind(found: Sequence[AgendaItem], form: AgendaFilter) -> list[AgendaItem]:
    """The items of the kind chosen; all where none is."""
    return [one for one in found if form.kind.data in ("", one.kind)]
