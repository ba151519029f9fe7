"""The record of one recommendation to one agency as plain values: what pages tell, area reports keep, and files hold."""

from __future__ import annotations

from typing import Any, NotRequired, Required, TypedDict


class Shown(TypedDict):
    """Public evidence that a step names."""

    id: int
    title: str


class Replacing(TypedDict):
    """The recommendation that took the place of another: the reference of its review, and its number."""

    review: str
    number: int


class StepRecord(TypedDict):
    """One step: a response of the agency, or what a body decided. `at` is an ISO moment."""

    at: str
    who: str
    by: str  # body or agency
    outcome: str
    words: str
    evidence: str
    shown_by: Shown | None
    replaced_by: Replacing | None
    erased: NotRequired[str]  # the day its words were erased


class ReturnRecord(TypedDict):
    """One progress return; days as ISO text, '' where there is none."""

    at: str
    who: str
    status: str
    words: str
    new_date: str
    erased: NotRequired[str]  # the day its words were erased


class Record(TypedDict, total=False):
    """All of it; days as ISO text. What older area reports did not keep may be missing."""

    review: str
    lead: str
    place: str
    place_slug: str
    place_codes: list[str]
    number: int
    agency_id: int | None
    agency: str
    text: str
    measure: str
    done_by: str
    findings: list[int]
    state: Required[str]
    late: Required[bool]
    overdue: bool
    legal_basis: dict[str, Any]
    undelivered: bool
    response_due_on: str
    response_due_why: str
    response_words: str  # of the first form of area reports, which kept no steps
    answer: str
    answered_on: str
    expected_on: str
    steps: list[StepRecord]
    returns: list[ReturnRecord]
