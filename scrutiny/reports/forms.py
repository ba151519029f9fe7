"""What is typed in about signing, dissent, releasing and correcting."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from scrutiny.areas.place_input import codes_of
from scrutiny.pages import today
from scrutiny.reports import rhythms
from scrutiny.widgets import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    FileField,
    Form,
    IntegerField,
    LongTextField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
)
from workflows.refusals import Refused

COUNT = [Optional(), NumberRange(min=0, message="Enter 0 or more")]


class SignForm(Form):
    """Signing for a body; the votes are asked for only where a committee votes."""

    office = TextField(
        "Your office, as it should stand in the report",
        description="For example, Chair of the Overview and Scrutiny Committee",
        validators=[InputRequired("Enter your office"), Length(max=200)],
    )
    meeting_on = DateField("The day of the meeting", validators=[Optional()])
    votes_for = IntegerField("Voted for", validators=COUNT)
    votes_against = IntegerField("Voted against", validators=COUNT)
    abstained = IntegerField("Abstained", validators=COUNT)
    save = SubmitField("Sign the report")


class InterestForm(Form):
    """An interest in an agency, told to everybody of the review."""

    agency = SelectField(lazy_gettext("In which agency do you have an interest?"), coerce=int)
    words = LongTextField(
        lazy_gettext("What is your interest?"),
        description=lazy_gettext("Everybody of this review reads this. It is printed in the report if you sign it."),
        validators=[InputRequired(lazy_gettext("Say what your interest is")), Length(max=1000)],
    )
    save = SubmitField(lazy_gettext("Declare this interest"))


class CorrectSignatureForm(SignForm):
    """A signature that was entered wrongly, as it should have been."""

    why = LongTextField(
        "What was wrong?",
        description="It is printed in the report beside both entries.",
        validators=[InputRequired("Say what was wrong"), Length(max=1000)],
    )
    save = SubmitField("Correct the signature")


class UndoForm(Form):
    """Why a finding is reopened or withdrawn."""

    why = LongTextField("Why?", description="Those concerned are sent this.", validators=[Optional(), Length(max=2000)])
    save = SubmitField("Go on")


class PaperForm(Form):
    """A signature on paper, entered by the lead body for a partner without people here."""

    name = TextField("Who signed?", validators=[InputRequired("Enter the name of the person who signed"), Length(max=200)])
    office = TextField("Their office", validators=[InputRequired("Enter their office"), Length(max=200)])
    paper = FileField("The signed paper, as a PDF or a picture", validators=[InputRequired("Choose the signed paper")])
    save = SubmitField("Enter the signature")


class DissentForm(Form):
    """Disagreement, in one's own words."""

    finding = SelectField("What do you disagree with?", coerce=int, validators=[InputRequired("Choose what you disagree with")])
    text = LongTextField(
        "Your words",
        description="They are printed in the report as you write them.",
        validators=[InputRequired("Write what you disagree with, and why"), Length(max=5000)],
    )
    save = SubmitField("Record my dissent")


class ReportForm(Form):
    """The summary at the head of the report, and the day and time of its release: one form, so that neither is lost."""

    summary = LongTextField(
        "Summary",
        description="What the review looked at, what it found and what should happen, for somebody with two minutes. "
        "For a list, begin each line with a hyphen and a space; for a heading, with ## and a space.",
        validators=[InputRequired("Write the summary"), Length(max=5000)],
    )
    save = SubmitField("Save the summary")
    seen = CheckboxesField("Before it comes out, say that you have seen each of these", validators=[Optional()])
    on = DateField("Day of release", description="For example, 27 11 2027")
    hour = SelectField("Time", validators=[Optional()])
    release = SubmitField("Schedule the release")

    def validate_on(self, field: DateField) -> None:
        """A day is needed only to schedule."""
        if self.release.data and not field.data and not field.errors:
            raise ValidationError("Enter the day of release")


class CorrectionForm(Form):
    """Beginning a corrected edition."""

    why = LongTextField(
        "What was wrong?",
        description="It is published with the corrected edition.",
        validators=[InputRequired("Say what was wrong"), Length(max=2000)],
    )
    save = SubmitField("Begin a corrected edition")


class RecallForm(Form):
    """Withdrawing what was published."""

    why = LongTextField(
        lazy_gettext("Why is it withdrawn?"),
        description=lazy_gettext(
            "This is published in its place and emailed. Do not repeat a name or anything else that must not be read."
        ),
        validators=[InputRequired(lazy_gettext("Say why it is withdrawn")), Length(max=1000)],
    )
    erase = CheckboxField(
        lazy_gettext("Erase what it says for ever, too. Its digest and your reason stay. This cannot be undone")
    )
    save = SubmitField(lazy_gettext("Withdraw the report"))


class ErrorForm(Form):
    """Anybody's report of an error."""

    where = TextField(
        "Where is it?", description="For example, finding 2", validators=[InputRequired("Say where it is"), Length(max=300)]
    )
    text = LongTextField("What is wrong?", validators=[InputRequired("Say what is wrong"), Length(max=5000)])
    address = EmailField("Your email address, if you want an answer", validators=[Optional(), Length(max=254)])
    save = SubmitField("Send")


class DecisionForm(Form):
    """What is done about a reported error."""

    state = RadioField("What is decided?", validators=[InputRequired("Choose what is decided")])
    decision = LongTextField("Why?", validators=[InputRequired("Say why"), Length(max=5000)])
    save = SubmitField("Save")


class RhythmForm(Form):
    """How often a place has an area report."""

    rhythm = RadioField(
        lazy_gettext("How often should its area report be published?"),
        description=lazy_gettext("None is published where nothing has changed since the last."),
        choices=[SelectChoice(value=value, label=label) for value, label in rhythms.WORDS.items()],
        validators=[InputRequired(lazy_gettext("Choose how often"))],
    )
    save = SubmitField(lazy_gettext("Save"))


class PlaceRhythmForm(RhythmForm):
    """The same of a place that is typed."""

    places = TextField(
        lazy_gettext("Place"),
        description=lazy_gettext("Its name, code or postcode; separate several areas that make one place with commas."),
        validators=[InputRequired(lazy_gettext("Enter the name, code or postcode of a place")), Length(max=300)],
    )

    def validate_places(self, field: TextField) -> None:
        """The place is known today, and is one."""
        try:
            codes_of(field.data, today())
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused
