"""The words of a letter from its template, and of several letters joined in one email."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext
from jinja2 import Environment, StrictUndefined

from scrutiny.languages import speaking
from scrutiny.typed_text import clean, clean_line

RULE = "\n\n" + "-" * 60 + "\n\n"


#: How a title that somebody's name begins with is written in a letter.
TITLES = {
    **{
        title: title
        for title in ("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Professor", "Councillor", "Sir", "Dame", "Lord", "Lady")
    },
    "Prof": "Professor",
    "Cllr": "Councillor",
    "Supt": "Superintendent",
    "Insp": "Inspector",
    "Rev": "Reverend",
}


def salutation(name: str, office: str = "") -> str:
    """How a letter begins: by title and surname where the title is known, else by the whole name, or by the office."""
    words = name.split()
    title = TITLES.get(words[0].rstrip(".").capitalize()) if len(words) > 1 else None
    if office or not words:
        return gettext("Dear %(office)s", office=office) if office else gettext("Hello")
    if title in ("Sir", "Dame"):
        return gettext("Dear %(name)s", name=f"{title} {words[1]}")
    return gettext("Dear %(name)s", name=f"{title} {words[-1]}" if title else name)


def formal_name(name: str) -> str:
    """A name as it stands under a letter: its title written out."""
    first, _, rest = name.partition(" ")
    return f"{TITLES.get(first.rstrip('.').capitalize(), first)} {rest}".strip()


def worded(kind: str, language: str, *, name: str, office: str = "", **values: Any) -> tuple[str, str]:
    """Subject and text of a letter, from templates/letters/<kind>.txt, in a language as far as its catalogue goes."""
    with speaking(language):
        template = _letters().get_template(f"letters/{kind}.txt")
        rendered = template.render(name=name, dear=salutation(name, office), **values)
        first, _, text = rendered.partition("\n")
    subject = first.removeprefix("Subject:").strip()
    if not first.startswith("Subject:") or not subject:
        raise ValueError(f"templates/letters/{kind}.txt must begin with a line 'Subject: …'")
    # Titles kept before they were cleaned as they are typed must fail no letter, and no name may start a header of its own.
    return clean_line(subject)[:300], clean(text).strip() + "\n"


def part(name: str, language: str = "en", **values: Any) -> str:
    """A part that several letters share, from templates/letters/_<name>.txt: plain text, to be escaped where a page shows it."""
    public_url = current_app.config["SETTINGS"].public_url
    with speaking(language):
        return clean(_letters().get_template(f"letters/_{name}.txt").render(public_url=public_url, **values)).strip()


def _letters() -> Environment:
    """The templates with our filters, where a value left out is an error and not a gap in somebody's letter."""
    if "letters" not in current_app.extensions:
        current_app.extensions["letters"] = current_app.jinja_env.overlay(undefined=StrictUndefined, autoescape=False)
    found: Environment = current_app.extensions["letters"]
    return found


def joined(letters: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """One subject and text for the (subject, text) of one or more letters."""
    if len(letters) == 1:
        return letters[0]
    subjects = [subject for subject, _ in letters]
    head = (
        gettext("This email contains %(n)s letters:", n=len(letters))
        + "\n\n"
        + "\n".join(f"  {n}. {said}" for n, said in enumerate(subjects, 1))
    )
    parts = [f"{n}. {subject}\n\n{text.strip()}" for n, (subject, text) in enumerate(letters, 1)]
    return f"{subjects[0]} (and {len(letters) - 1} more)", RULE.join([head, *parts]) + "\n"
