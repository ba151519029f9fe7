"""Methods and due dates as the API gives them."""

from __future__ import annotations

from scrutiny import due_words
from scrutiny.due_step_words import explained
from scrutiny.opendata import rule_shapes as shapes
from scrutiny.opendata.review_shapes import Line
from workflows.deadlines import Due
from workflows.due_reasons import counted
from workflows.kinds import BODY_KINDS
from workflows.method import Method


def method(one: Method) -> shapes.Method:
    """A method as a list shows it."""
    return shapes.Method(one.key, one.version, one.title, one.summary, one.digest)


def method_whole(one: Method, text: str) -> shapes.MethodWhole:
    """A method with its lines, its standard evidence and its text."""
    return shapes.MethodWhole(
        key=one.key,
        version=one.version,
        title=one.title,
        summary=one.summary,
        digest=one.digest,
        leads=tuple(BODY_KINDS[entry.kind] for entry in one.leads),
        joins=tuple(BODY_KINDS[entry.kind] for entry in one.joins),
        lines=tuple(Line(line.key, line.title, line.text) for line in one.lines),
        evidence=tuple(
            shapes.EvidenceItem(item.key, item.title, item.question, item.line, tuple(item.agencies)) for item in one.evidence
        ),
        text_=_without_homework(text),
    )


def _without_homework(text: str) -> str:
    """The text of a method without comments and how sure we are of each fact: that is for officers."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(("#", "confidence")))


def due(found: Due) -> shapes.Due:
    """A due date with its working, as `flask deadlines explain` gives it, and why in words."""
    return shapes.Due(
        due=found.due.isoformat() if found.due else None,
        clock=str(found.clock),
        nation=found.nation,
        sentence=due_words.sentences([counted(found)]),
        steps=tuple(shapes.Step(step["date"], step["counted"], step["why"]) for step in explained(found.steps())),
    )
