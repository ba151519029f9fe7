"""Where nobody holds a service to account: nobody looked for years, nobody may, or nobody answers. Choices are data
(config/gaps.toml); a gap holds its reasons as values, never as a score."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import product
from math import ceil
from typing import Final

from workflows.kinds import BODY_KINDS, Service
from workflows.labels import labels
from workflows.legal_basis import Asking, clause_of, why_not
from workflows.power import ATTEND, SUPPLY, Power, Powers
from workflows.reading import Fault, Table, faults_with, read_with

UNEXAMINED, NO_POWER, NO_AGENCY = "not-looked-at", "no-power", "no-agency"
KINDS: Final = labels(
    {UNEXAMINED: "No review recorded here", NO_POWER: "No power to require evidence", NO_AGENCY: "No agency recorded here"}
)
MOST_YEARS: Final = 50
#: A way of inspecting, not what is inspected: such a power reaches any service, on the condition that it is used.
JOINT: Final = "joint-area"
#: Of a place that nobody answers for: less than this is borders drawn twice.
SLIVER: Final = 0.01


@dataclass(frozen=True, slots=True)
class Interval:
    """After how many years a service counts as not looked at, and on what ground."""

    key: str
    years: int
    source: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What config/gaps.toml chooses."""

    title: str
    years: int
    least_percent: int
    unsaid: bool
    register_public: bool
    services: tuple[Interval, ...]

    def years_of(self, service: str, asked: int | None = None) -> int:
        """The years for a service: those asked for, else its own, else those of every service."""
        if asked is not None:
            return asked
        return next((one.years for one in self.services if one.key == service), self.years)

    def source_of(self, service: str) -> str:
        """Where the years of a service come from; '' where they are those of every service."""
        return next((one.source for one in self.services if one.key == service), "")


@dataclass(frozen=True, slots=True)
class Look:
    """A review that asked an agency: the day its report was published (None while it has none), the services it is about
    (None where it does not say), and the share of the place that its own place covers."""

    reference: str
    title: str
    on: date | None
    services: frozenset[str] | None
    share: float | None

    def is_about(self, service: str, *, unsaid: bool) -> bool:
        """Whether it is about a service."""
        return unsaid if self.services is None else service in self.services


@dataclass(frozen=True, slots=True)
class Answerer:
    """An agency that answers in a place, and the share of the place's land it answers for."""

    id: int
    kind: str
    nation: str
    services: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Asker:
    """A body that may ask: `host` is the agency it sits in, None where it sits in none."""

    kind: str
    nation: str
    host: int | None = None
    host_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one place on a day."""

    nations: frozenset[str]
    answerers: Sequence[Answerer]
    looks: Mapping[int, Sequence[Look]]
    askers: Sequence[Asker]


@dataclass(frozen=True, slots=True)
class Could:
    """A kind of body that could require evidence if one were recorded here, the law, and whether only on a condition."""

    body: str
    law: str
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap. `last` is the newest review that counts but is too old; `small` those that cover too little of the place;
    `vague` those that do not say what they are about; `now` those not published yet; `could` the kinds of body that would have
    a power; `open_laws` what anybody may rely on; `missing` the share of the land nobody answers for; `usual` who should."""

    kind: str
    service: str
    agency: int | None = None
    years: int = 0
    last: Look | None = None
    small: tuple[Look, ...] = ()
    vague: tuple[Look, ...] = ()
    now: tuple[Look, ...] = ()
    could: tuple[Could, ...] = ()
    open_laws: tuple[str, ...] = ()
    missing: float = 1.0
    usual: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the gap is known by in its place."""
        return f"{self.kind}:{self.service}:{self.agency or ''}"


@dataclass
class GapFinder:
    """Finds the gaps of places on a day. One finder serves many places: what the law says of two kinds is worked out once."""

    choices: Choices
    services: Mapping[str, Service]
    powers: Powers
    on: date
    years: int | None = None
    known: dict[tuple[str, str, str | None], tuple[Could, ...]] = field(default_factory=dict)
    reached: dict[tuple[Asker, str, str, bool, str | None], bool] = field(default_factory=dict)

    def find(self, facts: Facts) -> tuple[Gap, ...]:
        """Every gap of a place, by service, each service's in the order of kinds."""
        return tuple(gap for service in self.services.values() for gap in self._of_service(service, facts))

    def _of_service(self, service: Service, facts: Facts) -> Iterable[Gap]:
        answering = [one for one in facts.answerers if service.key in one.services]
        yield from self._unanswered(service, facts, answering)
        for one in answering:
            if (gap := self._unexamined(service, facts, one)) is not None:
                yield gap
            if (gap := self._powerless(service, facts, one)) is not None:
                yield gap

    def _unanswered(self, service: Service, facts: Facts, answering: Sequence[Answerer]) -> Iterable[Gap]:
        """That no agency answers for a service, in all of the place or in a part; nothing where the law of no nation here
        knows who would."""
        usual = tuple(dict.fromkeys(kind for nation in sorted(facts.nations) for kind in service.answered_by.get(nation, ())))
        shares: dict[str, float] = {}
        for one in answering:
            shares[one.kind] = shares.get(one.kind, 0.0) + one.share
        missing = 1 - min(max(shares.values(), default=0.0), 1.0)
        if usual and missing >= SLIVER:
            yield Gap(NO_AGENCY, service.key, missing=missing, usual=usual)

    def _unexamined(self, service: Service, facts: Facts, one: Answerer) -> Gap | None:
        """That no review which counts was published in the years before; None where one was."""
        years = self.choices.years_of(service.key, self.years)
        looks = facts.looks.get(one.id, ())
        about = [look for look in looks if look.is_about(service.key, unsaid=self.choices.unsaid)]
        least = self.choices.least_percent / 100
        published = sorted((look for look in about if look.on is not None and look.on <= self.on), key=_newest_first)
        counted = [look for look in published if look.share is None or look.share >= least]
        if counted and counted[0].on is not None and counted[0].on > years_before(self.on, years):
            return None
        small = tuple(look for look in published if look not in counted)
        now = tuple(look for look in about if look.on is None)
        since = years_before(self.on, years)
        vague = tuple(look for look in looks if look.on is not None and since < look.on <= self.on and look.services is None)
        last = counted[0] if counted else None
        return Gap(UNEXAMINED, service.key, one.id, years, last, small, () if self.choices.unsaid else vague, now)

    def _powerless(self, service: Service, facts: Facts, one: Answerer) -> Gap | None:
        """That no body recorded here may require evidence of an agency; None where one may, or where that hangs on what is
        not known."""
        if any(self._reaches(asker, service, one) for asker in facts.askers):
            return None
        return Gap(NO_POWER, service.key, one.id, could=self._could(service, one), open_laws=self._open(one))

    def _reaches(self, asker: Asker, service: Service, one: Answerer) -> bool:
        """Whether any power of a body may reach an agency about a service, a condition or a doubt left open."""
        key = asker, one.kind, one.nation, asker.host == one.id, service.subject
        if key not in self.reached:
            asking = Asking(
                asker.kind,
                one.kind,
                self.on,
                own_council=asker.host == one.id,
                subject=service.subject,
                host_kind=asker.host_kind,
                nation=one.nation,
                body_nation=asker.nation,
            )
            self.reached[key] = any(_requires(power, asking) for power in self.powers)
        return self.reached[key]

    def _could(self, service: Service, one: Answerer) -> tuple[Could, ...]:
        """The kinds of body that would have a power if one were recorded here, the council's own committees among them; a
        power without conditions before any other. What nobody has read is not claimed."""
        key = one.kind, one.nation, service.subject
        if key not in self.known:
            found: dict[str, Could] = {}
            for kind, own in product(BODY_KINDS, (True, False)):
                asking = Asking(kind, one.kind, self.on, own_council=own, subject=service.subject, nation=one.nation)
                for power in (power for power in self.powers if _requires(power, asking) and not power.doubtful):
                    could = Could(
                        kind, power.cited or power.source, bool(clause_of(power, asking).condition) or power.subject == JOINT
                    )
                    if kind not in found or (found[kind].conditional and not could.conditional):
                        found[kind] = could
            self.known[key] = tuple(found.values())
        return self.known[key]

    def _open(self, one: Answerer) -> tuple[str, ...]:
        """The laws by which anybody may ask this kind of agency."""
        held = [power for power in self.powers if power.fallback and power.holds_on(self.on) and one.nation in power.nations]
        return tuple(power.cited or power.source for power in held if not power.answerers or one.kind in power.answerers)


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _newest_first(look: Look) -> tuple[int, str]:
    return -(look.on.toordinal() if look.on else 0), look.reference


def _requires(power: Power, asking: Asking) -> bool:
    """Whether a power lets a body require evidence: papers, figures or somebody's attendance, about this service."""
    if power.duty not in (SUPPLY, ATTEND) or power.fallback:
        return False
    if power.subject == JOINT:
        asking = replace(asking, subject=JOINT)
    return power.subject in (None, asking.subject) and why_not(power, asking) is None


def bands(gaps: Iterable[int]) -> tuple[int, int, int]:
    """From how many gaps a place is drawn lightly, darker and darkest: thirds, from the fewest that any place has to the most.

    Where all places have about as many, steps that never change would tell nothing.
    """
    some = [number for number in gaps if number]
    least, most = (min(some), max(some)) if some else (1, 1)
    third = (most - least + 1) / 3
    return least, least + ceil(third), least + ceil(2 * third)


def read_gap_choices(text: str, file_name: str) -> Choices:
    """Read the choices, once they are checked."""
    return read_with(partial(_choices, services=None), text, file_name)


def check_gap_choices(text: str, file_name: str, services: Iterable[str]) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of the choices, given the services there are."""
    return faults_with(partial(_choices, services=tuple(services)), text, file_name)


def _choices(root: Table, services: tuple[str, ...] | None) -> Choices:
    return Choices(
        root.text("title"),
        root.number("years", least=1, most=MOST_YEARS),
        root.number("least_percent", least=0, most=100),
        root.flag("unsaid"),
        root.flag("register_public"),
        root.each("services", partial(_interval, services=services)),
    )


def _interval(table: Table, services: tuple[str, ...] | None) -> Interval:
    key = table.text("key") if services is None else table.choice("key", services)
    return Interval(key, table.number("years", least=1, most=MOST_YEARS), table.text("source"))
