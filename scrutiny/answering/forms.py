"""Forms of the agency's side: an answer, and each thing that may be said in place of one."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from scrutiny.answering.service import Typed
from scrutiny.evidence.figures import faults_in
from scrutiny.evidence.markings import WORDS, offered
from scrutiny.whole_numbers import whole_or_none
from scrutiny.widgets import (
    CheckboxesField,
    DateField,
    DecimalField,
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
from workflows.labels import Labels

#: What each kind of question asks for, said over the boxes.
ANY = "Answer in words, in figures or with files, whichever you have."
WANTED = Labels(
    {
        "text": "This item asks for a written answer.",
        "figures": "This item asks for figures.",
        "file": "This item asks for a document: add the file.",
        "attendance": "This item asks somebody to attend a meeting.",
        "any": ANY,
    },
    lambda key: ANY,
)
LONGEST = 50_000
EVERYTHING = "all"


class AnswerForm(Form):
    """One item's answer; saving sends nothing."""

    version = HiddenField()
    text = LongTextField("Your answer", validators=[Length(max=LONGEST)])
    figures = LongTextField(
        "Figures",
        description=(
            "One a line: what is counted, a colon, the number, its unit. Like “Referrals in the year: 1,204 children”. "
            "If a number is too small to give, write “<5” or “c”."
        ),
        validators=[Length(max=LONGEST)],
    )
    files = MultipleFileField("Add files", description="PDF, Word, Excel, PowerPoint, OpenDocument, CSV, text or pictures.")
    period = TextField("Period this covers", validators=[Length(max=200)])
    as_at = DateField("As at which day?", description="If it counts things on one day, like 31 3 2026. Otherwise leave it empty.")
    marking = RadioField("Who may see this?")
    exempt_ground = LongTextField(
        "If the public may not see it: which paragraph of Schedule 12A, and why secrecy serves the public better",
        validators=[Length(max=2000)],
    )

    def __init__(self, *args: Any, personal: bool, limit_mb: int, **kwargs: Any) -> None:
        """`personal` says whether the review may hold personal material; `limit_mb` is the largest file, in megabytes."""
        super().__init__(*args, **kwargs)
        self.marking.choices = [
            SelectChoice(key, WORDS[key][0], render_kw={"hint": WORDS[key][1]}) for key in offered(personal=personal)
        ]
        self.files.description = f"{AnswerForm.files.kwargs['description']} Each smaller than {limit_mb} MB."

    def validate_figures(self, field: Field) -> None:
        """Every line must be readable; each that is not is named."""
        faults = faults_in(field.data or "")
        if faults:
            raise ValidationError(". ".join(faults[:5]))

    def validate_exempt_ground(self, field: Field) -> None:
        """What is kept from the public needs its ground."""
        if self.marking.data == "exempt" and not (field.data or "").strip():
            raise ValidationError("Say which paragraph of Schedule 12A applies, and why secrecy serves the public better here")

    @property
    def seen(self) -> int | None:
        """The version of the item this page was opened with."""
        return whole_or_none(self.version.data)

    @property
    def typed(self) -> Typed:
        """What was typed, as plain values."""
        return Typed(
            text=self.text.data or "",
            figures=self.figures.data or "",
            as_at=self.as_at.data,
            period=self.period.data or "",
            marking=self.marking.data or "open",
            exempt_ground=self.exempt_ground.data or "",
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: files are counted elsewhere."""
        return not ((self.text.data or "").strip() or (self.figures.data or "").strip())


class HandForm(Form):
    """Hand an item to a colleague."""

    person = RadioField("Who should answer this?", validators=[InputRequired("Choose a colleague")])
    save = SubmitField("Hand it over")

    def __init__(self, people: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        """`people` are (id, name) of the agency's members."""
        super().__init__(*args, **kwargs)
        self.person.choices = [SelectChoice(str(key), name) for key, name in people]


class AttendanceForm(Form):
    """Who attends a meeting, or why nobody does."""

    comes = RadioField(
        "Will you attend?",
        choices=[
            SelectChoice("asked", "Yes, the person asked for or whoever answers for it"),
            SelectChoice("another", "Yes, and we send another person"),
            SelectChoice("declines", "No, nobody can attend", render_kw={"hint": "The asker is told at once, with your reason."}),
        ],
        validators=[InputRequired("Choose whether somebody attends")],
    )
    who = TextField("Who will attend?", description="Name and post.", validators=[Length(max=300)])
    why = LongTextField(
        "Anything the asker should know", description="If nobody can attend, say why.", validators=[Length(max=4000)]
    )
    save = SubmitField("Save")

    def validate_who(self, field: Field) -> None:
        """Whoever comes is named."""
        if self.comes.data in ("asked", "another") and not (field.data or "").strip():
            raise ValidationError("Say who will attend: name and post")

    def validate_why(self, field: Field) -> None:
        """Declining needs its reason."""
        if self.comes.data == "declines" and not (field.data or "").strip():
            raise ValidationError("Say why nobody can attend: the asker reads your words")


class NotHeldForm(Form):
    """Say that there is nothing to give."""

    why = LongTextField(
        "Why do you not hold this?",
        description="Say what you have that comes nearest, or who once held it. The asker reads this.",
        validators=[InputRequired("Say why you do not hold this, or what you have instead"), Length(max=4000)],
    )
    save = SubmitField("Send: we do not hold this")


class RefuseForm(Form):
    """Refuse an item."""

    ground = LongTextField(
        "On what ground do you refuse?",
        description="Name the law that lets you refuse and say why it applies here. The asker may still return the item.",
        validators=[InputRequired("Give the ground: the law that lets you refuse, and why it applies here"), Length(max=4000)],
    )
    save = SubmitField("Send: we refuse this item")


class RedirectForm(Form):
    """Not us, it is X."""

    to = TextField(
        "Who holds this?",
        description="The name of the agency, and a person there if you know one.",
        validators=[InputRequired("Say who holds this"), Length(max=300)],
    )
    why = LongTextField("Anything that helps the asker find it", validators=[Length(max=2000)])
    save = SubmitField("Send: it is not us")


class QuestionForm(Form):
    """Ask the asker what is meant."""

    text = LongTextField("Your question", validators=[InputRequired("Write your question"), Length(max=4000)])
    save = SubmitField("Send the question")


class ExtensionForm(Form):
    """Ask for more time."""

    what = SelectField("For what?")
    until_on = DateField("Until which day?", validators=[InputRequired("Give the day you can answer by, like 27 11 2026")])
    reason = LongTextField(
        "Why do you need it?",
        description="Whoever decides reads this.",
        validators=[InputRequired("Say why you need more time"), Length(max=4000)],
    )
    save = SubmitField("Ask for more time")

    def __init__(self, items: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        """`items` are (id, words) of the items still open."""
        super().__init__(*args, **kwargs)
        every = SelectChoice(EVERYTHING, "Everything that is still open")
        self.what.choices = [every, *(SelectChoice(str(key), words) for key, words in items)]


class SendForm(Form):
    """Send what is ready: to the certifier, or to the asker."""

    items = CheckboxesField("Which answers do you send?", validators=[InputRequired("Choose at least one answer to send")])
    hours = DecimalField(
        "About how many hours has your agency spent on this request so far?",
        description="Leave it empty if you do not know. It shows askers what their questions cost.",
        validators=[Optional(), NumberRange(min=0, max=100_000)],
    )
    save = SubmitField("Send")

    def __init__(self, items: list[tuple[int, str]], label: str, *args: Any, **kwargs: Any) -> None:
        """`items` are (id, words) of the answers that are ready; `label` is the button's."""
        super().__init__(*args, **kwargs)
        self.items.choices = [SelectChoice(str(key), words) for key, words in items]
        if not self.is_submitted():
            self.items.data = [str(key) for key, _ in items]
        self.save.label.text = label


class CertifyForm(Form):
    """The certifier approves an answer, or sends it back with a reason."""

    decision = RadioField(
        "What do you decide?",
        choices=[
            SelectChoice("approve", "Approve it", render_kw={"hint": "It is sent to the asker at once."}),
            SelectChoice("send_back", "Send it back", render_kw={"hint": "The responder changes it and sends it again."}),
        ],
        validators=[InputRequired("Choose whether to approve it or send it back")],
    )
    why = LongTextField("If you send it back: what must change?", validators=[Length(max=4000)])
    save = SubmitField("Save the decision")

    def validate_why(self, field: Field) -> None:
        """Sending back needs a reason."""
        if self.decision.data == "send_back" and not (field.data or "").strip():
            raise ValidationError("Say what must change: the responder sees your words")
