"""The forms of an agency that checks facts."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.widgets import Form, LongTextField, SubmitField


class CorrectionForm(Form):
    """A correction of fact."""

    words = LongTextField(
        "Which words are wrong?",
        description="Copy them from the extract as they stand.",
        validators=[InputRequired("Copy the words that are wrong"), Length(max=5000)],
    )
    correction = LongTextField("What would be right?", validators=[InputRequired("Say what would be right"), Length(max=5000)])
    grounds = LongTextField(
        "How do you know?",
        description="Name the record, figure or document it rests on.",
        validators=[InputRequired("Say what your correction rests on"), Length(max=5000)],
    )
    save = SubmitField(lazy_gettext("Save the correction"))


class SendBackForm(Form):
    """Sending a check of facts back to whoever passed it on."""

    why = LongTextField(
        lazy_gettext("What must change?"),
        validators=[InputRequired(lazy_gettext("Say what must change: your colleagues see your words")), Length(max=2000)],
    )
    save = SubmitField(lazy_gettext("Send it back"), render_kw={"class": "govuk-button--secondary"})
