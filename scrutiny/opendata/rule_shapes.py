"""What the API gives of methods and due dates, as `place_shapes` says it of places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from scrutiny.opendata.review_shapes import Line


@dataclass(frozen=True, slots=True)
class Method:
    """A method as a list shows it."""

    key: str
    version: str
    title: str
    summary: str
    digest: Annotated[str, "SHA-256 of its full text"]


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A standard item of a method."""

    key: str
    title: str
    question: str
    line: str
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodWhole(Method):
    """A method."""

    leads: tuple[str, ...]
    joins: tuple[str, ...]
    lines: tuple[Line, ...]
    evidence: tuple[EvidenceItem, ...]
    text_: Annotated[str, "The text, TOML, without its comments"]


@dataclass(frozen=True, slots=True)
class Step:
    """One day of a working."""

    date: str
    counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """A due date and its working."""

    due: str | None
    clock: str
    nation: str
    sentence: str
    steps: tuple[Step, ...]
