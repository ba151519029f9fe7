"""What is typed in about agreeing with a finding."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length, Optional

from scrutiny.agreement.models import ANSWERS
from scrutiny.widgets import Form, HiddenField, LongTextField, RadioField, SelectChoice, SubmitField, TextField


class AgreementForm(Form):
    """Whether a body agrees with the words of a finding; who said so, where the body in the lead enters it for another."""

    answer = RadioField(
        lazy_gettext("Does your body agree with the finding as it stands?"),
        choices=[SelectChoice(value=key, label=label) for key, label in ANSWERS.items()],
        validators=[InputRequired(lazy_gettext("Choose whether your body agrees"))],
    )
    comment = LongTextField(
        lazy_gettext("Your comment, or what would have to change"),
        description=lazy_gettext("Only the bodies of this review read it. It is not published."),
        validators=[Optional(), Length(max=5000, message=lazy_gettext("Keep it to 5,000 characters"))],
    )
    name = TextField(
        lazy_gettext("Who answered for this body?"),
        validators=[Optional(), Length(max=200, message=lazy_gettext("Keep it to 200 characters"))],
    )
    source = TextField(
        lazy_gettext("Where is the answer written?"),
        description=lazy_gettext("For example, the letter of 3 March 2026 from its chief inspector"),
        validators=[Optional(), Length(max=500, message=lazy_gettext("Keep it to 500 characters"))],
    )
    seen = HiddenField()
    save = SubmitField(lazy_gettext("Save the answer"))
