"""What a method is: phases, lines of enquiry, standard evidence, scale, sign-off and responses, as frozen values."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from workflows.clocks import Clock
from workflows.kinds import BODY_KINDS

UNITS: Final = {"wd": "working day", "cd": "day", "weeks": "week", "months": "month"}
ANSWER_KINDS: Final = ("text", "figures", "file", "any")
MARKINGS: Final = ("open", "exempt", "confidential", "personal")
DEPERSONALISED: Final = "depersonalised only"
PERSONAL_DATA: Final = {
    DEPERSONALISED: "Nothing that identifies a person may be asked for or kept.",
    "statutory": "Case records may be held under the inspectorates’ own powers, apart, until a retention day.",
}
JUDGEMENTS: Final = {
    "none": "no grade",
    "flags": "flags",
    "outcomes": "outcomes",
    "scale": "a numbered scale",
    "grades": "grades",
    "score": "scored statements",  # each line of enquiry is a statement; their points are summed (workflows/scoring.py)
}
POINTED: Final = ("scale", "score")  # scales whose options carry points
ALL_PARTNERS: Final = "all-partners"
SIGN_OFF_RULES: Final = {
    ALL_PARTNERS: "every partner body signs",
    "named-signatories": "the named signatories sign",
    "committee-vote": "the committee votes and its chair enters the vote",
}
START: Final = "start"


@dataclass(frozen=True, slots=True)
class Basis:
    """A law or guidance the method rests on, and how sure we are of it."""

    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A kind of body that may lead or join, and the law that lets it."""

    kind: str
    law: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the review: so long, so far after the start or another phase (its end unless it says its start)."""

    key: str
    title: str
    after: str  # 'start' or the key of another phase
    counted_from: str  # 'end' or 'start' of that phase
    offset: int
    offset_unit: str
    duration: int
    unit: str
    day_number_base: int  # 1 where the day counted from is itself number 1
    statutory: bool
    confidence: str
    note: str
    gate: bool = False  # whether no report may come out before it has ended
    statutory_in: tuple[str, ...] = ()  # the nations whose law sets it; none: all of the method's

    def set_by_law(self, nation: str) -> bool:
        """Whether the law of a nation sets this phase."""
        return self.statutory and (not self.statutory_in or nation in self.statutory_in)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of enquiry."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A standard item asked of agencies of these kinds; due by a clock, or so far from the end of a phase."""

    key: str
    title: str
    question: str
    agencies: tuple[str, ...]
    line: str
    clock: Clock | None
    phase: str | None
    offset: int
    unit: str
    power: str | None
    answer: str
    marking: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Option:
    """One judgement on the scale; `points` where the scale is numbered or scored, else 0."""

    key: str
    label: str
    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Band:
    """A grade of the whole, from a least sum of points up to the next band."""

    key: str
    label: str
    least: int


def judgement_word(kind: str) -> str:
    """What one judgement on a kind of scale is called: an outcome, where the method gives outcomes."""
    return "Outcome" if kind == "outcomes" else "Judgement"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The scale of judgement, what it is given to, its options in order, and the bands of a sum of points, lowest first."""

    kind: str
    per: str  # 'area', 'agency' or 'line'
    options: tuple[Option, ...]
    bands: tuple[Band, ...]
    confidence: str

    @property
    def word(self) -> str:
        """What one judgement on this scale is called."""
        return judgement_word(self.kind)

    @property
    def labels(self) -> dict[str, str]:
        """What each option and each band is called, by its key."""
        return {option.key: option.label for option in self.options} | {band.key: band.label for band in self.bands}


@dataclass(frozen=True, slots=True)
class AccuracyCheck:
    """How long agencies have to correct facts, what starts the count and who is asked."""

    clock: Clock
    event: str
    who: str
    confidence: str
    whole: tuple[str, ...] = ()  # the kinds of agency that are shown every finding, not only their own extracts


@dataclass(frozen=True, slots=True)
class SignOff:
    """By which rule the findings are signed, and by whom, in words."""

    rule: str
    who: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class ResponseRule:
    """When an agency of these kinds (none: any) must respond to a recommendation, and under which power."""

    agencies: tuple[str, ...]
    own: str  # 'only', 'never' or 'any': whether it is for the lead body's own council
    power: str | None
    clock: Clock
    event: str
    words: str
    confidence: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is looked at again after the report, and when; `outcome` limits it to one judgement."""

    title: str
    after: int
    unit: str
    outcome: str | None
    confidence: str


@dataclass(frozen=True, slots=True)
class Method:
    """A versioned way of reviewing a place; a review keeps the edition (digest) it was opened with."""

    key: str
    year: int
    number: int
    title: str
    summary: str
    nations: tuple[str, ...]
    subject: str | None  # one of power_words.SUBJECTS, to pass to find_basis
    personal_data: str
    retention_days: int  # how long personal files are kept after the report; 0 where none may be held
    basis: tuple[Basis, ...]
    leads: tuple[Entitlement, ...]
    joins: tuple[Entitlement, ...]
    phases: tuple[Phase, ...]
    lines: tuple[Line, ...]
    evidence: tuple[Evidence, ...]
    judgement: Judgement
    accuracy_check: AccuracyCheck
    sign_off: SignOff
    outputs: tuple[str, ...]
    responses: tuple[ResponseRule, ...]
    follow_ups: tuple[FollowUp, ...]
    digest: str  # SHA-256 of the text
    least_bodies: int = 1  # how many bodies must take part, the lead among them, observers aside

    @property
    def version(self) -> str:
        """The version as it is written, such as 2026.1."""
        return f"{self.year}.{self.number}"

    @property
    def name(self) -> str:
        """Key and version, as the file is named, such as jtai-2026.1."""
        return f"{self.key}-{self.version}"

    @property
    def may_hold_personal(self) -> bool:
        """Whether personal files may be asked for and held."""
        return self.personal_data == "statutory"

    def why_not_lead(self, body_kind: str) -> str:
        """Why a kind of body may not lead under this method, or '' if it may."""
        return _why_not(self, body_kind, self.leads, "lead")

    def why_not_join(self, body_kind: str) -> str:
        """Why a kind of body may not join under this method, or '' if it may."""
        return _why_not(self, body_kind, self.joins, "join")

    def line(self, key: str) -> Line:
        """The line of enquiry with a key; one that the method does not have is called by its key."""
        return next((line for line in self.lines if line.key == key), Line(key, key, ""))

    def option(self, key: str) -> Option:
        """The judgement with a key; one that the scale does not have is called by its key."""
        return next((option for option in self.judgement.options if option.key == key), Option(key, key, "", 0))

    def evidence_for(self, agency_kind: str) -> tuple[Evidence, ...]:
        """The standard items asked of a kind of agency, in the order of the method."""
        return tuple(item for item in self.evidence if agency_kind in item.agencies)

    def response_rule_for(
        self, agency_kind: str, *, own_council: bool = False, holding: Collection[str] | None = None
    ) -> ResponseRule | None:
        """The first rule that fits an agency's response to a recommendation, or None.

        With `holding`, the keys of the powers that hold towards it, a rule that rests on another power is passed over.
        """
        for rule in self.responses:
            fits = not rule.agencies or agency_kind in rule.agencies
            fits = fits and (holding is None or rule.power is None or rule.power in holding)
            if fits and (rule.own == "any" or (rule.own == "only") == own_council):
                return rule
        return None


def _why_not(method: Method, body_kind: str, entitled: Iterable[Entitlement], deed: str) -> str:
    """A refusal in a sentence, naming who may and on what law; '' if this kind of body may."""
    entitled = tuple(entitled)
    if any(entry.kind == body_kind for entry in entitled):
        return ""
    label = BODY_KINDS[body_kind].lower()
    who = "; ".join(f"{_with_article(BODY_KINDS[entry.kind].lower())} may ({entry.law})" for entry in entitled)
    whom = f"only {who}" if who else "nobody may"
    return f"{_with_article(label).capitalize()} may not {deed} the method “{method.title}”: {whom}."


def _with_article(noun: str) -> str:
    """A noun after a or an."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
