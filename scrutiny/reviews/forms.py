"""What is typed in about reviews; choices are handed in."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length, Optional

from scrutiny.widgets import (
    CheckboxesField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    LongTextField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
)
from workflows.power_words import SUBJECTS

CONTACT_PARTS = ("name", "office", "phone", "email")
LONG = Length(max=4000, message="Keep it to 4,000 characters")

#: What a review may be said to be about; joint inspections are so by their method.
OFFERED = {key: label for key, label in SUBJECTS.items() if key != "joint-area"}


class ContactForm(Form):
    """Whom the letters of a review say to ask."""

    name = TextField(lazy_gettext("Name"), validators=[Length(max=200)])
    office = TextField(lazy_gettext("Job title"), validators=[Length(max=200)])
    phone = TextField(lazy_gettext("Telephone"), description=lazy_gettext("Like 01632 960 001"), validators=[Length(max=40)])
    email = EmailField(
        lazy_gettext("Email address"),
        description=lazy_gettext("Replies to letters of this review go here"),
        validators=[Length(max=254)],
    )
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save"))


class PlaceForm(Form):
    """Step 1: where, and when."""

    places = TextField(
        "Which place?",
        description="A name or a code. Several areas that make one place: part them with commas.",
        validators=[InputRequired("Enter the name or code of a place"), Length(max=1000)],
    )
    place_on = DateField(
        "With the boundaries of which day?", description="For example, 2 3 2026", validators=[InputRequired("Enter the day")]
    )
    starts_on = DateField("When does the review start?", validators=[InputRequired("Enter the day the review starts")])
    announced_on = DateField(
        "When may the public know of it?",
        description="From this day its title, place, bodies and dates are public. Leave it empty to decide later.",
        validators=[Optional()],
    )
    version = HiddenField()
    save = SubmitField("Save and continue")


class BodiesForm(Form):
    """Step 2: who asks."""

    partners = CheckboxesField("Partners to invite", coerce=int, validators=[Optional()])
    observers = CheckboxesField(
        "Observers", description="They read the review, and nothing marked more than open.", coerce=int, validators=[Optional()]
    )
    version = HiddenField()
    save = SubmitField("Save and continue")


class AnswerInvitationForm(Form):
    """Accept or decline an invitation."""

    answer = RadioField(
        "Will your body take part?",
        choices=[SelectChoice("accept", "Yes, accept"), SelectChoice("decline", "No, decline")],
        validators=[InputRequired("Choose whether your body will take part")],
    )
    why = LongTextField("If not, why?", description="The body in the lead reads this.", validators=[Optional(), Length(max=4000)])
    save = SubmitField("Send the answer")


class MethodForm(Form):
    """Step 3: by which method."""

    method = RadioField("By which method?", validators=[InputRequired("Choose a method")])
    version = HiddenField()
    save = SubmitField("Save and continue")


class ScopeForm(Form):
    """Step 4: what it is about."""

    title = TextField(
        "Title",
        description="As it will stand on letters and on the report.",
        validators=[InputRequired("Give the review a title"), Length(max=200, message="Keep it to 200 characters")],
    )
    reason = LongTextField("Why now?", description="Agencies read this in their letter.", validators=[LONG])
    in_scope = LongTextField("What is in scope?", validators=[LONG])
    out_of_scope = LongTextField("What is out of scope?", validators=[LONG])
    subject = SelectField(
        lazy_gettext("What is it about, in law?"),
        description=lazy_gettext("Some duties to answer hold only for one subject. Choose none if several or no other fits."),
        choices=[
            SelectChoice(value="", label=lazy_gettext("None of these")),
            *(SelectChoice(value=key, label=label.capitalize()) for key, label in OFFERED.items()),
        ],
        default="",
        validators=[Optional()],
    )
    lines = CheckboxesField(
        "Lines of enquiry of the method", description="Untick what you will not look into.", validators=[Optional()]
    )
    own_lines = LongTextField("Lines of enquiry of your own", description="One on each line.", validators=[LONG])
    version = HiddenField()
    save = SubmitField("Save and continue")


class ReviewForm(Form):
    """Title, reason and scope of a review that is under way."""

    title = TextField("Title", validators=[InputRequired("Give the review a title"), Length(max=200)])
    reason = LongTextField("Why now?", validators=[LONG])
    in_scope = LongTextField("What is in scope?", validators=[LONG])
    out_of_scope = LongTextField("What is out of scope?", validators=[LONG])
    version = HiddenField()
    save = SubmitField("Save")


class AnnounceForm(Form):
    """When the public may know."""

    announced_on = DateField("When may the public know of the review?", validators=[Optional()])
    save = SubmitField("Save")


class LineForm(Form):
    """A line of enquiry."""

    title = TextField(
        "In a few words",
        description="For tables. Leave it empty to take the beginning of the question.",
        validators=[Length(max=200)],
    )
    text = LongTextField(
        "The question it tests", validators=[InputRequired("Write the question this line of enquiry tests"), LONG]
    )
    save = SubmitField("Save")


class WhyForm(Form):
    """A reason, for whatever needs one."""

    why = LongTextField("Why?", validators=[InputRequired("Give the reason"), LONG])
    save = SubmitField("Save")


class JoinForm(Form):
    """A body that joins."""

    body = SelectField("Which body?", coerce=int, validators=[InputRequired("Choose a body")])
    part = RadioField("As what?", validators=[InputRequired("Choose partner or observer")])
    save = SubmitField("Let it join")


class ProposalForm(Form):
    """A question somebody proposes."""

    line = SelectField("Under which line of enquiry?", coerce=int, validators=[InputRequired("Choose a line of enquiry")])
    text = LongTextField("Your question", validators=[InputRequired("Write the question"), LONG])
    why = LongTextField("Why should it be asked?", validators=[LONG])
    save = SubmitField("Propose this question")


class SettleForm(Form):
    """What becomes of a proposed question."""

    take = RadioField("Will it be asked?", validators=[InputRequired("Choose whether it will be asked")])
    why = LongTextField("If not, why?", description="Whoever proposed it sees this.", validators=[LONG])
    save = SubmitField("Save")
