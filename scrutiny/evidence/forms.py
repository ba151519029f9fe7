"""Forms of this room: a grant, somebody named, a public summary, fewer readers, an erasure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms.validators import InputRequired, Length

from scrutiny.accounts.models import Person
from scrutiny.bodies.models import Body
from scrutiny.evidence.markings import WORDS, who_sees
from scrutiny.widgets import Form, LongTextField, RadioField, SelectChoice, SelectField, SubmitField


class GrantForm(Form):
    """Let one more person of a partner body see something confidential."""

    person = SelectField(lazy_gettext("Who needs to see it?"))
    why = LongTextField(
        lazy_gettext("Why does this person need it?"),
        description=lazy_gettext("Your reason is kept with the grant."),
        validators=[InputRequired(lazy_gettext("Say why this person needs to see it")), Length(max=1000)],
    )
    save = SubmitField(lazy_gettext("Give them access"))

    def __init__(self, people: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        """`people` are (id, name and body) of those a grant may be given to."""
        super().__init__(*args, **kwargs)
        self.person.choices = [SelectChoice(str(key), name) for key, name in people]


class ReaderForm(Form):
    """Name one more person who may open what is for people named only."""

    reader = SelectField(lazy_gettext("Whom do you name?"), validators=[InputRequired(lazy_gettext("Choose whom you name"))])
    save = SubmitField(lazy_gettext("Name this person"))

    def __init__(self, people: Sequence[tuple[Body, Person, str]], *args: Any, **kwargs: Any) -> None:
        """`people` are those who may be named: the body, the person, and the office they hold there."""
        super().__init__(*args, **kwargs)
        self._people = {f"{body.reference}/{person.reference}": (body, person) for body, person, _ in people}
        self.reader.choices = [
            SelectChoice("", gettext("Choose a person")),
            *(
                SelectChoice(f"{body.reference}/{person.reference}", f"{person.name}, {office}", optgroup=body.name)
                for body, person, office in people
            ),
        ]

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody left to name."""
        return not self._people

    def chosen(self) -> tuple[Body, Person]:
        """Who was chosen, after `validate`."""
        return self._people[self.reader.data]


class SummaryForm(Form):
    """What the public may be told."""

    summary = LongTextField(
        lazy_gettext("What may the public be told of this?"),
        description=lazy_gettext("A report may quote these words, and nothing else of this answer, once the agency agrees."),
        validators=[InputRequired(lazy_gettext("Write what the public may be told")), Length(max=4000)],
    )
    save = SubmitField(lazy_gettext("Save and ask the agency"))


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

    def __init__(self, markings: Sequence[str], agency: str, *args: Any, **kwargs: Any) -> None:
        """`markings` are those that may be chosen, the present one first; the agency is the one that gave it."""
        super().__init__(*args, **kwargs)
        said = {key: WORDS[key] for key in markings}
        if markings[:1] == ["open"]:
            until = gettext("It will not be published again unless %(agency)s agrees.", agency=agency)
            said["open"] = who_sees("open", held_back=True), until
        self.marking.choices = [SelectChoice(key, name, render_kw={"hint": hint}) for key, (name, hint) in said.items()]


class EraseForm(Form):
    """Erase words or a file for ever, with the reason."""

    why = LongTextField(
        lazy_gettext("Why is it erased?"),
        description=lazy_gettext("Shown in its place for ever. Do not repeat what must not be seen."),
        validators=[InputRequired(lazy_gettext("Say why it is erased")), Length(max=1000)],
    )
    erase = SubmitField(lazy_gettext("Erase it for ever"))
