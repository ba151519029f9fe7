"""The names of the roles, and who is acting: a person in one capacity at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflows.labels import labels

COUNCILLOR: Final = "councillor"
CHAIR: Final = "chair"
SCRUTINY_OFFICER: Final = "scrutiny-officer"
INSPECTOR: Final = "inspector"
LEAD_INSPECTOR: Final = "lead-inspector"
RESPONDER: Final = "responder"
CERTIFIER: Final = "certifier"
ADMINISTRATOR: Final = "administrator"
OPERATOR: Final = "operator"  # whoever types a command at the machine
TIMETABLE: Final = "timetable"  # a job that runs by the clock

BODY_ROLES: Final = (COUNCILLOR, CHAIR, SCRUTINY_OFFICER, INSPECTOR, LEAD_INSPECTOR)
AGENCY_ROLES: Final = (RESPONDER, CERTIFIER)
LABELS: Final = labels(
    {
        COUNCILLOR: "Councillor",
        CHAIR: "Chair",
        SCRUTINY_OFFICER: "Scrutiny officer",
        INSPECTOR: "Inspector",
        LEAD_INSPECTOR: "Lead inspector",
        RESPONDER: "Responder",
        CERTIFIER: "Approver",
        ADMINISTRATOR: "Administrator",
        OPERATOR: "Operator",
        TIMETABLE: "Timetable",
    }
)


def role_called(words: str) -> str:
    """The key of a role named as pages name it ('Scrutiny officer'), or by its key; any other words as they are."""
    wanted = words.strip().casefold()
    return next((key for key, label in LABELS.items() if label.casefold() == wanted), words)


@dataclass(frozen=True, slots=True)
class Capacity:
    """For whom somebody acts: a body that asks, an agency that answers, one request to an agency, or nobody but themselves."""

    kind: str  # 'body', 'agency', 'request' or 'none'
    id: int | None
    name: str
    roles: frozenset[str]
    agency: int | None = None  # of one request: the agency it was put to
    only: tuple[int, ...] = ()  # acting for the agency, but in these requests alone

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows: 'body:3', 'agency:7', or '' for nobody."""
        return "" if self.kind == "none" else f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does a deed: a person acting in one capacity, an operator, a job, or anyone at all."""

    person: int | None
    name: str
    capacity: Capacity
    capacities: tuple[Capacity, ...] = ()
    administrator: bool = False

    @property
    def body(self) -> int | None:
        """The id of the body acted for, or None."""
        return self.capacity.id if self.capacity.kind == "body" else None

    @property
    def agency(self) -> int | None:
        """The id of the agency acted for, or None."""
        return self.capacity.id if self.capacity.kind == "agency" else None

    @property
    def request(self) -> int | None:
        """The id of the only request the actor may answer, or None for anybody else."""
        return self.capacity.id if self.capacity.kind == "request" else None

    @property
    def roles(self) -> frozenset[str]:
        """The roles held in this capacity, and administrator where the person is one."""
        return self.capacity.roles | {ADMINISTRATOR} if self.administrator else self.capacity.roles

    def has(self, *roles: str) -> bool:
        """Whether any of these roles is held now."""
        return not self.roles.isdisjoint(roles)

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows: 'person:4', 'operator', 'timetable' or 'anyone'."""
        if self.person is not None:
            return f"person:{self.person}"
        return next((role for role in (OPERATOR, TIMETABLE) if role in self.capacity.roles), "anyone")


NO_CAPACITY: Final = Capacity("none", None, "", frozenset())
ANYONE: Final = Actor(None, "Anyone", NO_CAPACITY)
OPERATOR_ACTOR: Final = Actor(None, "Operator", Capacity("none", None, "Operator", frozenset({OPERATOR})))
TIMETABLE_ACTOR: Final = Actor(None, "Timetable", Capacity("none", None, "Timetable", frozenset({TIMETABLE})))


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role somebody is given in an agency or a body, and its first day."""

    role: str
    from_on: date
