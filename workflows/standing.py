"""Where an agency stands towards a body that asks it, and what is warned about before anything is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflows.kinds import BODY_KINDS
from workflows.power import CONFIDENCE, DOUBTFUL, DUTIES, INVITE, NATION_LABELS, REGARD, SUBJECTS, SUPPLY, Power, Powers
from workflows.workdays import in_words


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

    @property
    def nations(self) -> tuple[str, ...]:
        """The nations a power must be law in to bind: the body's and the agency's."""
        return tuple(dict.fromkeys((self.body_nation or self.nation, self.nation)))


@dataclass(frozen=True, slots=True)
class Clause:
    """What an agency must do on one subject only, with the law it rests on and how sure we are of it."""

    subject: str  # in words
    sentence: str
    law: str
    how_sure: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agency stands towards a body that asks it: what it must do, on what law, how sure we are."""

    duty: str
    sentence: str
    power: Power | None  # the power the sentence rests on
    bound: tuple["Clause", ...]  # what holds besides, for one subject only, where the subject asked about is not given
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

    @property
    def lines(self) -> tuple[Power, ...]:
        """The first power of each duty, the doubtful among them: all one may say to this agency, strongest first."""
        firsts: dict[str, Power] = {}
        for power in self.powers:
            if not power.fallback:
                firsts.setdefault(power.duty, power)
        return tuple(sorted(firsts.values(), key=lambda power: DUTIES.index(power.duty)))


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
    body_nation: str | None = None,
    personal: bool = False,
) -> Standing:
    """What an agency of a kind must do when a body of a kind asks it, on a day, about a subject if one is given.

    `host_kind` is the kind of council the body sits in; `personal` says that personal data would be asked for; a power
    must be law in the body's nation and in the agency's.
    """
    asking = Asking(body_kind, agency_kind, on, own_council, subject, host_kind, nation, body_nation, personal)
    theirs = [p for p in powers if body_kind in p.askers and _reaches(p, agency_kind, own_council)]
    named = [p for p in theirs if _holds_in(p, asking)]
    current = [p for p in named if p.holds_on(on)]
    hosted = [p for p in current if not p.hosts or host_kind is None or host_kind in p.hosts]
    held = [p for p in hosted if not (subject and p.subject) or subject == p.subject]
    held.sort(key=lambda p: (p.fallback, p.doubtful, DUTIES.index(p.duty), p.subject != subject))
    chief = [p for p in held if p.duty in (SUPPLY, REGARD, INVITE) and not p.doubtful and not p.fallback]
    # A power over one subject never leads where the subject is another or is not given: it is said beside, for that subject.
    power = next((p for p in chief if p.subject in (None, subject)), None)
    weaker = len(DUTIES) if power is None else DUTIES.index(power.duty)
    bound = [p for p in chief if p.subject not in (None, subject) and DUTIES.index(p.duty) < weaker]
    warnings = [
        *_other_nation(theirs, held, asking),
        *_ended(named, current, held),
        *_wrong_host(current, hosted, host_kind),
        *_off_subject(hosted, held, subject),
        *_others_power(powers, held, asking),
        *(f"{p.title} ({p.source}) is {CONFIDENCE[DOUBTFUL]}." for p in held if p.doubtful),
        *_personal(power, personal),
    ]
    duty = power.duty if power else INVITE
    sentence = power.sentence_for(body_kind) if power else "may be invited only"
    return Standing(duty, sentence, power, tuple(_clause(p, body_kind) for p in bound), tuple(held), tuple(warnings))


def why_not(power: Power, asking: Asking) -> str:
    """Why a power may not be relied on by this body towards this agency on this day, in a sentence; '' if it may."""
    name = f"{power.title} ({power.source})"
    if asking.body_kind not in power.askers:
        return f"{name} is not for {_article(BODY_KINDS[asking.body_kind].lower())} to use."
    if not _reaches(power, asking.agency_kind, asking.own_council):
        return f"{name} does not reach this agency."
    if not _holds_in(power, asking):
        return f"{name} is not law in {_absent(power, asking)}."
    if power.valid_to and asking.on > power.valid_to:
        return f"{name} is out of date: it was law until {in_words(power.valid_to)}."
    if power.valid_from and asking.on < power.valid_from:
        return f"{name} is not law yet: it is from {in_words(power.valid_from)}."
    if power.hosts and asking.host_kind is not None and asking.host_kind not in power.hosts:
        return f"{name} is not for a committee of {_article(asking.host_kind.replace('-', ' '))} council to use."
    if power.subject and asking.subject and power.subject != asking.subject:
        return f"{name} reaches only {SUBJECTS[power.subject]}."
    return ""


def _reaches(power: Power, agency_kind: str, own_council: bool) -> bool:
    """Whether a power reaches a kind of agency, the body's own council or another."""
    if power.answerers and agency_kind not in power.answerers:
        return False
    return power.own == "any" or (power.own == "only") == own_council


def _holds_in(power: Power, asking: Asking) -> bool:
    """Whether a power is law for the body and for the agency."""
    return all(nation in power.nations for nation in asking.nations)


def _absent(power: Power, asking: Asking) -> str:
    """Where a power is not law, of the nations it would have to be."""
    return " or ".join(NATION_LABELS[nation] for nation in asking.nations if nation not in power.nations)


def _article(noun: str) -> str:
    """A noun after a or an."""
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def _clause(power: Power, body_kind: str) -> Clause:
    """A power over one subject, as it is said beside what holds for all."""
    return Clause(SUBJECTS[power.subject or ""], power.sentence_for(body_kind), power.source, CONFIDENCE[power.confidence])


def _other_nation(theirs: list[Power], held: list[Power], asking: Asking) -> Iterator[str]:
    """Powers that would bind, were body and agency of one nation where they are law; nothing else of that duty holds."""
    still = {p.duty for p in held if not p.fallback}
    for power in theirs:
        abroad = len(asking.nations) > 1 and not _holds_in(power, asking) and power.holds_on(asking.on)
        if abroad and not power.fallback and power.duty not in (*still, INVITE):
            yield f"{power.title} ({power.source}) is not law in {_absent(power, asking)}: it does not bind here."


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


def _others_power(powers: Powers, held: list[Power], asking: Asking) -> Iterator[str]:
    """Where this body has no power but another kind of body has: it may be asked to ask. Inspectorates are not."""
    if any(p.duty in (SUPPLY, REGARD) and not p.doubtful and not p.fallback for p in held):
        return
    for power in powers:
        if power.duty != SUPPLY or power.fallback or power.doubtful or power.subject or asking.body_kind in power.askers:
            continue
        reached = asking.agency_kind in power.answerers and power.own != "only"
        if reached and power.holds_on(asking.on) and _holds_in(power, asking):
            who = " or ".join(BODY_KINDS[kind].lower() for kind in power.askers if kind != "inspectorate")
            if who:
                yield f"Only a {who} may require this ({power.source}); it may be asked to ask."


def _personal(power: Power | None, personal: bool) -> Iterator[str]:
    """Personal data asked by a body that may not have it."""
    if personal and not (power and power.personal):
        yield "Personal data may not be asked for: ask for figures or depersonalised information instead."
