"""What the administrator's pages of agencies say."""

from __future__ import annotations

from flask_babel import gettext

from scrutiny.agencies.models import Agency
from scrutiny.rules.queries import rules
from scrutiny.widgets import SelectChoice
from workflows.refusals import Refused
from workflows.workdays import NATIONS


def kinds() -> list[SelectChoice]:
    """The kinds of agency under their headings."""
    return [SelectChoice(value=kind.key, label=kind.label, optgroup=kind.group) for kind in rules().agency_kinds.values()]


def area_kinds() -> list[SelectChoice]:
    """The kinds of area some kind of agency answers for."""
    return [SelectChoice(value=kind.key, label=kind.plural) for kind in rules().area_kinds.values() if kind.agencies]


def services() -> list[SelectChoice]:
    """The services."""
    return [SelectChoice(value=service.key, label=service.title) for service in rules().services.values()]


def answers() -> list[SelectChoice]:
    """The two ways of differing from its kind."""
    return [
        SelectChoice(value="", label=gettext("Answers for it")),
        SelectChoice(value="yes", label=gettext("Does not answer for it")),
    ]


def nations() -> list[SelectChoice]:
    """The nations, by name."""
    return [SelectChoice(value=nation, label=nation_name(nation)) for nation in NATIONS]


def nation_name(nation: str) -> str:
    """northern-ireland: Northern Ireland."""
    return nation.replace("-", " ").title().replace(" And ", " and ")


def service_title(key: str) -> str:
    """A service by its name; one no longer in the file by its key."""
    service = rules().services.get(key)
    return service.title if service else key


def agency_values(agency: Agency) -> dict[str, object]:
    """What the form shows of an agency."""
    return {
        "name": agency.name,
        "kind": agency.kind,
        "codes": "\n".join(f"{row.scheme} {row.code}" for row in agency.codes),
        "email": agency.email,
        "nation": agency.nation,
        "name_cy": agency.name_cy,
        "other_names": agency.other_names,
        "from_on": agency.from_on,
        "to_on": agency.to_on,
        "legal_from": agency.legal_from,
        "legal_to": agency.legal_to,
        "elected_from": agency.elected_from,
        "version": str(agency.version),
    }


def codes_typed(text: str) -> tuple[tuple[str, str], ...]:
    """Codes as typed, one a line; Refused naming a line that is not a scheme and a code."""
    found = []
    for line in (text or "").splitlines():
        scheme, _, code = line.strip().partition(" ")
        if scheme and not code.strip():
            raise Refused(gettext("“%(line)s” is not a scheme and a code: write it as gss E07000123", line=line.strip()))
        if scheme:
            found.append((scheme.casefold(), code.strip()))
    return tuple(found)
