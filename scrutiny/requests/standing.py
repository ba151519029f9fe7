"""Where an agency stands towards a review: what it must do, on what law, how sure we are."""

from __future__ import annotations

from datetime import date
from typing import Any

from scrutiny.agencies.models import Agency
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import method_of, rules
from workflows.powers import SUPPLY, Power, Standing, power_for
from workflows.refusals import Refused


def standing_of(review: Review, agency: Agency, on: date, *, personal: bool = False) -> Standing:
    """What an agency must do when the body in the lead asks it, on a day."""
    lead = review.lead
    return power_for(
        rules().powers,
        body_kind=lead.kind,
        agency_kind=agency.kind,
        on=on,
        own_council=lead.host_agency_id is not None and lead.host_agency_id == agency.id,
        subject=method_of(review.edition).subject,
        host_kind=lead.host_agency.kind if lead.host_agency else None,
        nation=agency.nation,
        personal=personal,
    )


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
        "warnings": list(standing.warnings),
    }


def power_named(key: str) -> Power | None:
    """The power with a key, or None where there is none (any more)."""
    try:
        return rules().powers.by_key(key) if key else None
    except Refused:
        return None
