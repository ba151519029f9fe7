"""Whom somebody will act for, asked in two steps: what kind of body or agency, and which; the roles that fit it follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import agencies_by_name
from scrutiny.bodies.forms import WhomForm
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import bodies_by_name
from scrutiny.widgets import SelectChoice
from workflows.roles import AGENCY_ROLES, CHAIR, COUNCILLOR, INSPECTOR, LABELS, LEAD_INSPECTOR, SCRUTINY_OFFICER

ADMINISTRATOR = "administrator"
#: How many are shown at once; who looks for another types more of its name.
SHOWN = 30
#: Kinds of body whose people inspect.
INSPECTING = ("inspectorate", "peer-panel")


@dataclass(frozen=True, slots=True)
class Whom:
    """The first step: the form, and what it found, once asked; `more` says that not all of it is shown."""

    form: WhomForm
    found: list[Body | Agency] | None = None
    more: bool = False


def asked_for(typed: Mapping[str, str], *, administrator: bool) -> Whom:
    """What an address asks for; nothing is looked up before a kind is chosen."""
    form = WhomForm(typed)
    if not administrator:
        form.kind.choices = [choice for choice in form.kind.choices if choice.value != ADMINISTRATOR]
    if not {"kind", "q"} & set(typed) or not form.validate():
        return Whom(form)
    found = _found(form.kind.data, form.q.data or "")
    return Whom(form, found[:SHOWN], len(found) > SHOWN)


def _found(kind: str, text: str) -> list[Body | Agency]:
    """The bodies or agencies of one of the three kinds whose name holds the text; all of them where nothing is typed."""
    if kind == "agency":
        return [*agencies_by_name(text)]
    return [body for body in bodies_by_name(text) if (body.kind in INSPECTING) == (kind == "inspectorate")]


def roles_of(owner: Body | Agency) -> list[SelectChoice]:
    """The roles people have in a body or agency of this kind."""
    if isinstance(owner, Agency):
        roles: tuple[str, ...] = AGENCY_ROLES
    elif owner.kind in INSPECTING:
        roles = (LEAD_INSPECTOR, INSPECTOR)
    else:
        roles = (SCRUTINY_OFFICER, CHAIR, COUNCILLOR)
    return [SelectChoice(value=role, label=LABELS[role]) for role in roles]
