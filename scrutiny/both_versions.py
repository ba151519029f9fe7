"""Two versions of the same words side by side: what somebody else saved meanwhile, and what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scrutiny.formats import day
from scrutiny.widgets import Form


@dataclass(frozen=True, slots=True)
class BothVersions:
    """One row of `parts/versions.html`: what it is of, as it stands now, and as it was typed."""

    label: str
    theirs: str
    yours: str


def compared(labels: Mapping[str, str], theirs: Mapping[str, object], yours: Mapping[str, object]) -> list[BothVersions]:
    """Two versions of the same answers, by name, in the order of their labels."""
    return [BothVersions(label, in_words(theirs.get(name)), in_words(yours.get(name))) for name, label in labels.items()]


def typed_beside(kept: Mapping[str, object], form: Form) -> list[BothVersions]:
    """What is kept, by the names of a form's fields, beside what was typed into them."""
    labels = {name: str(field.label.text) for name, field in form._fields.items() if name in kept and name != "version"}
    return compared(labels, kept, {name: form[name].data for name in labels})


def in_words(value: object) -> str:
    """An answer in words: a day in full, several parted by commas, '' for nothing."""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(str(part) for part in value)
    return "" if value is None or value is False else str(value)
