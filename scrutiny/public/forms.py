"""What is typed on public pages."""

from __future__ import annotations

from wtforms.validators import InputRequired, Length, Optional

from scrutiny.widgets import EmailField, Form, LongTextField, SubmitField, TextField


class ErrorForm(Form):
    """Say that a published report is wrong."""

    where = TextField(
        "Where is the error?",
        validators=[InputRequired("Say where the error is"), Length(max=300)],
        description="For example: finding 3, second sentence; or the name of an agency.",
    )
    text = LongTextField(
        "What is wrong, and what is right?",
        validators=[InputRequired("Say what is wrong"), Length(max=4000)],
        description="Say how you know, if you can. Do not name private people.",
    )
    address = EmailField(
        "Your email address (optional)",
        validators=[Optional(), Length(max=254)],
        description="Only so that we can tell you what was decided.",
        render_kw={"autocomplete": "email"},
    )
    submit = SubmitField("Send")


class AlertForm(Form):
    """Go on to ask for an alert about a place nobody has asked about before."""

    submit = SubmitField("Continue")
