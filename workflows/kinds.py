"""The kinds of area, of agency and of body, and which kinds of agency answer for which service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from workflows.labels import labels
from workflows.power_words import ENDS, SUBJECTS
from workflows.reading import Fault, Table, faults_with, read_with
from workflows.workdays import NATIONS

#: Whom a letter addresses at an agency whose kind names nobody else.
CHIEF: Final = "Chief Executive"
BODY_KINDS: Final = labels(
    {
        "council-committee": "Council scrutiny committee",
        "health-committee": "Health scrutiny committee",
        "crime-committee": "Crime and disorder committee",
        "joint-committee": "Joint scrutiny committee",
        "combined-authority-committee": "Combined authority scrutiny committee",
        "local-scrutiny-committee": "Local scrutiny committee of a strategic authority",
        "panel": "Police, fire and crime panel",
        "inspectorate": "Inspectorate",
        "place-board": "Place board",
        "local-pac": "Local public accounts committee",
        "neighbourhood-body": "Neighbourhood body",
        "peer-panel": "Panel of peers",
    }
)


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
    expected_end: str = ""  # a month or day by which it is said to end, such as 2028-05; '' where none is known
    ends_by: str = ""  # the Act, Bill or statement that says so; '' where nothing does
    ends_status: str = ""  # one of power.ENDS
    ends_some: bool = False  # only some of the kind
    successor: str = ""  # who answers after it, in words
    unread: str = ""  # an Act about this kind whose content was not read, so that nothing is claimed under it
    office: str = CHIEF  # who a letter addresses where no person is known


@dataclass(frozen=True, slots=True)
class Service:
    """A public service, the kinds of agency that answer for it by nation, and the subject of law it falls under."""

    key: str
    title: str
    answered_by: Mapping[str, tuple[str, ...]]
    subject: str | None = None  # the subject of law it falls under, where one does

    def is_answered_by(self, agency_kind: str, nation: str = "england") -> bool:
        """Whether a kind of agency answers for this service in a nation."""
        return agency_kind in self.answered_by.get(nation, ())


def read_area_kinds(text: str, file_name: str) -> dict[str, AreaKind]:
    """Read the kinds of area by key, in their order of precedence, once they are checked."""
    return read_with(partial(_area_kinds, agency_kinds=None), text, file_name)


def check_area_kinds(text: str, file_name: str, agency_kinds: Iterable[str]) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of the kinds of area."""
    return faults_with(partial(_area_kinds, agency_kinds=tuple(agency_kinds)), text, file_name)


def _area_kinds(root: Table, agency_kinds: tuple[str, ...] | None) -> dict[str, AreaKind]:
    kinds = root.each("kinds", partial(_area_kind, agency_kinds=agency_kinds), needed=True)
    return {kind.key: replace(kind, order=order) for order, kind in enumerate(kinds)}


def _area_kind(table: Table, agency_kinds: tuple[str, ...] | None) -> AreaKind:
    agencies = table.table("agencies")
    return AreaKind(
        key=table.text("key"),
        label=table.text("label"),
        plural=table.text("plural"),
        order=0,
        coverage=table.flag("coverage"),
        measuring_stick=table.flag("measuring_stick"),
        codes=table.part("codes", partial(_by_nation, options=None)),
        agencies={
            start: agencies.text(start) if agency_kinds is None else agencies.choice(start, agency_kinds)
            for start in agencies.data
        },
    )


def read_agency_kinds(text: str, file_name: str) -> dict[str, AgencyKind]:
    """Read the kinds of agency by key, in the order they are listed, once they are checked."""
    return read_with(_agency_kinds, text, file_name)


def check_agency_kinds(text: str, file_name: str) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of the kinds of agency."""
    return faults_with(_agency_kinds, text, file_name)


def _agency_kinds(root: Table) -> dict[str, AgencyKind]:
    kinds = root.each("kinds", _agency_kind, needed=True)
    return {kind.key: replace(kind, order=order) for order, kind in enumerate(kinds)}


def _agency_kind(table: Table) -> AgencyKind:
    return AgencyKind(
        key=table.text("key"),
        label=table.text("label"),
        plural=table.text("plural"),
        group=table.text("group"),
        catalogue=table.text("catalogue"),
        council=table.flag("council"),
        order=0,
        expected_end=table.text("expected_end", ""),
        ends_by=table.text("ends_by", ""),
        ends_status=table.choice("ends_status", ENDS, "", otherwise=""),
        ends_some=table.flag("ends_some"),
        successor=table.text("successor", ""),
        unread=table.text("unread", ""),
        office=table.text("office", CHIEF),
    )


def read_services(text: str, file_name: str) -> dict[str, Service]:
    """Read the services by key, once they are checked."""
    return read_with(partial(_services, agency_kinds=None), text, file_name)


def check_services(text: str, file_name: str, agency_kinds: Iterable[str]) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of the services."""
    return faults_with(partial(_services, agency_kinds=tuple(agency_kinds)), text, file_name)


def _services(root: Table, agency_kinds: tuple[str, ...] | None) -> dict[str, Service]:
    services = root.each("services", partial(_service, agency_kinds=agency_kinds), needed=True)
    return {service.key: service for service in services}


def _service(table: Table, agency_kinds: tuple[str, ...] | None) -> Service:
    answered_by = table.part("answered_by", partial(_by_nation, options=agency_kinds), needed=True)
    subject = table.choice("subject", SUBJECTS, "", otherwise="") or None
    return Service(table.text("key"), table.text("title"), answered_by, subject)


def _by_nation(table: Table, options: tuple[str, ...] | None) -> dict[str, tuple[str, ...]]:
    """Lists of texts under the names of nations."""
    lists = {nation: table.texts(nation, options) for nation in NATIONS if nation in table.data}
    table.asked.update(NATIONS)
    return lists
