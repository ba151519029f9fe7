"""Forms of this room: a grant, a public summary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.evidence.markings import WORDS
from scrutiny.widgets import Form, LongTextField, RadioField, SelectChoice, SelectField, SubmitField


class GrantForm(Form):
    """Let one more person see something personal or confidential."""

    person = SelectField("Who needs to see it?")
    why = LongTextField(
        "Why does this person need it?",
        description="Your reason is kept with the grant.",
        validators=[InputRequired("Say why this person needs to see it"), Length(max=1000)],
    )
    save = SubmitField("Let them see it")

    def __init__(self, people: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        """`people` are (id, name and body) of those a grant may be given to."""
        super().__init__(*args, **kwargs)
        self.person.choices = [SelectChoice(str(key), name) for key, name in people]


class SummaryForm(Form):
    """What the public may be told."""

    summary = LongTextField(
        "What may the public be told of this?",
        description="A report may quote these words, and nothing else of this answer, once the agency agrees.",
        validators=[InputRequired("Write what the public may be told"), Length(max=4000)],
    )
    save = SubmitField("Save and ask the agency")


class RestrictForm(Form):
    """Make something stricter, or take it back from the public, with the reason."""

    marking = RadioField(lazy_gettext("Who may see it from now on?"))
    ground = LongTextField(
        lazy_gettext("Ground for keeping it from the public"),
        description=lazy_gettext("Only if the public must not see it: the exemption that applies, and why it does."),
        validators=[Length(max=1000)],
    )
    why = LongTextField(
        lazy_gettext("Why?"),
        description=lazy_gettext("Kept with the record. Do not repeat what must not be seen."),
        validators=[InputRequired(lazy_gettext("Say why")), Length(max=1000)],
    )
    save = SubmitField(lazy_gettext("Change who may see it now"))

    def __init__(self, markings: Iterable[str], *args: Any, **kwargs: Any) -> None:
        """`markings` are those that may be chosen, the present one first."""
        super().__init__(*args, **kwargs)
        self.marking.choices = [SelectChoice(key, WORDS[key][0], render_kw={"hint": WORDS[key][1]}) for key in markings]


class EraseForm(Form):
    """Erase words or a file for ever, with the reason."""

    why = LongTextField(
        lazy_gettext("Why is it erased?"),
        description=lazy_gettext("Shown in its place for ever. Do not repeat what must not be seen."),
        validators=[InputRequired(lazy_gettext("Say why it is erased")), Length(max=1000)],
    )
    erase = SubmitField(lazy_gettext("Erase it for ever"))
