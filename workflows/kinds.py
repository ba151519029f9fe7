"""The kinds of area, of agency and of body, and which kinds of agency answer for which service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from workflows.reading import Document, Table, no_twins
from workflows.workdays import NATIONS

BODY_KINDS: Final = {
    "council-committee": "Council scrutiny committee",
    "health-committee": "Health scrutiny committee",
    "crime-committee": "Crime and disorder committee",
    "joint-committee": "Joint scrutiny committee",
    "combined-authority-committee": "Combined authority scrutiny committee",
    "panel": "Police, fire and crime panel",
    "inspectorate": "Inspectorate",
    "place-board": "Place board",
}


@dataclass(frozen=True, slots=True)
class AreaKind:
    """A kind of area; `order` is its precedence where one code is held by two kinds."""

    key: str
    label: str
    plural: str
    order: int
    coverage: bool
    measuring_stick: bool
    codes: Mapping[str, tuple[str, ...]]  # nation to how its codes begin
    agencies: Mapping[str, str]  # how a code begins to the kind of agency that answers

    def nation_of(self, code: str) -> str | None:
        """The nation an official code of this kind belongs to, or None."""
        return next((nation for nation, starts in self.codes.items() if code.startswith(starts)), None)

    def agency_kind_of(self, code: str) -> str | None:
        """The kind of agency that answers for the area with this code, or None."""
        return next((kind for start, kind in self.agencies.items() if code.startswith(start)), None)


@dataclass(frozen=True, slots=True)
class AgencyKind:
    """A kind of agency; `group` is the heading it is listed under, `order` its place in the list."""

    key: str
    label: str
    plural: str
    group: str
    catalogue: str
    council: bool
    order: int


@dataclass(frozen=True, slots=True)
class Service:
    """A public service and the kinds of agency that answer for it, by nation."""

    key: str
    title: str
    answered_by: Mapping[str, tuple[str, ...]]

    def is_answered_by(self, agency_kind: str, nation: str = "england") -> bool:
        """Whether a kind of agency answers for this service in a nation."""
        return agency_kind in self.answered_by.get(nation, ())


def read_area_kinds(text: str, file_name: str, agency_kinds: Iterable[str]) -> dict[str, AreaKind]:
    """Read the kinds of area by key, in their order of precedence; Faulty names what is wrong."""
    document = Document(text, file_name)
    root = document.root()
    tables = root.tables("kinds", needed=True)
    known = tuple(agency_kinds)
    kinds = [_area_kind(table, order, known) for order, table in enumerate(tables)]
    no_twins(tables)
    root.close()
    document.finish()
    return {kind.key: kind for kind in kinds}


def _area_kind(table: Table, order: int, agency_kinds: tuple[str, ...]) -> AreaKind:
    agencies = table.table("agencies")
    kind = AreaKind(
        key=table.text("key"),
        label=table.text("label"),
        plural=table.text("plural"),
        order=order,
        coverage=table.flag("coverage"),
        measuring_stick=table.flag("measuring_stick"),
        codes=_by_nation(table.table("codes"), None),
        agencies={start: agencies.choice(start, agency_kinds) for start in agencies.data},
    )
    table.close()
    return kind


def read_agency_kinds(text: str, file_name: str) -> dict[str, AgencyKind]:
    """Read the kinds of agency by key, in the order they are listed; Faulty names what is wrong."""
    document = Document(text, file_name)
    root = document.root()
    tables = root.tables("kinds", needed=True)
    kinds = [_agency_kind(table, order) for order, table in enumerate(tables)]
    no_twins(tables)
    root.close()
    document.finish()
    return {kind.key: kind for kind in kinds}


def _agency_kind(table: Table, order: int) -> AgencyKind:
    kind = AgencyKind(
        key=table.text("key"),
        label=table.text("label"),
        plural=table.text("plural"),
        group=table.text("group"),
        catalogue=table.text("catalogue"),
        council=table.flag("council"),
        order=order,
    )
    table.close()
    return kind


def read_services(text: str, file_name: str, agency_kinds: Iterable[str]) -> dict[str, Service]:
    """Read the services by key; Faulty names what is wrong."""
    document = Document(text, file_name)
    root = document.root()
    tables = root.tables("services", needed=True)
    known = tuple(agency_kinds)
    services = []
    for table in tables:
        answered_by = _by_nation(table.table("answered_by", needed=True), known)
        services.append(Service(table.text("key"), table.text("title"), answered_by))
        table.close()
    no_twins(tables)
    root.close()
    document.finish()
    return {service.key: service for service in services}


def _by_nation(table: Table, options: tuple[str, ...] | None) -> dict[str, tuple[str, ...]]:
    """Lists of texts under the names of nations."""
    lists = {nation: table.texts(nation, options) for nation in NATIONS if nation in table.data}
    table.asked.update(NATIONS)
    table.close()
    return lists
