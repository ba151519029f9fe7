"""What the API gives of challenges, as `place_shapes` says it of places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Challenge:
    """A published challenge and its last answer."""

    reference: str
    about: Annotated[str, "what is challenged: figure:7, row:3:14, finding:R-2026-005:2, recommendation:9, service:… or area:4"]
    title: Annotated[str, "the same in words"]
    state: Annotated[str, "published or answered"]
    overdue: bool
    answers_for_it: Annotated[str, "who must answer"]
    published_on: str
    due_on: str
    answered_on: Annotated[str, "empty while it is not answered"]
    outcome: Annotated[str, "corrected, agreed, partly or not_agreed"]
    answer: str
    wrong: Annotated[str, "what is wrong, in the words of whoever challenges it"]
    should_be: str
    link: str
    name: Annotated[str, "of whoever challenges it, where they chose to show it"]
    supporters: int
