"""What the asker types in about requests; choices are handed in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length, Optional

from scrutiny.requests.forms import LONG
from scrutiny.widgets import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    LongTextField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
)


class MessageForm(Form):
    """The officer's own words at the head of a letter."""

    message = LongTextField(lazy_gettext("Your own words at the head of the letter"), validators=[LONG])
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save"))


class ItemForm(Form):
    """An item of a draft: its words, for every agency asked, and its day, for this one."""

    title = TextField(
        lazy_gettext("What is it called, in a few words?"),
        description=lazy_gettext("It heads the question in letters and tables. If you leave it empty, we use its first words."),
        validators=[Length(max=100, message=lazy_gettext("Keep it to 100 characters"))],
    )
    text = LongTextField(lazy_gettext("What is asked?"), validators=[InputRequired(lazy_gettext("Write the question")), LONG])
    why = LongTextField(lazy_gettext("Why is it asked?"), description=lazy_gettext("The agency reads this."), validators=[LONG])
    period = TextField(
        lazy_gettext("For which period?"),
        description=lazy_gettext("For example, April 2024 to March 2026"),
        validators=[Length(max=200)],
    )
    wanted_on = DateField(
        lazy_gettext("A day of your own"),
        description=lazy_gettext("Leave it empty to keep the day of the method or of the law."),
        validators=[Optional()],
    )
    version = HiddenField()
    question_version = HiddenField()
    save = SubmitField(lazy_gettext("Save"))


class AskForm(Form):
    """A question of the review's own, to one agency or more."""

    line = SelectField(
        lazy_gettext("Under which line of enquiry?"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Choose a line of enquiry"))],
    )
    title = TextField(
        lazy_gettext("What is it called, in a few words?"),
        description=lazy_gettext("It heads the question in letters and tables. If you leave it empty, we use its first words."),
        validators=[Length(max=100, message=lazy_gettext("Keep it to 100 characters"))],
    )
    text = LongTextField(lazy_gettext("What is asked?"), validators=[InputRequired(lazy_gettext("Write the question")), LONG])
    why = LongTextField(lazy_gettext("Why is it asked?"), description=lazy_gettext("The agency reads this."), validators=[LONG])
    period = TextField(lazy_gettext("For which period?"), validators=[Length(max=200)])
    kind = RadioField(
        lazy_gettext("What kind of answer?"), default="any", validators=[InputRequired(lazy_gettext("Choose a kind of answer"))]
    )
    wanted_on = DateField(
        lazy_gettext("By which day?"),
        description=lazy_gettext("Leave it empty to have the answer with the others, as the method’s timetable says."),
        validators=[Optional()],
    )
    agencies = CheckboxesField(
        lazy_gettext("Who is asked?"), coerce=int, validators=[InputRequired(lazy_gettext("Choose at least one agency"))]
    )
    save = SubmitField(lazy_gettext("Add to the drafts"))


class AttendForm(Form):
    """A meeting that agencies are asked to attend."""

    line = SelectField(
        lazy_gettext("Under which line of enquiry?"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Choose a line of enquiry"))],
    )
    about = LongTextField(
        lazy_gettext("What is it about?"),
        description=lazy_gettext("Whoever comes prepares for this."),
        validators=[InputRequired(lazy_gettext("Say what the meeting is about")), LONG],
    )
    held_on = DateField(lazy_gettext("On which day?"), validators=[InputRequired(lazy_gettext("Enter the day of the meeting"))])
    begins = TextField(
        lazy_gettext("At what time?"), description=lazy_gettext("For example, 10:30am"), validators=[Length(max=20)]
    )
    place = TextField(
        lazy_gettext("Where?"),
        description=lazy_gettext("The address, or “online”."),
        validators=[InputRequired(lazy_gettext("Say where the meeting is held")), Length(max=500)],
    )
    whom = TextField(
        lazy_gettext("Whom do you ask for?"),
        description=lazy_gettext("A person or a post. Leave it empty to let the agency choose."),
        validators=[Length(max=300)],
    )
    why = LongTextField(lazy_gettext("Why do you ask?"), description=lazy_gettext("The agency reads this."), validators=[LONG])
    wanted_on = DateField(
        lazy_gettext("By which day must they say whether they come?"),
        description=lazy_gettext(
            "Leave it empty for the day before the agenda is published, five clear working days before the meeting."
        ),
        validators=[Optional()],
    )
    agencies = CheckboxesField(
        lazy_gettext("Who is asked to attend?"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Choose at least one agency"))],
    )
    save = SubmitField(lazy_gettext("Add to the drafts"))


class AgencyForm(Form):
    """An agency to ask besides those that were drafted."""

    agency = SelectField(lazy_gettext("Which agency?"), coerce=int, validators=[InputRequired(lazy_gettext("Choose an agency"))])
    save = SubmitField(lazy_gettext("Draft a request to it"))


class LeaveOutForm(Form):
    """Agencies that are not asked, all for one reason."""

    requests = CheckboxesField(
        lazy_gettext("Which agencies do you leave out?"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Choose at least one agency"))],
    )
    why = LongTextField(
        lazy_gettext("Why?"),
        description=lazy_gettext("The reason stays with the review. These agencies are not told."),
        validators=[InputRequired(lazy_gettext("Say why these agencies are left out")), LONG],
    )
    save = SubmitField(lazy_gettext("Leave them out"))


class IssueForm(Form):
    """Which drafts go."""

    requests = CheckboxesField(
        lazy_gettext("Which requests go now?"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Choose at least one request"))],
    )


class ReturnForm(Form):
    """What is missing in an answer."""

    why = LongTextField(
        lazy_gettext("What is missing?"),
        description=lazy_gettext("The agency reads your words."),
        validators=[InputRequired(lazy_gettext("Say what is missing")), LONG],
    )
    until_on = DateField(
        lazy_gettext("New due date (optional)"),
        description=lazy_gettext(
            "If you leave this empty, the due date stays the same, but is never less than five working days from today."
        ),
        validators=[Optional()],
    )
    save = SubmitField(lazy_gettext("Return it"))


class EnterForm(Form):
    """An answer that came another way than through its agency's page."""

    came_by = RadioField(lazy_gettext("How did it come?"), validators=[InputRequired(lazy_gettext("Say how the answer came"))])
    received_by = TextField(
        lazy_gettext("Who received it?"), validators=[InputRequired(lazy_gettext("Say who received it")), Length(max=200)]
    )
    received_on = DateField(
        lazy_gettext("On which day?"), validators=[InputRequired(lazy_gettext("Enter the day it was received"))]
    )
    others = CheckboxesField(
        lazy_gettext("Which other items does it answer too?"),
        description=lazy_gettext("What you enter below becomes the answer to each. Its files are stored once."),
        coerce=int,
        validators=[Optional()],
    )
    text = LongTextField(lazy_gettext("What was answered, in words"), validators=[Length(max=50000)])
    figures = LongTextField(
        lazy_gettext("Figures"),
        description=lazy_gettext(
            "One on each line: what is counted, a colon, the number, its unit and its year. "
            "Like “Calls: 214 in 2025” or “Spend: £1.2m in 2025-26”."
        ),
        validators=[Length(max=20000)],
    )
    as_at = DateField(lazy_gettext("What date are the figures for?"), validators=[Optional()])
    period = TextField(lazy_gettext("For which period?"), validators=[Length(max=200)])
    marking = RadioField(lazy_gettext("Who may see it?"), validators=[InputRequired(lazy_gettext("Choose who may see it"))])
    exempt_ground = LongTextField(
        lazy_gettext("If the public may not see it, on what ground?"),
        description=lazy_gettext("The paragraph of Schedule 12A, and why secrecy serves the public better."),
        validators=[LONG],
    )
    files = MultipleFileField(lazy_gettext("Files"), validators=[Optional()])
    looked = CheckboxField(
        lazy_gettext("If something is hidden in a file: I have looked at it, and it can be kept as it is"),
        description=lazy_gettext("For example hidden sheets, rows or columns, tracked changes or comments."),
    )
    save = SubmitField(lazy_gettext("Enter this answer"))


class ExtensionForm(Form):
    """What is decided on more time."""

    grant = RadioField(
        lazy_gettext("Do you grant more time?"), validators=[InputRequired(lazy_gettext("Choose whether more time is granted"))]
    )
    until_on = DateField(
        lazy_gettext("Until when?"),
        description=lazy_gettext("Leave empty to give the day that was asked for."),
        validators=[Optional()],
    )
    decision = LongTextField(
        lazy_gettext("Your words to the agency"), description=lazy_gettext("Needed if you refuse."), validators=[LONG]
    )
    save = SubmitField(lazy_gettext("Decide"))


class ContactForm(Form):
    """Whom letters about one request go to."""

    name = TextField(
        lazy_gettext("Name of the person or office"), validators=[InputRequired(lazy_gettext("Enter a name")), Length(max=200)]
    )
    email = EmailField(
        lazy_gettext("Email address"), validators=[InputRequired(lazy_gettext("Enter an email address")), Length(max=254)]
    )
    report = CheckboxField(lazy_gettext("Tell the administrator that the address we hold for this agency is wrong or missing"))
    save = SubmitField(lazy_gettext("Save this contact"))


class StartForm(Form):
    """A day from which a clock is counted."""

    event = RadioField(lazy_gettext("What happened?"), validators=[InputRequired(lazy_gettext("Choose what happened"))])
    happened_on = DateField(lazy_gettext("On which day?"), validators=[InputRequired(lazy_gettext("Enter the day it happened"))])
    how = LongTextField(
        lazy_gettext("How do you know?"),
        description=lazy_gettext("For example: “Recorded delivery, signed for at the town hall”."),
        validators=[LONG],
    )
    save = SubmitField(lazy_gettext("Enter this day"))

    def __init__(self, events: dict[str, str], *args: Any, **kwargs: Any) -> None:
        """`events` are the events there are to enter, each in words."""
        super().__init__(*args, **kwargs)
        self.event.choices = [SelectChoice(key, f"{words[0].upper()}{words[1:]}") for key, words in events.items()]


class ReplyForm(Form):
    """A reply to a question back."""

    question = RadioField(
        lazy_gettext("Which question do you answer?"), validators=[InputRequired(lazy_gettext("Choose the question you answer"))]
    )
    text = LongTextField(lazy_gettext("Your reply"), validators=[InputRequired(lazy_gettext("Write your reply")), LONG])
    agreed_until = DateField(
        lazy_gettext("A later day, if you agree one"),
        validators=[Optional()],
        description=lazy_gettext(
            "Leave it empty as a rule: a paused clock restarts by itself. Where the law gives no pause, the day "
            "in law stays beside the one you agree."
        ),
    )
    save = SubmitField(lazy_gettext("Send the reply"))

    def __init__(self, questions: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        """`questions` are (id, words) of those that wait; where none does, there is nothing to choose."""
        super().__init__(*args, **kwargs)
        self.question.choices = [SelectChoice(str(key), words) for key, words in questions]
        if not questions:
            del self.question
            del self.agreed_until
        elif not self.is_submitted():
            self.question.data = str(questions[0][0])
