"""What the pages of reorganisations say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext

from scrutiny.areas.queries import kind_label
from scrutiny.formats import percent
from scrutiny.reorganisation.bodies import Moving
from scrutiny.reorganisation.plan_input import NewArea, Plan
from scrutiny.reorganisation.preview import Preview
from scrutiny.widgets import SelectChoice

__all__ = [
    "area_values",
    "change_words",
    "kept_change_words",
    "kind_label",
    "people_choices",
    "people_chosen",
    "people_values",
    "what_values",
]
RULE, ALL, NOBODY = "", "all", "none"


def what_values(plan: Plan, version: int) -> dict[str, Any]:
    """What the first form shows of a plan."""
    return {
        "title": plan.title,
        "on": plan.on,
        "ending": "\n".join(plan.ending),
        "legal_from": plan.legal_from,
        "elected_from": plan.elected_from,
        "version": str(version),
    }


def area_values(area: NewArea, version: int) -> dict[str, Any]:
    """What the form of a new area shows."""
    return {
        "code": area.code,
        "name": area.name,
        "made_of": "\n".join(area.made_of),
        "council": area.council,
        "email": area.email,
        "continues": area.continues,
        "version": str(version),
    }


def change_words(link: Any) -> str:
    """'becomes part of West Loamshire: all of its people, all of its land'."""
    shares = gettext(
        "%(share_of_people)s of its people, %(share_of_area)s of its land",
        share_of_people=percent(link.share_of_people),
        share_of_area=percent(link.share_of_area),
    )
    if link.share_of_people is None:
        shares = gettext("%(share_of_area)s of its land", share_of_area=percent(link.share_of_area))
    whole = (link.share_of_people in (None, 1.0)) and (link.share_of_area or 0) > 0.9995
    if link.old_code == link.new_code:
        return gettext("keeps %(shares)s", shares=shares)
    if whole:
        if link.type == "recode":
            return gettext("becomes %(new_name)s", new_name=link.new_name)
        return gettext("becomes part of %(new_name)s", new_name=link.new_name)
    return gettext("gives %(shares)s to %(new_name)s", shares=shares, new_name=link.new_name)


def kept_change_words(link: Mapping[str, Any]) -> str:
    """The same of a change as it was kept."""
    names = {"old_code": link["code"], "new_code": link["becomes"]}
    return change_words(SimpleNamespace(**(dict(link) | names)))


def by_person(people: Iterable[Moving]) -> dict[int, list[Moving]]:
    """Their places, by person, in order of name."""
    found: dict[int, list[Moving]] = {}
    for one in people:
        found.setdefault(one.person.id, []).append(one)
    return found


def people_choices(found: Preview) -> dict[int, tuple[str, str, list[Any]]]:
    """For each person with a place that passes on: name, what they are now, and where they may go."""
    new = [SelectChoice(value=one.code, label=found.council(one.code)) for one in found.plan.new]
    choices: dict[int, tuple[str, str, list[Any]]] = {}
    for key, places in by_person(one for one in found.people if not one.why).items():
        held = "; ".join(f"{one.label}, {one.owner_name}" for one in places)
        to = list(dict.fromkeys(code for one in places for code in one.to)) if _by_rule(found.plan, places) else []
        rule = gettext("Where most people go: %(to)s", to=found.council(to[0])) if to else gettext("Where most people go")
        offered = [
            SelectChoice(value=RULE, label=rule),
            *new,
            SelectChoice(value=ALL, label=gettext("All of them that follow")),
            SelectChoice(value=NOBODY, label=gettext("Nowhere: the place ends")),
        ]
        choices[key] = (places[0].person.name, held, offered)
    return choices


def _by_rule(plan: Plan, places: Sequence[Moving]) -> bool:
    """Whether nothing was said of a person, so that the rule decides."""
    return places[0].person.email.lower() not in plan.people


def people_values(found: Preview) -> dict[str, str]:
    """What was chosen for each person so far."""
    every = tuple(one.code for one in found.plan.new)
    values = {}
    for key, places in by_person(found.people).items():
        said = found.plan.people.get(places[0].person.email.lower())
        if said is not None:
            values[f"person_{key}"] = NOBODY if not said else ALL if set(said) == set(every) and len(every) > 1 else said[0]
    return values


def people_chosen(found: Preview, form: Any) -> dict[str, list[str]]:
    """What the plan keeps of the choices: codes by email address, only where the rule is not to decide."""
    every = [one.code for one in found.plan.new]
    kept = {}
    for key, places in by_person(one for one in found.people if not one.why).items():
        said = form[f"person_{key}"].data
        if said != RULE:
            kept[places[0].person.email.lower()] = every if said == ALL else [] if said == NOBODY else [said]
    return kept
