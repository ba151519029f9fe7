"""Forms of this room: a grant, a public summary."""

from __future__ import annotations

from typing import Any

from wtforms.validators import InputRequired, Length

from scrutiny.widgets import Form, LongTextField, SelectChoice, SelectField, SubmitField


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
