"""A list of questions by who has them: mine, with nobody yet, or with a colleague."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from scrutiny.answering.presenters import Task
from scrutiny.answering.queries import UNFINISHED

MINE, NOBODY = "mine", "nobody"


def filters_of(tasks: Sequence[Task]) -> list[tuple[str, str]]:
    """The ways to see these questions, as (value in the address, words); none where there is nothing to tell apart."""
    held = [_key(task) for task in tasks if _key(task)]
    said = {_key(task): gettext("With %(name)s", name=task.holder or gettext("a colleague")) for task in tasks}
    said |= {MINE: gettext("Mine"), NOBODY: gettext("With nobody yet")}
    order = sorted(set(held), key=lambda key: (key != MINE, key != NOBODY, said[key]))
    ways = [(key, f"{said[key]} ({held.count(key)})") for key in order]
    return [("", gettext("All questions")), *ways] if len(ways) > 1 else []


def filtered(tasks: Sequence[Task], chosen: str) -> list[Task]:
    """The questions somebody chose to see."""
    return [task for task in tasks if not chosen or _key(task) == chosen]


def _key(task: Task) -> str:
    """Who has what is left to do, as the address says it; '' for what is finished."""
    if task.item.state not in UNFINISHED:
        return ""
    return MINE if task.mine else task.item.held_by or NOBODY
