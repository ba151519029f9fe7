"""Forms of the agency's side: an answer, and each thing that may be said in place of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from scrutiny.answering.hours_field import HOURS_HINT, HoursField
from scrutiny.answering.reusing import Reuse
from scrutiny.answering.sending import Decision, has_changed
from scrutiny.answering.service import Typed
from scrutiny.evidence.markings import NAMED_ONLY, WORDS, offered, readers_words
from scrutiny.evidence.models import EvidenceFile
from scrutiny.formats import listed
from scrutiny.requests.models import Item
from scrutiny.reviews.models import Question
from scrutiny.whole_numbers import whole_or_none
from scrutiny.widgets import (
    CheckboxesField,
    CheckboxField,
    DateField,
    Form,
    HiddenField,
    KeptFilesField,
    LongTextField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
)
from workflows.labels import Labels

#: What each kind of question asks for, said over the boxes.
ANY = lazy_gettext("Answer in words, in figures or with files, whichever you have.")
WANTED = Labels(
    {
        "text": lazy_gettext("This item asks for a written answer."),
        "figures": lazy_gettext("This item asks for figures."),
        "file": lazy_gettext("This item asks for a document: add the file."),
        "attendance": lazy_gettext("This item asks somebody to attend a meeting."),
        "any": ANY,
    },
    lambda key: ANY,
)
#: Boxes that each kind of question seldom needs: folded away until somebody opens them, or something stands in them.
FOLDED = {"text": ("figures", "files", "period"), "figures": ("text", "files"), "file": ("text", "figures", "period")}
LONGEST = 50_000
EVERYTHING = "all"


class AnswerForm(Form):
    """One item's answer; saving sends nothing."""

    version = HiddenField()
    text = LongTextField(lazy_gettext("Your answer"), validators=[Length(max=LONGEST)])
    figures = LongTextField(
        lazy_gettext("Figures"),
        description=(
            lazy_gettext(
                "One a line: what is counted, a colon, the number, its unit. Like “Referrals in the year: 1,204 children” or "
                "“Spend: £1.2m in 2025-26”. "
                "Write a ratio as one number, like “Children for each adult: 4”. "
                "If a number is too small to give, write “<5” or “c”."
            )
        ),
        validators=[Length(max=LONGEST)],
    )
    files = KeptFilesField(
        lazy_gettext("Add files"), description=lazy_gettext("PDF, Word, Excel, PowerPoint, OpenDocument, CSV, text or pictures.")
    )
    period = TextField(lazy_gettext("Period this covers"), validators=[Length(max=200)])
    as_at = DateField(
        lazy_gettext("As at which day?"),
        description=lazy_gettext("If it counts things on one day, like 31 3 2026. Otherwise leave it empty."),
    )
    marking = RadioField(lazy_gettext("Who may see this?"), validators=[Optional()])
    exempt_ground = LongTextField(
        lazy_gettext("If the public may not see it: which paragraph of Schedule 12A, and why secrecy serves the public better"),
        validators=[Length(max=2000)],
    )

    def __init__(self, *args: Any, readers: Sequence[str] | None, limit_mb: int, **kwargs: Any) -> None:
        """`readers` are the people named to open what is personal, None where the review may hold nothing personal.

        `limit_mb` is the largest file, in megabytes.
        """
        super().__init__(*args, **kwargs)
        hints = {NAMED_ONLY: f"{readers_words(readers or ())} {WORDS[NAMED_ONLY][1]}"}
        self.marking.choices = [
            SelectChoice(key, WORDS[key][0], render_kw={"hint": hints.get(key, WORDS[key][1])})
            for key in offered(personal=readers is not None)
        ]
        self.files.description = gettext(
            "%(which)s Each smaller than %(limit_mb)sMB.", which=AnswerForm.files.kwargs["description"], limit_mb=limit_mb
        )

    @property
    def seen(self) -> int | None:
        """The version of the item this page was opened with."""
        return whole_or_none(self.version.data)

    @property
    def typed(self) -> Typed:
        """What was typed, as plain values."""
        return self.typed_over(Typed(marking=""))

    @property
    def unreadable(self) -> bool:
        """Whether something was typed that no draft can hold, such as a day that does not exist; asked after `validate`."""
        return bool(self.as_at.errors or self.period.errors or self.marking.errors)

    def typed_over(self, saved: Typed) -> Typed:
        """What was typed, over what is saved: where a day or a choice cannot be read, what was saved stays."""
        known = {str(choice.value) for choice in self.marking.choices or ()}
        return Typed(
            text=self.text.data or "",
            figures=self.figures.data or "",
            as_at=saved.as_at if self.as_at.process_errors else self.as_at.data,
            period=self.period.data or "",
            marking=self.marking.data if self.marking.data in known else saved.marking,
            exempt_ground=self.exempt_ground.data or "",
        )

    def folds(self, question: Question, *, has_files: bool) -> dict[str, bool]:
        """The boxes to fold away, each with whether it begins open because something stands in it or is wrong with it."""
        days = (self.period.data or "") != question.period or bool(self.as_at.data)
        filled = {
            "text": bool(self.text.data or self.text.errors),
            "figures": bool(self.figures.data or self.figures.errors),
            "files": has_files or bool(self.files.errors),
            "period": days or bool(self.period.errors or self.as_at.errors),
        }
        return {name: filled[name] for name in FOLDED.get(question.kind, ("figures", "period"))}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: files are counted elsewhere."""
        return not ((self.text.data or "").strip() or (self.figures.data or "").strip())


class ReuseForm(Form):
    """Use an earlier answer again: what differs is ticked, and what becomes of a draft is chosen; nothing else is asked."""

    answer = HiddenField()
    looked = CheckboxField(lazy_gettext("I have checked that this answer is right for the place and period asked about"))
    how = RadioField(
        lazy_gettext("What should happen to what is saved here?"),
        choices=[
            SelectChoice("below", lazy_gettext("Keep it, and add the earlier answer below it")),
            SelectChoice("replace", lazy_gettext("Replace it with the earlier answer")),
        ],
    )
    save = SubmitField(lazy_gettext("Use this answer"))

    def __init__(self, compared: Reuse, *args: Any, **kwargs: Any) -> None:
        """`compared` says what differs and whether there is a draft."""
        super().__init__(*args, **kwargs)
        if not compared.differs:
            del self.looked
        if not compared.has_draft:
            del self.how
        elif self.how.validators is not None:
            self.how.validators = [InputRequired(gettext("Say whether to keep what is saved here"))]

    def validate_looked(self, field: Field) -> None:
        """Another place's figures are never brought in silence."""
        if not field.data:
            raise ValidationError(gettext("Tick that this answer is right for the place and period asked about"))


class AttendanceForm(Form):
    """Who attends a meeting, or why nobody does."""

    comes = RadioField(
        lazy_gettext("Will you attend?"),
        choices=[
            SelectChoice("asked", lazy_gettext("Yes, the person asked for or whoever answers for it")),
            SelectChoice("another", lazy_gettext("Yes, and we send another person")),
            SelectChoice(
                "declines",
                lazy_gettext("No, nobody can attend"),
                render_kw={"hint": lazy_gettext("You can check this before you send it.")},
            ),
        ],
        validators=[InputRequired(lazy_gettext("Choose whether somebody attends"))],
    )
    who = TextField(lazy_gettext("Who will attend?"), description=lazy_gettext("Name and post."), validators=[Length(max=300)])
    why = LongTextField(
        lazy_gettext("Anything the requester should know"),
        description=lazy_gettext("If nobody can attend, say why."),
        validators=[Length(max=4000)],
    )
    save = SubmitField(lazy_gettext("Save"))

    def validate_who(self, field: Field) -> None:
        """Whoever comes is named."""
        if self.comes.data in ("asked", "another") and not (field.data or "").strip():
            raise ValidationError(gettext("Say who will attend: name and post"))

    def validate_why(self, field: Field) -> None:
        """Declining needs its reason."""
        if self.comes.data == "declines" and not (field.data or "").strip():
            raise ValidationError(gettext("Say why nobody can attend: the requester reads your words"))


class NotHeldForm(Form):
    """Say that there is nothing to give."""

    why = LongTextField(
        lazy_gettext("Why do you not hold this?"),
        description=lazy_gettext("Say what you have that comes nearest, or who once held it. The requester reads this."),
        validators=[InputRequired(lazy_gettext("Say why you do not hold this, or what you have instead")), Length(max=4000)],
    )
    save = SubmitField(lazy_gettext("Save and check"))


class RefuseForm(Form):
    """Refuse an item."""

    ground = LongTextField(
        lazy_gettext("On what ground do you refuse?"),
        description=lazy_gettext(
            "Name the law that lets you refuse and say why it applies here. The requester may still return the item."
        ),
        validators=[
            InputRequired(lazy_gettext("Give the ground: the law that lets you refuse, and why it applies here")),
            Length(max=4000),
        ],
    )
    save = SubmitField(lazy_gettext("Save and check"))


class RedirectForm(Form):
    """Not us, it is X."""

    to = TextField(
        lazy_gettext("Who holds this?"),
        description=lazy_gettext("The name of the agency, and a person there if you know one."),
        validators=[InputRequired(lazy_gettext("Say who holds this")), Length(max=300)],
    )
    why = LongTextField(lazy_gettext("Anything that helps the requester find it"), validators=[Length(max=2000)])
    save = SubmitField(lazy_gettext("Save and check"))


class WrongForm(Form):
    """Say that something wrong was sent."""

    why = LongTextField(
        lazy_gettext("What is wrong?"),
        description=lazy_gettext("The requester and your colleagues read this. Do not repeat what should not have been sent."),
        validators=[InputRequired(lazy_gettext("Say what is wrong")), Length(max=2000)],
    )
    save = SubmitField(lazy_gettext("Close it now and tell them"))


class TakeBackForm(Form):
    """Take back what was sent to the approver, or said in place of an answer."""

    save = SubmitField(lazy_gettext("Withdraw it"))


class DiscardForm(Form):
    """Discard what is saved and not sent."""

    version = HiddenField()
    save = SubmitField(lazy_gettext("Discard it"))


class QuestionForm(Form):
    """Ask the asker what is meant."""

    text = LongTextField(
        lazy_gettext("Your question"), validators=[InputRequired(lazy_gettext("Write your question")), Length(max=4000)]
    )
    save = SubmitField(lazy_gettext("Send the question"))


class ExtensionForm(Form):
    """Ask for more time."""

    what = SelectField(lazy_gettext("For what?"))
    until_on = DateField(
        lazy_gettext("Until which day?"),
        validators=[InputRequired(lazy_gettext("Give the day you can answer by, like 27 11 2026"))],
    )
    reason = LongTextField(
        lazy_gettext("Why do you need it?"),
        description=lazy_gettext("Whoever decides reads this."),
        validators=[InputRequired(lazy_gettext("Say why you need more time")), Length(max=4000)],
    )
    save = SubmitField(lazy_gettext("Ask for more time"))

    def __init__(self, items: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        """`items` are (id, words) of the items still open."""
        super().__init__(*args, **kwargs)
        every = SelectChoice(EVERYTHING, gettext("Everything that is still open"))
        self.what.choices = [every, *(SelectChoice(str(key), words) for key, words in items)]


class SendForm(Form):
    """Send what is ready: to the approver, or to the requester."""

    items = CheckboxesField(
        lazy_gettext("Which answers do you send?"), validators=[InputRequired(lazy_gettext("Choose at least one answer to send"))]
    )
    looked = CheckboxesField(lazy_gettext("Is something hidden in these files?"))
    hours = HoursField(lazy_gettext("About how many hours has your agency spent on this request so far?"), description=HOURS_HINT)
    save = SubmitField(lazy_gettext("Send"))

    def __init__(
        self, items: list[tuple[int, str]], label: str, hiding: dict[int, list[EvidenceFile]], *args: Any, **kwargs: Any
    ) -> None:
        """`items` are (id, words) of the answers that are ready, `hiding` their files to look at; `label` is the button's."""
        super().__init__(*args, **kwargs)
        self.hiding = hiding
        self.looked.description = lazy_gettext("Open each file and look. Remove it or replace it on its page, or tick it here.")
        self.looked.choices = [_hiding(file) for files in hiding.values() for file in files]
        self.items.choices = [SelectChoice(str(key), words) for key, words in items]
        self.save.label.text = label

    def validate_looked(self, field: Field) -> None:
        """Every file of the answers chosen is looked at."""
        chosen = [file for key, files in self.hiding.items() if str(key) in (self.items.data or []) for file in files]
        left = [file.name for file in chosen if str(file.id) not in (field.data or [])]
        if left:
            names = listed([f"“{name}”" for name in left])
            raise ValidationError(gettext("Look at %(names)s first: remove it, replace it or tick it", names=names))


def _hiding(file: EvidenceFile) -> SelectChoice:
    """A file in which something is hidden, to be ticked when it was looked at."""
    label = gettext("I have looked at “%(name)s”, and it can go as it is", name=file.name)
    return SelectChoice(str(file.id), label, render_kw={"hint": " ".join(file.hidden)})


class CertifyForm(Form):
    """The approver approves an answer, or sends it back with a reason."""

    decision = RadioField(
        lazy_gettext("What do you decide?"),
        choices=[
            SelectChoice(
                "approve", lazy_gettext("Approve it"), render_kw={"hint": lazy_gettext("It is sent to the requester at once.")}
            ),
            SelectChoice(
                "send_back",
                lazy_gettext("Send it back"),
                render_kw={"hint": lazy_gettext("The responder changes it and sends it again.")},
            ),
        ],
        validators=[InputRequired(lazy_gettext("Choose whether to approve it or send it back"))],
    )
    why = LongTextField(lazy_gettext("If you send it back: what must change?"), validators=[Length(max=4000)])
    version = HiddenField()
    save = SubmitField(lazy_gettext("Save the decision"))

    def decision_on(self, item: Item) -> Decision:
        """What is decided, on the version that was read."""
        why = self.why.data if self.decision.data == "send_back" else ""
        return Decision(item, why or "", whole_or_none(self.version.data))

    def ask_again(self, item: Item) -> None:
        """Draw the form for what stands now: what was approved was something else, and the words stay."""
        self.decision.data, self.version.data = None, str(item.version)

    def validate_why(self, field: Field) -> None:
        """Sending back needs a reason."""
        if self.decision.data == "send_back" and not (field.data or "").strip():
            raise ValidationError(gettext("Say what must change: the responder sees your words"))


class ApproveForm(Form):
    """Approve many at one press: for each item a box to tick when it is read, and words where something must change."""

    hold = CheckboxField(
        lazy_gettext("Hold what I approve until everything in this request is approved"),
        description=lazy_gettext("What you approve is sent now, unless you hold it to send everything at once."),
    )
    save = SubmitField(lazy_gettext("Save my decisions"))

    @classmethod
    def for_items(cls, items: Sequence[Item]) -> ApproveForm:
        """The form for these items: `read_7`, `why_7` and `version_7` are of item 7."""
        fields: dict[str, Any] = {}
        for item in items:
            approve = lazy_gettext("I have read item %(number)s and approve it", number=item.number)
            change = lazy_gettext("Or say what must change in item %(number)s", number=item.number)
            fields[f"read_{item.id}"] = CheckboxField(approve, default=item.approved_at is not None)
            fields[f"why_{item.id}"] = LongTextField(change, validators=[Length(max=4000)])
            fields[f"version_{item.id}"] = HiddenField(default=str(item.version))
        form: ApproveForm = type("ApproveFormOfItems", (cls,), fields)()
        form.items = items
        return form

    items: Sequence[Item] = ()

    @classmethod
    def label_of(cls, name: str) -> str | None:
        """Boxes are made for each item, and an item that waits no longer has none."""
        labels = {"read": gettext("Read and approved"), "why": gettext("What must change"), "version": ""}
        part, _, number = name.partition("_")
        return labels.get(part) if number.isdecimal() else super().label_of(name)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """An item is approved or sent back, not both, and as it was read; and something is decided."""
        valid = bool(super().validate(*args, **kwargs))
        for item in self.items:
            why = self[f"why_{item.id}"]
            if self._drew_another(item) and self._decides_on(item):
                # Drawn again it speaks of what stands now, and nothing that was not read is ticked; the words stay.
                self[f"version_{item.id}"].data, self[f"read_{item.id}"].data = str(item.version), False
                changed = gettext("Item %(number)s has changed since you opened this page. Read it again", number=item.number)
                self[f"read_{item.id}"].errors = [changed]
                valid = False
            if self[f"read_{item.id}"].data and (why.data or "").strip():
                why.errors = [gettext("Approve item %(number)s, or say what must change: not both", number=item.number)]
                valid = False
        if valid and not self.decisions:
            self.form_errors.append(gettext("Tick what you have read and approve, or say what must change"))
            return False
        return valid

    @property
    def decisions(self) -> list[Decision]:
        """What is decided, for each item on which something is."""
        found = []
        for item in self.items:
            if self._decides_on(item):
                why = (self[f"why_{item.id}"].data or "").strip()
                found.append(Decision(item, why, whole_or_none(self[f"version_{item.id}"].data)))
        return found

    def _decides_on(self, item: Item) -> bool:
        """Whether anything is decided on an item."""
        return bool(self[f"read_{item.id}"].data or (self[f"why_{item.id}"].data or "").strip())

    def _drew_another(self, item: Item) -> bool:
        """Whether the page showed another version of an item."""
        return has_changed(item, whole_or_none(self[f"version_{item.id}"].data))
