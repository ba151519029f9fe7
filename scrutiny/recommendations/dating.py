"""The days of a response to a recommendation, from the law and from the review's method, counted from the day of receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.recommendations.clocks import Asked, response_dates
from scrutiny.recommendations.models import Addressee
from scrutiny.requests.legal_basis import asking_of, basis_of, power_named, subject_of
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force, method_of, rules
from workflows.due_working import Working
from workflows.method import ResponseRule
from workflows.powers import REPLY, Asking, LegalBasis, Power, why_not


def basis_of_response(review: Review, agency: Agency, on: date) -> LegalBasis:
    """What the agency must do about what the lead body of a review recommends, and on what law."""
    asking = asking_of(review, agency, on)
    rule = _rule_for(review, agency, asking)
    return basis_of(asking, REPLY, named=(rule.power or "") if rule else "")


def _rule_for(review: Review, agency: Agency, asking: Asking) -> ResponseRule | None:
    """The rule of the review's own method that fits an agency: one that rests on a power which does not hold is passed over."""
    method = method_of(review.edition)
    holding = {
        power.key for power in rules().powers if why_not(power, asking) is None and power.subject in (None, asking.subject)
    }
    return method.response_rule_for(agency.kind, own_council=asking.own_council, holding=holding)


def date_response(addressee: Addressee, *, received_on: date) -> None:
    """Keep what the law asks of an addressee, and count both days of its response, the law's and the method's."""
    basis = basis_of_response(addressee.recommendation.review, addressee.agency, received_on)
    addressee.power_key, addressee.legal_basis = basis.power_key, basis.stripped().to_plain()
    count_response(addressee, received_on=received_on)


def count_response(addressee: Addressee, *, received_on: date) -> None:
    """Count both days of a response from the day of receipt, under the power that was kept when it was made."""
    addressee.received_on = received_on
    dates = response_dates(asked_of(addressee, power_named(addressee.power_key)), calendars_in_force())
    addressee.due_on, addressee.due_working = dates.due_on, dates.working
    addressee.clock = str(dates.governing.clock) if dates.governing else ""
    addressee.statutory_due_on = dates.statutory.due if dates.statutory else None
    addressee.agreed_due_on = dates.agreed.due if dates.agreed else None


def hold_response(addressee: Addressee) -> None:
    """Let no day of a response run, for the recommendation has not reached its agency; what the law asks stays."""
    addressee.received_on, addressee.received_how = None, ""
    addressee.due_on = addressee.statutory_due_on = addressee.agreed_due_on = None
    addressee.clock, addressee.due_working = "", Working()
    db.session.flush()


def recount(addressee: Addressee) -> date | None:
    """Count a response still awaited again with the calendars in force, under the power it was asked under; the day it had.

    A day only ever moves later; the one before is kept.
    """
    before, power = addressee.due_on, power_named(addressee.power_key)
    if before is None or addressee.received_on is None:
        return None
    dates = response_dates(asked_of(addressee, power), calendars_in_force())
    addressee.due_working = replace(addressee.due_working, calendar=dates.working.calendar)
    if dates.due_on is not None and dates.due_on > before:
        addressee.due_on, addressee.due_working = dates.due_on, replace(dates.working, before=before)
    law, wish = (found.due if found else None for found in (dates.statutory, dates.agreed))
    addressee.statutory_due_on = _later(addressee.statutory_due_on, law)
    addressee.agreed_due_on = _later(addressee.agreed_due_on, wish)
    db.session.flush()
    return before


def _later(kept: date | None, counted: date | None) -> date | None:
    """The later of a day kept and the same counted again; one that was not set stays so."""
    return max(kept, counted) if kept is not None and counted is not None else kept


def asked_of(addressee: Addressee, power: Power | None) -> Asked:
    """What decides the day of a response: the power, and the rule of the review's own method that fits it and the agency."""
    review, agency = addressee.recommendation.review, addressee.agency
    on = addressee.received_on or review.starts_on
    rule = _rule_for(review, agency, asking_of(review, agency, on))
    return Asked(power, method_of(review.edition), rule, on, agency.nation, subject_of(review))
