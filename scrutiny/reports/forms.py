"""What is typed in about signing, dissent, releasing and correcting."""

from __future__ import annotations

from wtforms.validators import InputRequired, Length, NumberRange, Optional

from scrutiny.widgets import (
    DateField,
    EmailField,
    FileField,
    Form,
    IntegerField,
    LongTextField,
    RadioField,
    SelectField,
    SubmitField,
    TextField,
)

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
    save = SubmitField("Sign")


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


class SummaryForm(Form):
    """The summary at the head of the report."""

    summary = LongTextField(
        "Summary",
        description="What the review looked at, what it found and what should happen, for somebody with two minutes.",
        validators=[InputRequired("Write the summary"), Length(max=5000)],
    )
    save = SubmitField("Save the summary")


class ReleaseForm(Form):
    """The day and time of release."""

    on = DateField("Day of release", description="For example, 27 11 2027", validators=[InputRequired("Enter the day")])
    hour = SelectField("Time", validators=[InputRequired("Choose the time")])
    save = SubmitField("Schedule the release")


class CorrectionForm(Form):
    """Beginning a corrected edition."""

    why = LongTextField(
        "What was wrong?",
        description="It is published with the corrected edition.",
        validators=[InputRequired("Say what was wrong"), Length(max=2000)],
    )
    save = SubmitField("Begin a corrected edition")


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
