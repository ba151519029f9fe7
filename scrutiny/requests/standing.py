"""Where an agency stands towards a review: what it must do, on what law, how sure we are."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from scrutiny.agencies.models import Agency
from scrutiny.requests.models import Item
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import method_of, rules
from workflows.powers import ATTEND, CLARIFICATIONS, CONFIDENCE, SUPPLY, Asking, Power, Standing, power_for, why_not
from workflows.refusals import Refused


def asking_of(review: Review, agency: Agency, on: date, *, personal: bool = False) -> Asking:
    """Who asks whom in a review, on a day: the body in the lead asks the agency."""
    lead = review.lead
    return Asking(
        body_kind=lead.kind,
        agency_kind=agency.kind,
        on=on,
        own_council=lead.host_agency_id is not None and lead.host_agency_id == agency.id,
        subject=method_of(review.edition).subject,
        host_kind=lead.host_agency.kind if lead.host_agency else None,
        nation=agency.nation,
        body_nation=lead.nation,
        personal=personal,
    )


def standing_of(review: Review, agency: Agency, on: date, *, personal: bool = False) -> Standing:
    """What an agency must do when the body in the lead asks it, on a day."""
    return power_for(rules().powers, **asdict(asking_of(review, agency, on, personal=personal)))


def power_of_item(item: Item, asking: Asking, standing: Standing) -> tuple[Power | None, str]:
    """The power an item rests on: its own where this body may use it, else the request's; and a warning, or ''."""
    if item.question.kind == ATTENDANCE:
        # A power over one subject binds nobody to come and speak of another.
        binding = [p for p in standing.powers if p.duty == ATTEND and not p.doubtful and p.subject in (None, asking.subject)]
        return next(iter(binding), None), ""
    own = power_named(item.power_key)
    if own is None:
        return standing.power, ""
    barred = why_not(own, asking)
    if not barred:
        return own, ""
    instead = standing.power.source if standing.power else "no power"
    said = f"Item {item.number} was to be asked under a power that may not be used here. {barred} It rests on {instead} instead."
    return standing.power, said


def as_stored(review: Review, standing: Standing) -> dict[str, Any]:
    """A standing as plain values: duty, words, whether it binds, law, how sure, warnings, limits."""
    power = standing.power
    return {
        "duty": standing.duty,
        "words": standing.sentence,
        # A power over one subject binds for that subject only, so a letter about more may not say "you must".
        "binds": standing.duty == SUPPLY and power is not None and power.subject in (None, method_of(review.edition).subject),
        "law": standing.law,
        "power": power.key if power else "",
        "title": power.title if power else "",
        "confidence": standing.confidence,
        "how_sure": standing.how_sure,
        "limits": power.limits if power else "",
        "exemptions": power.exemptions if power else "",
        "silence": power.silence if power else "",
        "lines": [_line(one) for one in standing.lines],
        "warnings": list(standing.warnings),
    }


def _line(power: Power) -> dict[str, Any]:
    """One thing the agency must do, or need not, in plain words, with the law, how sure we are, from when and where."""
    return {
        "duty": power.duty, "title": power.title, "words": power.sentence, "law": power.source,
        "how_sure": CONFIDENCE[power.confidence],
        "held": power.held_for, "limits": power.limits, "exemptions": power.exemptions, "silence": power.silence,
        "clarification": CLARIFICATIONS[power.clarification],
    }  # fmt: skip


def power_named(key: str) -> Power | None:
    """The power with a key, or None where there is none (any more)."""
    try:
        return rules().powers.by_key(key) if key else None
    except Refused:
        return None
