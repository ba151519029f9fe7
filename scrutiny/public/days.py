"""The day a public page is asked about, from its address: as one word, or typed in three boxes."""

from __future__ import annotations

from datetime import date

from flask import abort, request
from flask_babel import gettext, lazy_gettext
from wtforms.validators import Optional

from scrutiny.days import may_be_asked
from scrutiny.widgets import DateField, Form
from workflows.written_days import read_day


class DayForm(Form):
    """Another day, typed in three boxes; it changes nothing, so it needs no token."""

    class Meta(Form.Meta):
        """A form whose address may be given to anybody."""

        csrf = False

    on = DateField(lazy_gettext("Which day?"), description=lazy_gettext("For example, 1 4 2024"), validators=[Optional()])


def day_asked(name: str = "on") -> date | None:
    """The day of the address, None where it has none; 404 with what to write where it cannot be read."""
    text = request.args.get(name, "").strip()
    day = read_day(text)
    if text and (day is None or not may_be_asked(day)):
        abort(
            404,
            gettext(
                "“%(text)s” is not a day: write it in the address as %(name)s=2026-04-01, or leave it out for today",
                text=text[:20],
                name=name,
            ),
        )
    return day


def day_typed() -> DayForm | None:
    """What was typed in the three boxes, read; None where the address has the day as one word, or no day."""
    if len(request.args.getlist("on")) < 2:
        return None
    form = DayForm(request.args)
    form.validate()
    return form
