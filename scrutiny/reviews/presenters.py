"""What pages of reviews say: choices of bodies, methods and lines; steps of the task list; two versions side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from wtforms import SelectChoice

from scrutiny.bodies.models import Body
from scrutiny.formats import day, listed
from scrutiny.reviews.letters import LEAD_ALONE
from scrutiny.reviews.models import Line, ReviewDraft
from scrutiny.reviews.opening import STEPS, Prepared
from scrutiny.reviews.service import why_not
from workflows.kinds import BODY_KINDS
from workflows.method import Method


@dataclass(frozen=True, slots=True)
class Task:
    """One step of the task list."""

    key: str
    title: str
    said: str
    done: bool
    ready: bool


def tasks(draft: ReviewDraft, found: Prepared, obstacles: Sequence[str]) -> list[Task]:
    """The steps, what has been said at each, and whether it can be opened yet."""
    days = f", with the boundaries of {day(found.place_on)}, from {day(found.starts_on)}" if found.place_on else ""
    partners = listed([body.name for body in found.partners])
    said = {
        "place": ", ".join(found.codes) + days,
        "bodies": draft.body.name + (f", inviting {partners}" if partners else ", alone"),
        "method": " ".join([found.method.title if found.method else "", *obstacles]).strip(),
        "scope": found.title,
    }
    return [
        Task(
            key,
            title,
            said[key] if key in draft.answers else "",
            key in draft.answers and not (key == "method" and obstacles),
            key != "scope" or found.method is not None,
        )
        for key, title in STEPS.items()
    ]


def body_choices(bodies: Iterable[Body], *, but: Sequence[int] = ()) -> list[SelectChoice]:
    """Bodies to choose from, each with its kind."""
    return [
        SelectChoice(value=body.id, label=body.name, render_kw={"hint": BODY_KINDS[body.kind]})
        for body in bodies
        if body.id not in but
    ]


def method_choices(methods: Iterable[Method], lead: Body, partners: Sequence[Body]) -> list[SelectChoice]:
    """Methods to choose from; those these bodies may not use say why."""
    return [
        SelectChoice(
            value=method.key,
            label=f"{method.title}, {method.version}",
            render_kw={"hint": " ".join([method.summary, *why_not(method, lead, partners)])},
        )
        for method in sorted(methods, key=lambda one: (bool(why_not(one, lead, partners)), one.title))
    ]


def method_line_choices(method: Method) -> list[SelectChoice]:
    """The lines of enquiry a method brings."""
    return [SelectChoice(value=line.key, label=line.title, render_kw={"hint": line.text}) for line in method.lines]


def partners_sign(method: Method) -> bool:
    """Whether partners sign under a method: where the committee in the lead votes, nobody else does."""
    return method.sign_off.rule != LEAD_ALONE


def what_partners_do(method: Method | None) -> str:
    """What a partner is asked to do, by the method where it is chosen already."""
    invited = gettext("They are invited, and take part once they accept.")
    if method is None:
        return f"{invited} {gettext('Whether they sign the report depends on the method you choose next.')}"
    if partners_sign(method):
        return f"{invited} {gettext('Under “%(method)s” each partner signs the report.', method=method.title)}"
    return f"{invited} {gettext('Under “%(method)s” only the body in the lead signs the report.', method=method.title)}"


def line_choices(lines: Iterable[Line]) -> list[SelectChoice]:
    """Lines of enquiry to choose from."""
    return [SelectChoice(value=line.id, label=line.title or line.text) for line in lines]


def compared(labels: dict[str, str], theirs: dict[str, Any], yours: dict[str, Any]) -> list[dict[str, str]]:
    """Two versions of the same answers, side by side, in words."""
    return [
        {"label": label, "theirs": _said(theirs.get(name)), "yours": _said(yours.get(name))} for name, label in labels.items()
    ]


def _said(value: Any) -> str:
    """An answer in words."""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)
