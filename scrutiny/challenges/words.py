"""What challenges and what they are about are called, in sentences composed from what rows keep."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext, ngettext

from scrutiny.agencies.models import Agency
from scrutiny.challenges.models import Challenge, ChallengeChange, ChallengeReferral, Facts
from scrutiny.challenges.subjects import Subject
from scrutiny.formats import london_day, plain_day
from scrutiny.ledger import words as ledger
from scrutiny.ledger.counting import year_title
from scrutiny.rules.queries import rules
from workflows.challenges import CHANGES, EXCLUSIONS, GROUNDS, OUTCOMES, SIGNPOSTS
from workflows.lifecycles.challenge import CHALLENGE, REFERRAL


def title_of(about: Challenge | Subject) -> str:
    """What a challenge is about, by name and number alone: nothing of what was published is in it."""
    return _titled(about.kind, about.facts, about.agency)


def _titled(kind: str, facts: Facts, agency: Agency | None) -> str:
    """The title of one kind of thing."""
    name = agency.name if agency is not None else ""
    if kind in ("figure", "row"):
        values = {"agency": name, "year": year_title(int(str(facts["year"]))), "source": facts["source"], "row": facts["row"]}
        if facts["row"]:
            return gettext("Spending of %(agency)s, %(year)s: row %(row)s of source %(source)s", **values)
        return gettext("Spending of %(agency)s, %(year)s: source %(source)s", **values)
    if kind == "finding":
        return gettext("Finding %(number)s of report %(report)s", number=facts["number"], report=facts["report"])
    if kind == "recommendation":
        values = {"number": facts["number"], "report": facts["report"], "agency": name}
        return gettext("Recommendation %(number)s of report %(report)s, to %(agency)s", **values)
    if kind == "service":
        service = rules().services.get(str(facts["service"]))
        values = {"service": service.title if service else facts["service"], "place": facts["place_name"], "agency": name}
        return gettext("%(service)s in %(place)s, answered for by %(agency)s", **values)
    return gettext("The area that %(agency)s serves", agency=name)


def quoted(subject: Subject | None) -> list[tuple[str, str]]:
    """What is published of the thing today, as facts by name; none where it is not published any more."""
    if subject is None:
        return []
    if subject.cells:
        return [
            (ledger.named(cell), " ".join(part for part in (ledger.pounds(cell.pence), ledger.transfer_words(cell)) if part))
            for cell in subject.cells[:5]
        ]
    if subject.text:
        return [(gettext("It says"), subject.text)]
    return []


def state_of(challenge: Challenge, today: date) -> tuple[str, str]:
    """The state of a challenge and the tone it is shown in."""
    if challenge.state == "published" and challenge.due_on and challenge.due_on < today:
        return gettext("Answer overdue"), "late"
    tones = {"published": "waiting", "answered": "done", "refused": "refused"}
    return CHALLENGE.states[challenge.state], tones.get(challenge.state, "quiet")


def is_late(challenge: Challenge, today: date) -> bool:
    """Whether the answer is overdue."""
    return challenge.state == "published" and challenge.due_on is not None and challenge.due_on < today


def outcome_of(key: str) -> str:
    """An outcome of an answer."""
    return OUTCOMES[key]


def ground_of(challenge: Challenge) -> str:
    """Why it is not published."""
    return GROUNDS[challenge.ground] if challenge.ground else ""


def signpost_of(challenge: Challenge) -> str:
    """Where its writer may turn instead; '' where nowhere."""
    ground = rules().challenges.grounds.get(challenge.ground)
    return SIGNPOSTS[ground.signpost] if ground is not None and ground.signpost else ""


def supported_by(count: int) -> str:
    """How many support it."""
    if not count:
        return gettext("Nobody else has supported this yet.")
    return ngettext("%(num)s other person supports this.", "%(num)s other people support this.", count)


def change_words(change: ChallengeChange) -> str:
    """What changed, and when it was noticed."""
    return gettext("%(what)s (%(day)s).", what=CHANGES[change.what], day=plain_day(london_day(change.at)))


def referral_words(referral: ChallengeReferral) -> str:
    """Where a challenge stands with the body it came before."""
    values = {"body": referral.body.name, "state": REFERRAL.states[referral.state].lower()}
    if referral.state == "on_agenda" and referral.meeting_on:
        return gettext("On the agenda of %(body)s for %(day)s.", body=referral.body.name, day=plain_day(referral.meeting_on))
    if referral.state == "in_review" and referral.review:
        return gettext("%(body)s takes it up in review %(review)s.", body=referral.body.name, review=referral.review.reference)
    if referral.state == "excluded":
        return gettext(
            "%(body)s cannot consider it as a call for action: %(why)s.",
            body=referral.body.name,
            why=EXCLUSIONS[referral.exclusion].lower(),
        )
    return gettext("%(body)s: %(state)s.", **values)
