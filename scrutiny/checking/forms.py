"""The forms of an agency that checks facts."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.widgets import Form, LongTextField, SubmitField


class CorrectionForm(Form):
    """A correction of fact."""

    words = LongTextField(
        lazy_gettext("Which words are wrong?"),
        description=lazy_gettext("Copy them from the extract exactly."),
        validators=[InputRequired(lazy_gettext("Copy the words that are wrong")), Length(max=5000)],
    )
    correction = LongTextField(
        lazy_gettext("What would be right?"),
        validators=[InputRequired(lazy_gettext("Say what would be right")), Length(max=5000)],
    )
    grounds = LongTextField(
        lazy_gettext("How do you know?"),
        description=lazy_gettext("Name the record, figure or document it rests on."),
        validators=[InputRequired(lazy_gettext("Say what your correction rests on")), Length(max=5000)],
    )
    save = SubmitField(lazy_gettext("Save the correction"))


class SendBackForm(Form):
    """Sending a check of facts back to whoever passed it on."""

    why = LongTextField(
        lazy_gettext("What must change?"),
        validators=[InputRequired(lazy_gettext("Say what must change: your colleagues see your words")), Length(max=2000)],
    )
    save = SubmitField(lazy_gettext("Send it back"), render_kw={"class": "govuk-button--secondary"})
