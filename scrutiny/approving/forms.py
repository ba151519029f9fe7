"""The forms of an approver."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.widgets import Form, HiddenField, LongTextField, SubmitField


class ApproveForm(Form):
    """Approving exactly what was read; `seen` says what that was."""

    seen = HiddenField()
    save = SubmitField(lazy_gettext("Approve and send"))


class SendBackForm(Form):
    """Sending it back to whoever wrote it."""

    why = LongTextField(
        lazy_gettext("What must change?"),
        validators=[InputRequired(lazy_gettext("Say what must change: your colleagues see your words")), Length(max=2000)],
    )
    save = SubmitField(lazy_gettext("Send it back"), render_kw={"class": "govuk-button--secondary"})


class TakeBackForm(Form):
    """Taking back what was not approved."""

    save = SubmitField(lazy_gettext("Withdraw this"), render_kw={"class": "govuk-button--secondary"})
