"""What a power is: who may ask whom, the duty that follows, its clock, its law, and how sure we are of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from workflows.clocks import Clock
from workflows.labels import labels
from workflows.refusals import Refused

SUPPLY: Final = "supply"
ATTEND: Final = "attend"
REPLY: Final = "reply"
REGARD: Final = "regard"
INVITE: Final = "invite"
OWN: Final = ("only", "never", "any")  # whether something is for the asking body's own council
DUTIES: Final = (SUPPLY, ATTEND, REPLY, REGARD, INVITE)
VERIFIED: Final = "verified"
GENERAL_KNOWLEDGE: Final = "general knowledge"
DOUBTFUL: Final = "doubtful"
#: How sure we are of a fact, for the officer's screen only: no letter, public page or export says it.
CONFIDENCE: Final = labels(
    {
        VERIFIED: "checked in a published text",
        "forerunner": "checked in the text of the section it replaced",
        GENERAL_KNOWLEDGE: "from general knowledge; check it before relying on it",
        DOUBTFUL: "doubtful: not all of its law was read, so check it before you rely on it",
    }
)
NONE: Final = "none"
PAUSES: Final = "pauses"
RESTARTS: Final = "restarts"
NATION_LABELS: Final = labels(
    {"england": "England", "wales": "Wales", "scotland": "Scotland", "northern-ireland": "Northern Ireland"}
)
#: What a question back from the agency does to the clock of a power.
CLARIFICATIONS: Final = labels(
    {
        NONE: "a question back does not stop the clock: the law gives no pause, though a later day may be agreed",
        PAUSES: "the days from a question back to its reply are not counted: the law sets no number of days, "
        "so this is our practice",
        RESTARTS: "the period begins again on the day a question back is answered",
    }
)


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
    covers: str  # what must be supplied, who must attend, how and on what it replies
    clock: Clock
    event: str
    subject: str | None
    documents: bool  # reaches documents alone: a question to be answered in words or figures never rests on it
    personal: bool
    fallback: bool
    by_method: bool  # binds only where an item or a rule of the method itself rests on it
    condition: str  # what must be true of the committee that asks, in words; '' where nothing more must be
    condition_on: tuple[str, ...]  # the kinds of body of which that is not known from their kind alone
    only_if: str  # what must be true of the agency, where its kind alone does not tell; '' where nothing more must be
    limits: str
    exemptions: str
    silence: str
    clarification: str  # one of CLARIFICATIONS
    clarification_source: str  # '' where it is our practice alone
    source: str
    cited: str  # the law by its full name, as a letter gives it; '' where `source` will do
    notice: str  # the law under which the letter itself is notice, so that the duty arises; '' where none is needed
    confidence: str
    doubt: str  # what of a doubtful power's law was not found or read, as a clause; '' where nothing is doubtful
    nations: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    expected_end: str  # a month or day by which it is announced to end, such as 2028-05; '' where none is
    ends_by: str  # the Act, Bill or statement that says so
    ends_status: str  # one of ENDS; '' where no end is expected

    def holds_on(self, day: date) -> bool:
        """Whether the power was law on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    @property
    def doubtful(self) -> bool:
        """Whether nobody has seen the text, so that no duty may be claimed under it."""
        return self.confidence == DOUBTFUL


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
        raise Refused("There is no power %(key)s in powers.toml.", key=repr(key))
