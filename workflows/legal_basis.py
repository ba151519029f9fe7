"""The legal basis of what is asked or recommended: what an agency must do, on what law, and what to mind before sending.

A basis holds reasons and values, never sentences: those are composed where they are shown (`scrutiny/legal_words.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Final, Self

from workflows.kinds import BODY_KINDS
from workflows.power import ATTEND, DOUBTFUL, DUTIES, INVITE, REGARD, REPLY, SUPPLY, Power, Powers
from workflows.written_days import day_written

VERSION: Final = 1
#: What is asked, and the duties that answer to it, the strongest first. Nobody need have regard to a question.
ANSWERS_TO: Final = {SUPPLY: (SUPPLY, INVITE), ATTEND: (ATTEND, INVITE), REPLY: (REPLY, REGARD)}
#: Bodies that sit in a council, so that which powers they hold may hang on the kind of council.
COMMITTEES: Final = ("council-committee", "health-committee", "crime-committee")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks whom, when and about what."""

    body_kind: str
    agency_kind: str
    on: date
    own_council: bool = False
    subject: str | None = None
    host_kind: str | None = None  # the kind of council the body sits in, where that is known
    nation: str = "england"  # the agency's
    body_nation: str | None = None  # where it is not the agency's
    personal: bool = False  # whether personal data would be asked for
    document: bool = True  # whether a document is asked for; words or figures are not owed under a power over documents
    acting: bool = False  # the method is itself the use of the power over its subject, so that its condition is met

    @property
    def nations(self) -> tuple[str, ...]:
        """The nations a power must be law in to bind: the body's and the agency's."""
        return tuple(dict.fromkeys((self.body_nation or self.nation, self.nation)))


@dataclass(frozen=True, slots=True)
class Clause:
    """One power as it applies to one asking, as values: enough to say the duty again when the file has changed."""

    key: str
    duty: str
    title: str
    covers: str
    clock: str
    event: str
    subject: str | None
    condition: str  # what must be true of the body that asks or of the agency, where that is not known; else ''
    source: str
    cited: str
    notice: str  # the law under which the letter itself is notice, or ''
    confidence: str
    limits: str
    exemptions: str
    silence: str
    clarification: str
    nations: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None

    @property
    def doubtful(self) -> bool:
        """Whether nobody has seen the text, so that no duty may be claimed under it."""
        return self.confidence == DOUBTFUL

    def to_plain(self) -> dict[str, Any]:
        """The same as plain values."""
        plain = asdict(self)
        plain["nations"] = list(self.nations)
        for key in ("valid_from", "valid_to"):
            plain[key] = plain[key].isoformat() if plain[key] else None
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read plain values; what a later version added is passed over."""
        values: dict[str, Any] = {key: plain.get(key) or "" for key in cls.__slots__}
        values |= {"subject": plain.get("subject"), "nations": tuple(plain.get("nations", ()))}
        for key in ("valid_from", "valid_to"):
            values[key] = day_written(plain[key]) if plain.get(key) else None
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Caution:
    """Something the officer should mind before sending: a reason with its values."""

    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """The same as plain values."""
        return {"reason": self.reason, "values": dict(self.values)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read plain values."""
        return cls(plain["reason"], plain["values"])


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """What an agency must do when it is asked one thing by one body on one day."""

    asked: str  # supply, attend or reply
    subject: str | None
    chief: Clause | None = None  # on which what is asked rests; None where no law is known
    unsettled: bool = False  # something else may bind: "you need not" would say more than is known
    beside: tuple[Clause, ...] = ()  # what would bind if the subject, or a condition, were met: for the officer only
    lines: tuple[Clause, ...] = ()  # the first power of each duty, the doubtful among them: for the officer only
    cautions: tuple[Caution, ...] = ()
    version: int = VERSION

    @property
    def duty(self) -> str:
        """The duty in one word: supply, attend, reply or regard; invite where nothing is owed."""
        return self.chief.duty if self.chief else INVITE

    @property
    def binds(self) -> bool:
        """Whether the agency must do what is asked."""
        return self.duty == self.asked

    @property
    def law(self) -> str:
        """The law in brief, or '' where none is known."""
        return self.chief.source if self.chief else ""

    @property
    def power_key(self) -> str:
        """The key of the power it rests on, or ''."""
        return self.chief.key if self.chief else ""

    def with_cautions(self, cautions: tuple[Caution, ...]) -> Self:
        """The same with more to mind."""
        return replace(self, cautions=(*self.cautions, *cautions))

    def to_plain(self) -> dict[str, Any]:
        """The same as plain values, to be stored."""
        return {
            "version": self.version,
            "asked": self.asked,
            "subject": self.subject,
            "chief": self.chief.to_plain() if self.chief else None,
            "unsettled": self.unsettled,
            "beside": [clause.to_plain() for clause in self.beside],
            "lines": [clause.to_plain() for clause in self.lines],
            "cautions": [caution.to_plain() for caution in self.cautions],
        }

    def stripped(self) -> Self:
        """The same with nothing in it that is for officers only: what may be sealed, exported or shown outside."""
        return replace(self, beside=(), lines=(), cautions=())

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read plain values."""
        return cls(
            asked=plain["asked"],
            subject=plain.get("subject"),
            chief=Clause.from_plain(plain["chief"]) if plain.get("chief") else None,
            unsettled=plain.get("unsettled", False),
            beside=tuple(Clause.from_plain(row) for row in plain.get("beside", ())),
            lines=tuple(Clause.from_plain(row) for row in plain.get("lines", ())),
            cautions=tuple(Caution.from_plain(row) for row in plain.get("cautions", ())),
            version=plain.get("version", VERSION),
        )


def find_basis(powers: Powers, asking: Asking, asked: str = SUPPLY, *, named: str = "") -> LegalBasis:
    """What an agency must do when a body asks it for one thing (`asked`: supply, attend or reply).

    `named` is the key of the power that an item or the method's own rule rests on; it leads where this body may use it.
    A power over one subject never leads where the subject is another or is not known.
    """
    reach = _reach(powers, asking, named)
    held = sorted(reach.held, key=lambda p: (p.fallback, p.doubtful, DUTIES.index(p.duty), p.subject != asking.subject))
    sure = [p for p in held if not p.doubtful and not p.fallback]
    own, barred = _own(powers, asking, asked, named)
    leading = (p for duty in ANSWERS_TO[asked] for p in sure if p.duty == duty and _leads(p, asking))
    chief = own or next(leading, None)
    binds = chief is not None and chief.duty == asked
    beside = [] if binds else [p for p in sure if p.duty == asked and not _leads(p, asking)]
    firsts: dict[str, Power] = {}
    for power in held:
        if not power.fallback:
            firsts.setdefault(power.duty, power)
    cautions = [
        *barred,
        *_other_nation(reach, held, asking),
        *_not_this_day(reach, held),
        *_host(reach, asking),
        *_off_subject(reach, held, asking),
        *_others_power(powers, held, asking),
        *(Caution("doubtful", _named(p) | {"doubt": p.doubt}) for p in held if p.doubtful),
        *(Caution("condition", _named(p) | {"condition": _condition(p, asking)}) for p in beside if _condition(p, asking)),
        *(Caution("expected-end", _named(p) | _end(p)) for p in held if p is chief and _ends(p, asking.on)),
        *_personal(chief, asking),
    ]
    return LegalBasis(
        asked=asked,
        subject=asking.subject,
        chief=clause_of(chief, asking) if chief else None,
        unsettled=not binds and any(p.duty == asked and not p.fallback for p in held),
        beside=tuple(clause_of(p, asking) for p in beside),
        lines=tuple(clause_of(p, asking) for p in sorted(firsts.values(), key=lambda p: DUTIES.index(p.duty))),
        cautions=tuple(cautions),
    )


def clause_of(power: Power, asking: Asking) -> Clause:
    """A power as it applies to an asking."""
    return Clause(
        key=power.key,
        duty=power.duty,
        title=power.title,
        covers=power.covers,
        clock=str(power.clock),
        event=power.event,
        subject=power.subject,
        condition=_condition(power, asking),
        source=power.source,
        cited=power.cited or power.source,
        notice=power.notice,
        confidence=power.confidence,
        limits=power.limits,
        exemptions=power.exemptions,
        silence=power.silence,
        clarification=power.clarification,
        nations=power.nations,
        valid_from=power.valid_from,
        valid_to=power.valid_to,
    )


def why_not(power: Power, asking: Asking) -> Caution | None:
    """Why a power may not be relied on by this body towards this agency on this day; None if it may."""
    reason, more = "", dict[str, Any]()
    if asking.body_kind not in power.askers:
        reason, more = "not-asker", {"body": asking.body_kind}
    elif not _reaches(power, asking.agency_kind, asking.own_council):
        reason = "not-reached"
    elif not _holds_in(power, asking):
        reason, more = "not-in-nation", {"nations": _absent(power, asking)}
    elif power.valid_to and asking.on > power.valid_to:
        reason, more = "ended", {"on": power.valid_to.isoformat()}
    elif power.valid_from and asking.on < power.valid_from:
        reason, more = "not-yet", {"on": power.valid_from.isoformat()}
    elif power.hosts and asking.host_kind is not None and asking.host_kind not in power.hosts:
        reason, more = "not-this-host", {"host": asking.host_kind}
    elif power.documents and not asking.document:
        reason = "only-documents"
    elif power.subject and asking.subject and power.subject != asking.subject:
        reason, more = "only-on-subject", {"subject": power.subject}
    return Caution(reason, _named(power) | more) if reason else None


@dataclass(frozen=True, slots=True)
class _Reach:
    """The powers of a body towards a kind of agency, narrowed step by step."""

    theirs: list[Power]  # of this kind of body over this kind of agency
    named: list[Power]  # that are law for both
    current: list[Power]  # on the day
    hosted: list[Power]  # by a committee of this kind of council
    held: list[Power]  # not barred by the subject, nor by what is asked for


def _reach(powers: Powers, asking: Asking, named: str) -> _Reach:
    """Narrow the powers of the file to those that may bear on an asking."""
    theirs = [p for p in powers if asking.body_kind in p.askers and _reaches(p, asking.agency_kind, asking.own_council)]
    law = [p for p in theirs if _holds_in(p, asking)]
    current = [p for p in law if p.holds_on(asking.on)]
    hosted = [p for p in current if not p.hosts or asking.host_kind is None or asking.host_kind in p.hosts]
    fit = [p for p in hosted if asking.document or not p.documents]
    held = [p for p in fit if not (asking.subject and p.subject) or asking.subject == p.subject]
    return _Reach(theirs, law, current, hosted, [p for p in held if not p.by_method or p.key == named])


def _own(powers: Powers, asking: Asking, asked: str, named: str) -> tuple[Power | None, tuple[Caution, ...]]:
    """The power an item or rule names, where this body may use it for what is asked; else why not."""
    power = next((p for p in powers if p.key == named), None)
    if power is None or power.duty not in ANSWERS_TO[asked]:
        return None, ()
    barred = why_not(power, asking)
    if barred is not None:
        return None, (Caution("named-barred", {"why": barred.to_plain()}),)
    return (power if not power.doubtful and _leads(power, asking) else None), ()


def _leads(power: Power, asking: Asking) -> bool:
    """Whether a power is for this subject, or for any, and nothing more must be true of body or agency."""
    return power.subject in (None, asking.subject) and not _condition(power, asking)


def _ends(power: Power, on: date) -> bool:
    """Whether a power is said to have ended by a day."""
    return bool(power.expected_end) and on.isoformat() >= power.expected_end


def _end(power: Power) -> dict[str, str]:
    """When and by what it is said to end, and how sure that is."""
    return {"end": power.expected_end, "by": power.ends_by, "status": power.ends_status}


def _condition(power: Power, asking: Asking) -> str:
    """What must still be true of body or agency; '' where nothing must, or the method itself says so of the body."""
    met = asking.acting and power.subject is not None and power.subject == asking.subject
    of_body = power.condition if asking.body_kind in power.condition_on and not met else ""
    return " and ".join(text for text in (of_body, power.only_if) if text)


def _reaches(power: Power, agency_kind: str, own_council: bool) -> bool:
    """Whether a power reaches a kind of agency, the body's own council or another."""
    if power.answerers and agency_kind not in power.answerers:
        return False
    return power.own == "any" or (power.own == "only") == own_council


def _holds_in(power: Power, asking: Asking) -> bool:
    """Whether a power is law for the body and for the agency."""
    return all(nation in power.nations for nation in asking.nations)


def _absent(power: Power, asking: Asking) -> list[str]:
    """Where a power is not law, of the nations it would have to be."""
    return [nation for nation in asking.nations if nation not in power.nations]


def _named(power: Power) -> dict[str, Any]:
    """A power as a caution names it."""
    return {"key": power.key, "title": power.title, "source": power.source}


def _other_nation(reach: _Reach, held: list[Power], asking: Asking) -> Iterator[Caution]:
    """Powers that would bind, were body and agency of one nation where they are law; nothing else of that duty holds."""
    still = {p.duty for p in held if not p.fallback}
    for power in reach.theirs:
        abroad = len(asking.nations) > 1 and not _holds_in(power, asking) and power.holds_on(asking.on)
        if abroad and not power.fallback and power.duty not in (*still, INVITE):
            yield Caution("other-nation", _named(power) | {"nations": _absent(power, asking)})


def _not_this_day(reach: _Reach, held: list[Power]) -> Iterator[Caution]:
    """Powers that are not law on the day, where nothing else of the same duty is."""
    still = {p.duty for p in held}
    for power in reach.named:
        if power not in reach.current and power.duty not in still:
            yield Caution("not-this-day", _named(power))


def _host(reach: _Reach, asking: Asking) -> Iterator[Caution]:
    """A committee of a council that does not hold the power, such as a district's; or one whose council is not known."""
    barred = [p for p in reach.current if p not in reach.hosted]
    if barred:
        kinds = dict.fromkeys(kind for p in barred for kind in p.hosts)
        laws = dict.fromkeys(p.source for p in barred)
        yield Caution("wrong-host", {"host": asking.host_kind, "laws": list(laws), "kinds": list(kinds)})
    hangs = [p for p in reach.held if p.hosts and not p.fallback]
    if hangs and asking.host_kind is None and asking.body_kind in COMMITTEES:
        yield Caution("host-unknown", {"laws": list(dict.fromkeys(p.source for p in hangs))})


def _off_subject(reach: _Reach, held: list[Power], asking: Asking) -> Iterator[Caution]:
    """A power that would bind, were the subject another."""
    if asking.subject and not any(p.duty == SUPPLY and not p.doubtful and not p.fallback for p in held):
        for power in reach.hosted:
            if power not in held and power.duty == SUPPLY and power.subject:
                yield Caution("only-on-subject", _named(power) | {"subject": power.subject})


def _others_power(powers: Powers, held: list[Power], asking: Asking) -> Iterator[Caution]:
    """Where this body has no power but another kind of body has: it may be asked to ask. Inspectorates are not."""
    if any(p.duty in (SUPPLY, REGARD) and not p.doubtful and not p.fallback for p in held):
        return
    for power in powers:
        if power.duty != SUPPLY or power.fallback or power.doubtful or power.subject or asking.body_kind in power.askers:
            continue
        reached = asking.agency_kind in power.answerers and power.own != "only"
        if reached and power.holds_on(asking.on) and _holds_in(power, asking):
            who = [kind for kind in power.askers if kind != "inspectorate" and kind in BODY_KINDS]
            if who:
                yield Caution("other-body", {"bodies": who, "source": power.source})


def _personal(chief: Power | None, asking: Asking) -> Iterator[Caution]:
    """Personal data asked by a body that may not have it."""
    if asking.personal and not (chief and chief.personal):
        yield Caution("personal")
