"""What is typed on the pages of letters and alerts."""

from __future__ import annotations

from wtforms.validators import InputRequired, Length

from scrutiny.widgets import EmailField, Form, HiddenField, SelectField, SubmitField, TextField


class AlertForm(Form):
    """Ask to be written to."""

    offer = HiddenField()
    address = EmailField(
        "Your email address",
        validators=[InputRequired("Enter your email address"), Length(max=254)],
        description="We send a link to this address first, to be sure that it is yours. You can stop at any time.",
        render_kw={"autocomplete": "email"},
    )
    submit = SubmitField("Tell me by email")


class ConfirmForm(Form):
    """Begin an alert."""

    submit = SubmitField("Yes, write to me")


class StopForm(Form):
    """End an alert."""

    submit = SubmitField("Stop writing to me")


class TryAgainForm(Form):
    """Post a failed letter again."""

    address = EmailField("Send it to", validators=[InputRequired("Enter an email address"), Length(max=254)])
    submit = SubmitField("Send it again")


class FilterForm(Form):
    """Which letters to list; sent by GET, so that the filter stays in the address."""

    class Meta(Form.Meta):
        """No forgery check, for nothing is changed."""

        csrf = False

    state = SelectField("State")
    kind = SelectField("Kind of letter")
    words = TextField("Words of the address or subject")
