"""What is sent on the administrator's pages of this room."""

from __future__ import annotations

from flask_wtf.file import FileRequired

from scrutiny.widgets import FileField, Form, SubmitField


class HolidayListForm(Form):
    """The official list of bank holidays."""

    file = FileField(
        "The list of bank holidays",
        description="The file bank-holidays.json, as www.gov.uk/bank-holidays.json gives it. It is checked and shown first.",
        validators=[FileRequired("Choose the file bank-holidays.json")],
    )
    submit = SubmitField("Check the list")


class TakeUpForm(Form):
    """The button under what a list would change."""

    submit = SubmitField("Use this list from now on")
