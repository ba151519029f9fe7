"""Forms that several pages about requests have in common."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.requests.letter_values import OwnWords
from scrutiny.widgets import Form, LongTextField, SubmitField

LONG = Length(max=4000, message=lazy_gettext("Keep it to 4,000 characters"))


class WhyForm(Form):
    """A reason; the words of the question are the page's own."""

    why = LongTextField(lazy_gettext("Why?"), validators=[InputRequired(lazy_gettext("Give the reason")), LONG])
    save = SubmitField(lazy_gettext("Save"))


class WordsForm(Form):
    """What a person adds to a letter before it goes; it can be looked at first."""

    opening = LongTextField(lazy_gettext("Your own words at the start (optional)"), validators=[LONG])
    closing = LongTextField(lazy_gettext("Your own words at the end (optional)"), validators=[LONG])
    preview = SubmitField(lazy_gettext("Show the letter with these words"), render_kw={"class": "govuk-button--secondary"})
    send = SubmitField(lazy_gettext("Send"))

    @property
    def words(self) -> OwnWords:
        """What was typed."""
        return OwnWords(self.opening.data or "", self.closing.data or "")
