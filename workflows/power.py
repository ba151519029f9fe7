"""What a power is: who may ask whom, the duty that follows, its clock, its law, and how sure we are of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from workflows.clocks import Clock
from workflows.refusals import Refused
from workflows.workdays import in_words

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
CONFIDENCE: Final = {
    VERIFIED: "seen in a public text",
    GENERAL_KNOWLEDGE: "from general knowledge; check it before relying on it",
    DOUBTFUL: "doubtful: its text was not found, so do not rely on it unchecked",
}
NONE: Final = "none"
PAUSES: Final = "pauses"
RESTARTS: Final = "restarts"
NATION_LABELS: Final = {"england": "England", "wales": "Wales", "scotland": "Scotland", "northern-ireland": "Northern Ireland"}
#: What a question back from the agency does to the clock of a power.
CLARIFICATIONS: Final = {
    NONE: "a question back does not stop the clock: the law gives no pause, though a later day may be agreed",
    PAUSES: "the days from a question back to its reply are not counted: the law sets no number of days, so this is our practice",
    RESTARTS: "the period begins again on the day a question back is answered",
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
    condition: str  # what must be true of the committee that asks, in words; '' where nothing more must be
    condition_on: tuple[str, ...]  # the kinds of body of which that is not known from their kind alone
    limits: str
    exemptions: str
    silence: str
    clarification: str  # one of CLARIFICATIONS
    clarification_source: str  # '' where it is our practice alone
    source: str
    confidence: str
    nations: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the power was law on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    @property
    def held_for(self) -> str:
        """From when to when it is law, and where, in words."""
        began = f"from {in_words(self.valid_from)}" if self.valid_from else "from a day not known"
        ends = f" until {in_words(self.valid_to)}" if self.valid_to else ""
        return f"{began}{ends}, in {' and '.join(NATION_LABELS[nation] for nation in self.nations)}"

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

    def sentence_for(self, body_kind: str) -> str:
        """The same where a body of a kind asks: with the condition, if its kind does not show that it is met."""
        return f"{self.sentence}, {self.condition}" if body_kind in self.condition_on else self.sentence


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
