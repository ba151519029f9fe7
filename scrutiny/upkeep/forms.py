"""What is sent on the administrator's pages of this room."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf.file import FileRequired
from wtforms.validators import InputRequired

from scrutiny.widgets import CheckboxField, FileField, Form, SubmitField


class HolidayListForm(Form):
    """The official list of bank holidays."""

    file = FileField(
        lazy_gettext("The list of bank holidays"),
        description=lazy_gettext(
            "The file bank-holidays.json, as www.gov.uk/bank-holidays.json gives it. It is checked and shown first."
        ),
        validators=[FileRequired(lazy_gettext("Choose the file bank-holidays.json"))],
    )
    submit = SubmitField(lazy_gettext("Check the list"))


class TakeUpForm(Form):
    """The button under what a list would change, and a tick where it seems older than the one in use."""

    older = CheckboxField(
        lazy_gettext("Use this list although it seems older than the one in use"),
        validators=[InputRequired(lazy_gettext("Tick the box if you mean to use this older list"))],
    )
    submit = SubmitField(lazy_gettext("Use this list from now on"))


class MailCheckForm(Form):
    """The button that sends an email to whoever presses it."""

    submit = SubmitField(lazy_gettext("Send a test email"))


class MethodForm(Form):
    """A method to send."""

    file = FileField(
        lazy_gettext("The method"),
        description=lazy_gettext("A .toml file, as the guide “Writing a method” describes. It is checked and shown first."),
        validators=[FileRequired(lazy_gettext("Choose the method’s .toml file"))],
    )
    submit = SubmitField(lazy_gettext("Check the method"))


class UseMethodForm(Form):
    """The button under what a method asks."""

    submit = SubmitField(lazy_gettext("Use this method for new reviews"))
