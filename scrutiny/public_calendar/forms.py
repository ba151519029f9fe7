"""What is typed or sent on the pages of this room."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf.file import FileRequired

from scrutiny.widgets import FileField, Form, SubmitField


class CalendarForm(Form):
    """A file of entries."""

    file = FileField(
        lazy_gettext("The calendar"),
        description=lazy_gettext(
            "A .csv or .toml file with elections, school holidays, year ends, times not to disturb or agreed loads."
        ),
        validators=[FileRequired(lazy_gettext("Choose a .csv or .toml file"))],
    )
    submit = SubmitField(lazy_gettext("Load the calendar"))


class WithdrawCalendarForm(Form):
    """The button that withdraws a file."""

    submit = SubmitField(lazy_gettext("Withdraw this file"))
