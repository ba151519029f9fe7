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
from workflows.powers import ATTEND, CLARIFICATIONS, CONFIDENCE, SUBJECTS, SUPPLY, Asking, Power, Standing, power_for, why_not
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
    """A standing as plain values: duty, words, whether it binds, law, how sure, what binds on one subject, warnings, limits."""
    power = standing.power
    return {
        "duty": standing.duty,
        "words": standing.sentence,
        "binds": standing.duty == SUPPLY,
        "law": standing.law,
        "power": power.key if power else "",
        "title": power.title if power else "",
        "confidence": standing.confidence,
        "how_sure": standing.how_sure,
        "limits": power.limits if power else "",
        "exemptions": power.exemptions if power else "",
        "silence": power.silence if power else "",
        "bound": [asdict(one) for one in standing.bound],
        "lines": [_line(one, review) for one in standing.lines],
        "warnings": list(standing.warnings),
    }


def said_of(agency: str, standing: dict[str, Any]) -> list[str]:
    """What an agency must do by a stored standing, a sentence for each duty, each with its law and how sure we are of it."""
    found = [f"{agency} {standing['words']} ({_sure(standing['law'], standing.get('how_sure', ''))})."]
    for one in standing.get("bound", []):
        found.append(f"On {one['subject']} only, it {one['sentence']} ({_sure(one['law'], one['how_sure'])}).")
    return found


def _sure(law: str, how_sure: str) -> str:
    """The law, and how sure we are of it where there is any."""
    return f"{law}; {how_sure}" if how_sure else law


def _line(power: Power, review: Review) -> dict[str, Any]:
    """One thing the agency must do, or need not, in plain words, with the law, how sure we are, from when and where."""
    beyond = power.subject != method_of(review.edition).subject
    return {
        "duty": power.duty,
        "title": power.title,
        "words": power.sentence_for(review.lead.kind),
        "law": power.source,
        "how_sure": CONFIDENCE[power.confidence],
        "only_on": SUBJECTS[power.subject] if power.subject and beyond else "",
        "held": power.held_for,
        "limits": power.limits,
        "exemptions": power.exemptions,
        "silence": power.silence,
        "clarification": CLARIFICATIONS[power.clarification],
    }


def power_named(key: str) -> Power | None:
    """The power with a key, or None where there is none (any more)."""
    try:
        return rules().powers.by_key(key) if key else None
    except Refused:
        return None
