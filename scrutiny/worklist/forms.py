"""Filters of the lists; sent by GET, so that they stay in the address."""

from __future__ import annotations

from datetime import date, timedelta

from wtforms.validators import InputRequired, Length

from scrutiny.accounts.forms import KeyEndField
from scrutiny.days import why_not_enter
from scrutiny.widgets import DayInput, Form, SelectField, SubmitField, TextField
from workflows.written_days import read_day


class ReviewFilter(Form):
    """Which reviews to list."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    state = SelectField("State")
    part = SelectField("Our part")
    words = TextField("Words of the title or place")


class AuditFilter(Form):
    """Whose rows of the trail to list."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    record = TextField("Record", description="As it stands in the table, such as review:2, request:17 or person:4")


class DelayFilter(Form):
    """The period of the delay log; what cannot be read as a day is left out of account."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    first = TextField("Due from", widget=DayInput())
    last = TextField("Due to", widget=DayInput())

    def period(self, today: date) -> tuple[date, date]:
        """First and last day; without them, the twelve months to today, which the boxes then show."""
        last = _day(self.last.data) or today
        first = _day(self.first.data) or last - timedelta(days=365)
        self.first.data, self.last.data = first.isoformat(), last.isoformat()
        return first, last


def _day(text: str | None) -> date | None:
    """A day as an address holds it."""
    day = read_day((text or "").strip())
    return None if day is None or why_not_enter(day) else day


class FeedForm(Form):
    """A calendar of one's own."""

    shows = SelectField("What should it show?", validators=[InputRequired("Choose what the calendar shows")])
    name = TextField(
        "Where will you use it?",
        description="Such as “Outlook at work”: you will know it again by this.",
        validators=[Length(max=100)],
    )
    ends_on = KeyEndField()
    save = SubmitField("Make an address")
