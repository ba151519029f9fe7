"""The words of a letter from its template, and of several letters joined in one e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from jinja2 import Environment, StrictUndefined

from scrutiny.languages import speaking
from scrutiny.typed_text import clean, clean_line

RULE = "\n\n" + "-" * 60 + "\n\n"


def worded(kind: str, language: str, **values: Any) -> tuple[str, str]:
    """Subject and text of a letter, from templates/letters/<kind>.txt, in a language as far as its catalogue goes."""
    with speaking(language):
        first, _, text = _letters().get_template(f"letters/{kind}.txt").render(**values).partition("\n")
    subject = first.removeprefix("Subject:").strip()
    if not first.startswith("Subject:") or not subject:
        raise ValueError(f"templates/letters/{kind}.txt must begin with a line 'Subject: …'")
    # Titles kept before they were cleaned as they are typed must fail no letter, and no name may start a header of its own.
    return clean_line(subject)[:300], clean(text).strip() + "\n"


def part(name: str, language: str = "en", **values: Any) -> str:
    """A part that several letters share, from templates/letters/_<name>.txt: plain text, to be escaped where a page shows it."""
    with speaking(language):
        return clean(_letters().get_template(f"letters/_{name}.txt").render(**values)).strip()


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
    head = f"This e-mail holds {len(letters)} letters:\n\n" + "\n".join(f"  {n}. {said}" for n, said in enumerate(subjects, 1))
    parts = [f"{n}. {subject}\n\n{text.strip()}" for n, (subject, text) in enumerate(letters, 1)]
    return f"{subjects[0]} (and {len(letters) - 1} more)", RULE.join([head, *parts]) + "\n"
