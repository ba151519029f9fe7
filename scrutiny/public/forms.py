"""What is typed on public pages."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length, Optional

from scrutiny.widgets import EmailField, Form, LongTextField, SubmitField, TextField


class ErrorForm(Form):
    """Say that a published report is wrong."""

    where = TextField(
        lazy_gettext("Where is the error?"),
        validators=[InputRequired(lazy_gettext("Say where the error is")), Length(max=300)],
        description=lazy_gettext("For example: finding 3, second sentence; or the name of an agency."),
    )
    text = LongTextField(
        lazy_gettext("What is wrong, and what is right?"),
        validators=[InputRequired(lazy_gettext("Say what is wrong")), Length(max=4000)],
        description=lazy_gettext("Say how you know, if you can. Do not name private people."),
    )
    address = EmailField(
        lazy_gettext("Your email address (optional)"),
        validators=[Optional(), Length(max=254)],
        description=lazy_gettext("Only so that we can tell you what was decided."),
        render_kw={"autocomplete": "email"},
    )
    submit = SubmitField(lazy_gettext("Send"))


class AlertForm(Form):
    """Go on to ask for an alert about a place nobody has asked about before."""

    submit = SubmitField(lazy_gettext("Continue"))
