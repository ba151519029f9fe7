"""The powers: which law lets a body ask an agency, what the agency must then do, and how sure we are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from workflows.clocks import Clock, parse_clock
from workflows.deadlines import START_EVENTS
from workflows.kinds import BODY_KINDS
from workflows.reading import Document, Table, no_twins
from workflows.refusals import Refused
from workflows.workdays import NATIONS

SUPPLY: Final = "supply"
ATTEND: Final = "attend"
REPLY: Final = "reply"
REGARD: Final = "regard"
INVITE: Final = "invite"
DUTIES: Final = (SUPPLY, ATTEND, REPLY, REGARD, INVITE)
VERIFIED: Final = "verified"
DOUBTFUL: Final = "doubtful"
CONFIDENCE: Final = {
    VERIFIED: "seen in a public text",
    "general knowledge": "from general knowledge; check it before relying on it",
    DOUBTFUL: "doubtful: its text was not found, so do not rely on it unchecked",
}
SUBJECTS: Final = {
    "crime": "crime and disorder",
    "health": "health and care",
    "flood": "flood risk",
    "joint-area": "a joint area inspection",
}


@dataclass(frozen=True, slots=True)
class Power:
    """One power: who may ask, who answers, the duty that follows, its clock, its law and its limits."""

    key: str
    title: str
    askers: tuple[str, ...]
    hosts: tuple[str, ...]  # kinds of council the asking committee must belong to; none means any
    answerers: tuple[str, ...]  # none means anybody
    own: str  # 'only', 'never' or 'any': whether it reaches the body's own council
    duty: str
    covers: str
    clock: Clock
    event: str
    subject: str | None
    personal: bool
    fallback: bool
    limits: str
    exemptions: str
    silence: str
    source: str
    confidence: str
    nations: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the power was law on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    @property
    def doubtful(self) -> bool:
        """Whether nobody has seen the text, so that no duty may be claimed under it."""
        return self.confidence == DOUBTFUL

    @property
    def when(self) -> str:
        """The period in words, to follow a duty."""
        n = self.clock.number
        return {
            "calendar_after": f"within {n} days",
            "months_beginning_with": f"within {'two' if n == 2 else n} months beginning with the day of receipt",
            "working_after": f"within {n} working days",
            "working_after_uk_any": f"within {n} working days",
            "working_day_number": f"by working day {n}",
            "clear_after": f"within {n} clear days",
            "clear_before": f"{n} clear days before the meeting",
            "stated_date": "by the date written in the request",
            "reasonable": "on reasonable notice",
            "none": "though no period is set",
        }[self.clock.name]

    @property
    def sentence(self) -> str:
        """What the agency must do, in plain words."""
        must = "may have to" if self.doubtful else "must"
        return {
            SUPPLY: f"{must} supply {self.covers}, {self.when}",
            ATTEND: f"{must} attend {self.when}, {self.covers}",
            REPLY: f"{must} reply {self.covers}, {self.when}",
            REGARD: "must have regard, need not reply",
            INVITE: "may be invited only",
        }[self.duty]


@dataclass(frozen=True, slots=True)
class Powers:
    """All powers, in the order of the file."""

    all: tuple[Power, ...]

    def __iter__(self) -> Iterator[Power]:
        return iter(self.all)

    def by_key(self, key: str) -> Power:
        """The power with a key; refused if there is none."""
        for power in self.all:
            if power.key == key:
                return power
        raise Refused(f"There is no power {key!r} in powers.toml.")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agency stands towards a body that asks it: what it must do, on what law, how sure we are."""

    duty: str
    sentence: str
    power: Power | None  # the power the sentence rests on
    powers: tuple[Power, ...]  # every power that holds, strongest first
    warnings: tuple[str, ...]

    @property
    def law(self) -> str:
        """The law the sentence rests on, or that none is known."""
        return self.power.source if self.power else "no power is known here"

    @property
    def confidence(self) -> str:
        """How sure we are of that law, as a word of the file; '' where there is none."""
        return self.power.confidence if self.power else ""

    @property
    def how_sure(self) -> str:
        """How sure we are, in words; '' where there is no law."""
        return CONFIDENCE[self.power.confidence] if self.power else ""

    def line_for(self, duty: str) -> Power | None:
        """The power under which the agency owes one duty ('attend', 'reply'…), or None."""
        return next((p for p in self.powers if p.duty == duty and not p.doubtful and not p.fallback), None)


def power_for(
    powers: Powers,
    *,
    body_kind: str,
    agency_kind: str,
    on: date,
    own_council: bool = False,
    subject: str | None = None,
    host_kind: str | None = None,
    nation: str = "england",
    personal: bool = False,
) -> Standing:
    """What an agency of a kind must do when a body of a kind asks it, on a day, about a subject if one is given.

    `host_kind` is the kind of council the body sits in; `personal` says that personal data would be asked for.
    """
    here = [p for p in powers if body_kind in p.askers and nation in p.nations]
    named = [p for p in here if _reaches(p, agency_kind, own_council)]
    current = [p for p in named if p.holds_on(on)]
    hosted = [p for p in current if not p.hosts or host_kind is None or host_kind in p.hosts]
    held = [p for p in hosted if not (subject and p.subject) or subject == p.subject]
    held.sort(key=lambda p: (p.fallback, p.doubtful, DUTIES.index(p.duty), p.subject != subject))
    power = next((p for p in held if p.duty in (SUPPLY, REGARD, INVITE) and not p.doubtful and not p.fallback), None)
    warnings = [
        *_ended(named, current, held),
        *_wrong_host(current, hosted, host_kind),
        *_off_subject(hosted, held, subject),
        *_others_power(powers, held, agency_kind, body_kind, on, nation),
        *(f"{p.title} ({p.source}) is {CONFIDENCE[DOUBTFUL]}." for p in held if p.doubtful),
        *_personal(power, personal),
    ]
    duty = power.duty if power else INVITE
    return Standing(duty, _sentence(power, held, subject), power, tuple(held), tuple(warnings))


def _reaches(power: Power, agency_kind: str, own_council: bool) -> bool:
    """Whether a power reaches a kind of agency, the body's own council or another."""
    if power.answerers and agency_kind not in power.answerers:
        return False
    return power.own == "any" or (power.own == "only") == own_council


def _sentence(power: Power | None, held: list[Power], subject: str | None) -> str:
    """The headline: what must be supplied; and, where the power reaches one subject only, what holds for the rest."""
    if power is None:
        return "may be invited only"
    if subject or not power.subject:
        return power.sentence
    rest = next((p for p in held if p.duty in (REGARD, INVITE) and not p.subject and not p.doubtful), None)
    beyond = "must have regard, need not reply" if rest and rest.duty == REGARD else "may be invited only"
    return f"{power.sentence}; on anything but {SUBJECTS[power.subject]} {beyond}"


def _ended(named: list[Power], current: list[Power], held: list[Power]) -> Iterator[str]:
    """Powers that are not law on the day, where nothing else of the same duty is."""
    still = {p.duty for p in held}
    for power in named:
        if power not in current and power.duty not in still:
            yield f"{power.title} ({power.source}) is not law on this day."


def _wrong_host(current: list[Power], hosted: list[Power], host_kind: str | None) -> Iterator[str]:
    """A committee of a council that does not hold the power, such as a district's using health powers."""
    barred = [p for p in current if p not in hosted]
    if barred:
        laws = ", nor ".join(dict.fromkeys(p.source for p in barred))
        kinds = dict.fromkeys(kind.replace("-", " ") for p in barred for kind in p.hosts)
        whose = ", ".join(kinds).replace("london", "London")
        yield f"A committee of a {host_kind} council may not use {laws}: only those of these councils may: {whose}."


def _off_subject(hosted: list[Power], held: list[Power], subject: str | None) -> Iterator[str]:
    """A power that would bind, were the subject another."""
    if subject and not any(p.duty == SUPPLY and not p.doubtful and not p.fallback for p in held):
        for power in hosted:
            if power not in held and power.duty == SUPPLY and power.subject:
                yield f"{power.title} ({power.source}) reaches only {SUBJECTS[power.subject]}."


def _others_power(
    powers: Powers, held: list[Power], agency_kind: str, body_kind: str, on: date, nation: str
) -> Iterator[str]:
    """Where this body has no power but another kind of body has: it may be asked to ask. Inspectorates are not."""
    if any(p.duty in (SUPPLY, REGARD) and not p.doubtful and not p.fallback for p in held):
        return
    for power in powers:
        if power.duty != SUPPLY or power.fallback or power.doubtful or power.subject or body_kind in power.askers:
            continue
        if agency_kind in power.answerers and power.own != "only" and power.holds_on(on) and nation in power.nations:
            who = " or ".join(BODY_KINDS[kind].lower() for kind in power.askers if kind != "inspectorate")
            if who:
                yield f"Only a {who} may require this ({power.source}); it may be asked to ask."


def _personal(power: Power | None, personal: bool) -> Iterator[str]:
    """Personal data asked by a body that may not have it."""
    if personal and not (power and power.personal):
        yield "Personal data may not be asked for: ask for figures or depersonalised information instead."


def read_powers(text: str, file_name: str, agency_kinds: Iterable[str] | None = None) -> Powers:
    """Read the powers; Faulty names everything that is wrong. Kinds of agency are checked where they are given."""
    document = Document(text, file_name)
    root = document.root()
    tables = root.tables("powers", needed=True)
    known = None if agency_kinds is None else tuple(agency_kinds)
    powers = tuple(_power(table, known) for table in tables)
    no_twins(tables)
    root.close()
    document.finish()
    return Powers(powers)


def _power(table: Table, agency_kinds: tuple[str, ...] | None) -> Power:
    """One power; whatever is wrong is noted at its key."""
    power = Power(
        key=table.text("key"),
        title=table.text("title"),
        askers=table.texts("askers", BODY_KINDS, needed=True),
        hosts=table.texts("hosts", agency_kinds),
        answerers=table.texts("answerers", agency_kinds),
        own=table.choice("own", ("only", "never", "any"), "any"),
        duty=table.choice("duty", DUTIES),
        covers=table.text("covers"),
        clock=read_clock(table, "clock"),
        event=table.choice("event", START_EVENTS),
        subject=table.choice("subject", SUBJECTS, "") or None,
        personal=table.flag("personal"),
        fallback=table.flag("fallback"),
        limits=table.text("limits", ""),
        exemptions=table.text("exemptions", ""),
        silence=table.text("silence"),
        source=table.text("source"),
        confidence=table.choice("confidence", CONFIDENCE),
        nations=table.texts("nations", NATIONS, needed=True),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
    )
    if power.valid_from and power.valid_to and power.valid_to < power.valid_from:
        table.fault("valid_to", "valid_to falls before valid_from", "put the later day last")
    table.close()
    return power


def read_clock(table: Table, key: str, default: str | None = None) -> Clock:
    """The clock at a key; an unknown one is noted as a fault."""
    text = table.text(key, default)
    try:
        return parse_clock(text) if text else parse_clock("none")
    except Refused as refused:
        problem, _, remedy = refused.sentence.rstrip(".").partition("; ")
        table.fault(key, problem, remedy)
        return parse_clock("none")


def confidence_of(table: Table) -> str:
    """How sure we are of a fact; general knowledge where nothing is said."""
    return table.choice("confidence", CONFIDENCE, "general knowledge")
