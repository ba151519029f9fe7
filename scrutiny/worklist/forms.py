"""Filters of the lists; sent by GET, so that they stay in the address."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired, Length, Optional

from scrutiny.accounts.forms import KeyEndField
from scrutiny.widgets import DateField, Form, SelectField, SubmitField, TextField
from workflows.written_days import read_day


class ReviewFilter(Form):
    """Which reviews to list."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    state = SelectField(lazy_gettext("State"))
    part = SelectField(lazy_gettext("Our part"))
    words = TextField(lazy_gettext("Words of the title or place"))


class AuditFilter(Form):
    """Whose rows of the trail to list."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    record = TextField(
        lazy_gettext("Record"), description=lazy_gettext("As it is in the table, such as review:2, request:17 or person:4")
    )


class DelayFilter(Form):
    """The period of the delay log; what cannot be read as a day is left out of account."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    first = DateField(lazy_gettext("Due from"), validators=[Optional()])
    last = DateField(lazy_gettext("Due to"), validators=[Optional()])

    def __init__(self, asked: MultiDict[str, str]) -> None:
        """`asked` is the address: each day in three boxes, or as one word."""
        super().__init__(MultiDict([(name, part) for name in ("first", "last") for part in _boxes(asked.getlist(name))]))

    def period(self, today: date) -> tuple[date, date]:
        """First and last day; without them, or where they cannot be read, the twelve months to today, which the boxes show."""
        self.validate()
        last = self.last.data or today
        first = self.first.data or last - timedelta(days=365)
        for box, day in ((self.first, first), (self.last, last)):
            if not box.errors:
                box.data, box.raw_data = day, None
        return first, last


def _boxes(typed: list[str]) -> list[str]:
    """A day as three boxes hold it; what is no day stays as it is."""
    day = read_day(typed[0].strip()) if len(typed) == 1 else None
    return typed if day is None else [str(day.day), str(day.month), str(day.year)]


class FeedForm(Form):
    """A calendar of one's own."""

    shows = SelectField(
        lazy_gettext("What should it show?"), validators=[InputRequired(lazy_gettext("Choose what the calendar shows"))]
    )
    name = TextField(
        lazy_gettext("Where will you use it?"),
        description=lazy_gettext("Such as “Outlook at work”: you will know it again by this."),
        validators=[Length(max=100)],
    )
    ends_on = KeyEndField()
    save = SubmitField(lazy_gettext("Make an address"))
