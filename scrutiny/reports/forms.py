"""What is typed in about signing, dissent, releasing and correcting."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from scrutiny.pages import today
from scrutiny.place_lookup.place_input import codes_of
from scrutiny.reports import rhythms
from scrutiny.widgets import (
    CheckboxesField,
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

COUNT = [Optional(), NumberRange(min=0, message=lazy_gettext("Enter 0 or more"))]


class SignForm(Form):
    """Signing for a body; the votes are asked for only where a committee votes."""

    office = TextField(
        lazy_gettext("Your office, as it should appear in the report"),
        description=lazy_gettext("For example, Chair of the Overview and Scrutiny Committee"),
        validators=[InputRequired(lazy_gettext("Enter your office")), Length(max=200)],
    )
    meeting_on = DateField(lazy_gettext("The day of the meeting"), validators=[Optional()])
    votes_for = IntegerField(lazy_gettext("Voted for"), validators=COUNT)
    votes_against = IntegerField(lazy_gettext("Voted against"), validators=COUNT)
    abstained = IntegerField(lazy_gettext("Abstained"), validators=COUNT)
    save = SubmitField(lazy_gettext("Sign the report"))


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
        lazy_gettext("What was wrong?"),
        description=lazy_gettext("It is printed in the report beside both entries."),
        validators=[InputRequired(lazy_gettext("Say what was wrong")), Length(max=1000)],
    )
    save = SubmitField(lazy_gettext("Correct the signature"))


class UndoForm(Form):
    """Why a finding is reopened or withdrawn."""

    why = LongTextField(
        lazy_gettext("Why?"),
        description=lazy_gettext("Those concerned are sent this."),
        validators=[Optional(), Length(max=2000)],
    )
    save = SubmitField(lazy_gettext("Go on"))


class PaperForm(Form):
    """A signature on paper, entered by the lead body for a partner without people here."""

    name = TextField(
        lazy_gettext("Who signed?"),
        validators=[InputRequired(lazy_gettext("Enter the name of the person who signed")), Length(max=200)],
    )
    office = TextField(
        lazy_gettext("Their office"), validators=[InputRequired(lazy_gettext("Enter their office")), Length(max=200)]
    )
    paper = FileField(
        lazy_gettext("The signed paper, as a PDF or a picture"),
        validators=[InputRequired(lazy_gettext("Choose the signed paper"))],
    )
    save = SubmitField(lazy_gettext("Enter the signature"))


class DissentForm(Form):
    """Disagreement, in one's own words."""

    finding = SelectField(
        lazy_gettext("What do you disagree with?"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Choose what you disagree with"))],
    )
    text = LongTextField(
        lazy_gettext("Your words"),
        description=lazy_gettext("They are printed in the report as you write them."),
        validators=[InputRequired(lazy_gettext("Write what you disagree with, and why")), Length(max=5000)],
    )
    save = SubmitField(lazy_gettext("Record my dissent"))


class ReportForm(Form):
    """The summary at the head of the report, and the day and time of its release: one form, so that neither is lost."""

    summary = LongTextField(
        lazy_gettext("Summary"),
        description=lazy_gettext(
            "What the review looked at, what it found and what should happen, for somebody with two minutes. "
            "For a list, begin each line with a hyphen and a space; for a heading, with ## and a space."
        ),
        validators=[InputRequired(lazy_gettext("Write the summary")), Length(max=5000)],
    )
    save = SubmitField(lazy_gettext("Save the summary"))
    seen = CheckboxesField(
        lazy_gettext("Before it is published, confirm that you have seen each of these"), validators=[Optional()]
    )
    on = DateField(lazy_gettext("Day of release"), description=lazy_gettext("For example, 27 11 2027"))
    hour = SelectField(lazy_gettext("Time"), validators=[Optional()])
    release = SubmitField(lazy_gettext("Schedule the release"))

    def validate_on(self, field: DateField) -> None:
        """A day is needed only to schedule."""
        if self.release.data and not field.data and not field.errors:
            raise ValidationError(gettext("Enter the day of release"))


class CorrectionForm(Form):
    """Beginning a corrected edition."""

    why = LongTextField(
        lazy_gettext("What was wrong?"),
        description=lazy_gettext("It is published with the corrected edition."),
        validators=[InputRequired(lazy_gettext("Say what was wrong")), Length(max=2000)],
    )
    save = SubmitField(lazy_gettext("Begin a corrected edition"))


class ErrorForm(Form):
    """Anybody's report of an error."""

    where = TextField(
        lazy_gettext("Where is it?"),
        description=lazy_gettext("For example, finding 2"),
        validators=[InputRequired(lazy_gettext("Say where it is")), Length(max=300)],
    )
    text = LongTextField(
        lazy_gettext("What is wrong?"), validators=[InputRequired(lazy_gettext("Say what is wrong")), Length(max=5000)]
    )
    address = EmailField(lazy_gettext("Your email address, if you want an answer"), validators=[Optional(), Length(max=254)])
    save = SubmitField(lazy_gettext("Send"))


class DecisionForm(Form):
    """What is done about a reported error."""

    state = RadioField(lazy_gettext("What is decided?"), validators=[InputRequired(lazy_gettext("Choose what is decided"))])
    decision = LongTextField(lazy_gettext("Why?"), validators=[InputRequired(lazy_gettext("Say why")), Length(max=5000)])
    save = SubmitField(lazy_gettext("Save"))


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
