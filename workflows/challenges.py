"""The rules of public challenges: their days, thresholds and grounds, and what a call for action may not be about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workflows.clocks import parse_clock
from workflows.kinds import BODY_KINDS
from workflows.labels import labels
from workflows.reading import Fault, Table, faults_with, read_with
from workflows.refusals import Refused

#: What may be challenged.
KINDS: Final = labels(
    {
        "figure": "A figure of the count",
        "row": "A row of a source",
        "finding": "A finding",
        "recommendation": "A recommendation",
        "service": "A service",
        "area": "Who answers here",
    }
)
#: Why a challenge is not published, as its writer is told.
GROUNDS: Final = labels(
    {
        "abusive": "It is abusive or threatening",
        "not-about-this": "It is not about what it was sent for",
        "personal-complaint": "It is a complaint about how you or somebody you know was treated",
        "individual-case": "It is about one person’s case, which cannot be discussed in public",
        "not-enough-said": "It does not say what is wrong",
        "repeated": "You have sent the same before",
    }
)
#: Where else its writer may turn.
SIGNPOSTS: Final = labels(
    {
        "ombudsman": "Complain to the organisation first. If you are not satisfied with its answer, ask it who can review it",
        "agency": "Contact the organisation directly: it may be able to discuss the case with you in private",
        "": "",
    }
)
OUTCOMES: Final = labels(
    {
        "corrected": "Agreed and corrected",
        "agreed": "Agreed, not corrected yet",
        "partly": "Partly agreed",
        "not_agreed": "Not agreed",
    }
)
EXCLUSIONS: Final = labels(
    {
        "planning": "A planning decision",
        "licensing": "A licensing decision",
        "right-of-appeal": "A matter in which somebody has a right of review or appeal in law",
        "vexatious": "Vexatious or discriminatory",
        "not-reasonable": "Not reasonable to put on the agenda of a meeting",
    }
)
#: What became of the thing since it was challenged.
CHANGES: Final = labels(
    {
        "source_corrected": "The source of this figure was corrected",
        "source_withdrawn": "The source of this figure was withdrawn from the count",
        "new_edition": "A new edition of the report was published",
        "report_withdrawn": "The report was withdrawn",
        "recommendation_moved": "The response to this recommendation changed",
        "progress_returned": "The agency sent a progress update on this recommendation",
        "area_changed": "The area this agency serves was changed",
    }
)
#: How a challenge came before a body.
WAYS: Final = labels(
    {"supporters": "Enough people support it", "councillor": "A councillor’s call for action", "officer": "An officer’s proposal"}
)


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason not to publish, and where its writer may turn."""

    key: str
    signpost: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What a call for action may not be about, the law that says so, and how sure we are of it."""

    key: str
    law: str
    confidence: str


@dataclass(frozen=True, slots=True)
class ChallengeRules:
    """Clocks as text, numbers of days, and what is decided by a key."""

    check_within: str
    answer_within: str
    chase_every: int
    confirm_within: int
    keep_addresses: int
    minimum_sample: int
    thresholds: Mapping[str, int]
    grounds: Mapping[str, Ground]
    exclusions: Mapping[str, Exclusion]


def read_challenges(text: str, file_name: str) -> ChallengeRules:
    """Read the rules, once they are checked."""
    return read_with(_rules, text, file_name)


def check_challenges(text: str, file_name: str) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of the rules."""
    return faults_with(_rules, text, file_name)


def _rules(root: Table) -> ChallengeRules:
    return ChallengeRules(
        check_within=_clock(root, "check_within"),
        answer_within=_clock(root, "answer_within"),
        chase_every=root.number("chase_every", least=1, most=250),
        confirm_within=root.number("confirm_within", least=1, most=60),
        keep_addresses=root.number("keep_addresses", least=1, most=3650),
        minimum_sample=root.number("minimum_sample", least=2, most=1000),
        thresholds=dict(root.each("thresholds", _threshold, unique="body")),
        grounds={one.key: one for one in root.each("grounds", _ground, needed=True)},
        exclusions={one.key: one for one in root.each("exclusions", _exclusion)},
    )


def _clock(table: Table, key: str) -> str:
    """A clock that counts days from a start."""
    text = table.text(key, otherwise="working_after:20")
    try:
        clock = parse_clock(text)
    except Refused as refused:
        table.fault(key, refused.sentence, "write working_after:20")
        return "working_after:20"
    if clock.name not in ("working_after", "calendar_after"):
        table.fault(key, f"{key} is {text!r}", "write working_after or calendar_after with a number of days")
    return text


def _threshold(table: Table) -> tuple[str, int]:
    return table.choice("body", tuple(BODY_KINDS)), table.number("supporters", least=2)


def _ground(table: Table) -> Ground:
    key = table.choice("key", tuple(GROUNDS))
    return Ground(key, table.choice("signpost", ("ombudsman", "agency"), ""))


def _exclusion(table: Table) -> Exclusion:
    key, law = table.choice("key", tuple(EXCLUSIONS)), table.text("law")
    return Exclusion(key, law, table.choice("confidence", ("official", "not-verified"), otherwise="not-verified"))
