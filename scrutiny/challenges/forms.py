"""What is typed of challenges: by anyone, and by those who check, answer and consider them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext, lazy_gettext
from wtforms import Field
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from scrutiny.challenges.models import Challenge
from scrutiny.challenges.service import Said
from scrutiny.rules.queries import rules
from scrutiny.widgets import (
    CheckboxField,
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
from workflows.challenges import EXCLUSIONS, GROUNDS, OUTCOMES
from workflows.lifecycles.lifecycle import Move


def check_link(_form: Form, field: Field) -> None:
    """A web address that a reader can open, and nothing else: no script, no name and password before the host."""
    text = field.data or ""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        good = False
    if text and (not good or any(mark in text for mark in ' <>"')):
        raise ValidationError(gettext("Enter a web address, like https://www.example.org"))


class WordsForm(Form):
    """The words of a challenge."""

    wrong = LongTextField(
        lazy_gettext("What is wrong?"),
        description=lazy_gettext("Do not include personal information about yourself or anybody else. Everybody will see this"),
        validators=[InputRequired(lazy_gettext("Say what is wrong")), Length(max=4000)],
    )
    should_be = LongTextField(lazy_gettext("What should it be, and why? (optional)"), validators=[Length(max=4000)])
    link = TextField(
        lazy_gettext("Web address of a source (optional)"),
        description=lazy_gettext("The page of the accounts that say otherwise, if there is one"),
        validators=[Length(max=500), check_link],
    )
    name = TextField(lazy_gettext("Your name (optional)"), validators=[Length(max=200)], render_kw={"autocomplete": "name"})

    def said(self, shows_name: bool) -> Said:
        """What was typed."""
        return Said(
            wrong=self.wrong.data or "",
            should_be=self.should_be.data or "",
            link=self.link.data or "",
            name=self.name.data or "",
            shows_name=shows_name and bool(self.name.data),
        )


class ChallengeForm(WordsForm):
    """Challenge something that is published."""

    shows_name = CheckboxField(lazy_gettext("Show my name with the challenge"))
    address = EmailField(
        lazy_gettext("Your email address"),
        description=lazy_gettext(
            "We send a link to it to confirm your challenge, and tell you of the answer. It is never published"
        ),
        validators=[InputRequired(lazy_gettext("Enter your email address"))],
    )
    submit = SubmitField(lazy_gettext("Send your challenge"))


class SupportForm(Form):
    """Support a challenge."""

    address = EmailField(
        lazy_gettext("Your email address"),
        description=lazy_gettext("We send a link to it to count your support once. It is never published"),
        validators=[InputRequired(lazy_gettext("Enter your email address"))],
    )
    tell = CheckboxField(lazy_gettext("Email me when it is answered or something changes"))
    submit = SubmitField(lazy_gettext("Support this challenge"))


class ConfirmForm(Form):
    """Confirm what was sent from an address."""

    submit = SubmitField(lazy_gettext("Confirm"))


class PublishForm(WordsForm):
    """Publish a challenge, without what must not be public."""

    version = HiddenField()
    submit = SubmitField(lazy_gettext("Publish the challenge"))


class RefuseForm(Form):
    """Do not publish a challenge, or take it down."""

    ground = RadioField(
        lazy_gettext("Why is it not published?"), validators=[InputRequired(lazy_gettext("Choose why it is not published"))]
    )
    why = LongTextField(
        lazy_gettext("Anything else its writer should know (optional)"),
        description=lazy_gettext("They are sent these words with the reason"),
        validators=[Length(max=2000)],
    )
    version = HiddenField()
    submit = SubmitField(lazy_gettext("Do not publish it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The grounds of this instance."""
        super().__init__(*args, **kwargs)
        self.ground.choices = [SelectChoice(value=key, label=GROUNDS[key]) for key in rules().challenges.grounds]


class MergeForm(Form):
    """Join a challenge with another."""

    into = TextField(
        lazy_gettext("Which challenge says the same?"),
        description=lazy_gettext("Its reference, like C-2026-001"),
        validators=[InputRequired(lazy_gettext("Enter the reference of a challenge, like C-2026-001")), Length(max=20)],
    )
    version = HiddenField()
    submit = SubmitField(lazy_gettext("Join it with that one"))


class AnswerForm(Form):
    """Answer a challenge in public."""

    outcome = RadioField(lazy_gettext("Do you agree?"), validators=[InputRequired(lazy_gettext("Choose whether you agree"))])
    words = LongTextField(
        lazy_gettext("Your answer"),
        description=lazy_gettext("Give your reasons and, if something was corrected, say what. Everybody can read it"),
        validators=[InputRequired(lazy_gettext("Give your reasons: everybody can read them")), Length(max=5000)],
    )
    version = HiddenField()
    submit = SubmitField(lazy_gettext("Publish the answer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The outcomes there are."""
        super().__init__(*args, **kwargs)
        self.outcome.choices = [SelectChoice(value=key, label=label) for key, label in OUTCOMES.items()]


class OriginalForm(Form):
    """Open what was sent, word for word."""

    submit = SubmitField(lazy_gettext("Open what was sent"))


class EraseForm(Form):
    """Erase words for ever."""

    what = RadioField(lazy_gettext("Which words?"), validators=[InputRequired(lazy_gettext("Choose which words to erase"))])
    why = LongTextField(
        lazy_gettext("Why are they erased?"),
        validators=[InputRequired(lazy_gettext("Enter why these words are erased")), Length(max=1000)],
    )
    submit = SubmitField(lazy_gettext("Erase these words"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The words there are."""
        super().__init__(*args, **kwargs)
        self.what.choices = [
            SelectChoice(value="challenge", label=gettext("Those of the challenge, with the name of its writer")),
            SelectChoice(value="answers", label=gettext("Those of its answers")),
        ]


class BringForm(Form):
    """Bring a challenge before the committee."""

    why = LongTextField(
        lazy_gettext("Why should the committee consider it?"),
        validators=[InputRequired(lazy_gettext("Say why the committee should consider it")), Length(max=2000)],
    )
    submit = SubmitField(lazy_gettext("Bring it before the committee"))


class DecideForm(Form):
    """What a body does with a matter that came before it."""

    move = RadioField(lazy_gettext("What is decided?"), validators=[InputRequired(lazy_gettext("Choose what is decided"))])
    meeting_on = DateField(lazy_gettext("Day of the meeting"), validators=[Optional()])
    review = TextField(
        lazy_gettext("Reference of the review"), description=lazy_gettext("Like R-2026-014"), validators=[Length(max=40)]
    )
    exclusion = SelectField(lazy_gettext("What the law excludes"), validators=[Optional()])
    words = LongTextField(lazy_gettext("Reason"), validators=[Length(max=2000)])
    version = HiddenField()
    submit = SubmitField(lazy_gettext("Save the decision"))

    def __init__(self, moves: tuple[Move, ...], *args: Any, **kwargs: Any) -> None:
        """The moves that can be made now, and what the law excludes here."""
        super().__init__(*args, **kwargs)
        self.move.choices = [SelectChoice(value=move.name, label=move.label) for move in moves]
        held = {"": gettext("Nothing"), **{key: EXCLUSIONS[key] for key in rules().challenges.exclusions}}
        self.exclusion.choices = [SelectChoice(value=key, label=label) for key, label in held.items()]


def words_of(challenge: Challenge) -> dict[str, str]:
    """The words of a challenge, as its form holds them."""
    return {"wrong": challenge.wrong, "should_be": challenge.should_be, "link": challenge.link, "name": challenge.name}
