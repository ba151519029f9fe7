"""Who may do what, written by hand: for each deed those of the bodies that may do it, and whether it is its agency's own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from tests.cast import PEOPLE
from tests.scrutiny.visibility_posts import Deed
from tests.scrutiny.visibility_table import ADMINISTRATOR, EVERYONE, FIRE, POLICE, RUNNING, WORKING
from tests.workflows import lifecycles_by_hand as by_hand
from tests.workflows.test_lifecycles import ALL


def _events(text: str) -> frozenset[str]:
    """The events named in a text."""
    return frozenset(text.split())


#: Its own agency's, and nobody else's: of what is one agency's (an item, an answer, its files, a check of facts, a response).
OWN = _events(
    """
    accuracy_check_finished accuracy_check_passed_on accuracy_check_sent_back accuracy_check_taken_back approval_asked
    approval_given approval_overtaken approval_wanted item_passed_back approval_sent_back approval_taken_back
    clarification_asked clarification_reopened correction_drafted
    correction_offered correction_taken_out draft_forgotten evidence_may_come_out evidence_revised evidence_said_wrong
    evidence_withheld extension_asked extension_taken_back file_looked_at file_marked file_removed item_answered
    item_approved item_decline_discarded item_decline_kept item_decline_taken_back item_draft_discarded item_handed
    item_not_held item_redirected item_refused item_said_wrong item_second_discarded item_sent_back
    item_sent_back_discarded item_sent_to_certifier item_submitted item_taken_back non_response_replied
    progress_returned question_asked recommendation_accepted recommendation_noted recommendation_partly_accepted
    recommendation_rejected recommendation_said_done request_opened summary_agreed
    """
)
#: Its own agency's, and of those who run the review: entering what came by post, closing what must not be seen.
OWN_OR_RUNNING = _events(
    """
    evidence_drafted evidence_erased evidence_grant_ended evidence_lodged evidence_marked evidence_taken_back file_added
    file_erased quotation_erased request_found_delivered response_words_erased signed_quotation_erased
    """
)
#: Of the body in the lead: its officers and its chair.
OF_RUNNING = _events(
    """
    accuracy_check_received accuracy_check_sent_again accuracy_check_started accuracy_waived answers_noticed body_joined
    body_left caution_seen clarification_answered contact_entered correction_begun correction_made
    correction_made_in_part correction_not_made delivery_entered edition_recalled error_decided escalation_approved
    escalation_set_aside evidence_granted evidence_published evidence_to_be_published extension_granted
    extension_refused finding_reopened finding_settled finding_withdrawn guest_ended invitation_taken_back
    item_added item_dropped item_entered item_rescheduled item_revised item_withdrawn letter_came_back
    letter_edit_dropped letter_edited letter_tried_again line_added line_dropped line_revised line_taken_up
    mail_dealt_with non_response_corrected non_response_noticed non_response_published non_response_withdrawn
    note_replied partner_invited phase_left phase_moved publication_notice_received publication_notice_sent_again
    question_added question_revised reader_named reader_no_longer_named recommendation_made
    recommendation_no_longer_tracked recommendation_not_done recommendation_partly_done recommendation_received
    recommendation_reopened recommendation_sent_again recommendation_superseded recommendation_taken_back
    check_reminded invitation_reminded signature_reminded
    recommendation_verified recommendation_withdrawn response_chased response_escalated response_escalation_asked
    response_reminded report_scheduled report_unscheduled report_withdrawn request_chased
    request_closed request_drafted request_dropped request_issued request_revised request_sent_again request_taken_up
    request_withdrawn requests_drafted review_announced review_closed review_contact_named review_edition_taken_up
    review_list_released review_opened review_planned review_revised review_withdrawn review_words_erased start_entered
    summary_offered summary_written
    """
)
#: Of whoever works on the review: members of its lead and its partners.
OF_WORKING = _events(
    """
    dissent_taken_back dissent_written evidence_read finding_cited finding_drafted finding_proposed finding_revised
    finding_taken_back finding_uncited interest_declared item_accepted item_returned note_dropped note_kept
    question_proposed recommendation_drafted
    recommendation_proposed recommendation_revised review_signed signature_corrected signature_voided
    """
)
#: Of the administrator.
OF_ADMINISTRATOR = _events(
    """
    administrator_made administrator_unmade guest_ended agency_added agency_changed agency_footprint_added agency_footprint_ended
    agency_member_added agency_member_ended agency_service_excepted agency_service_exception_dropped areas_formed
    areas_taken_back body_added body_changed body_member_added body_member_ended boundaries_loaded boundaries_unloaded
    holidays_loaded holidays_taken_up letter_tried_again letterhead_changed mail_dealt_with method_added method_sent
    people_loaded person_ended person_invited reorganisation_carried_out reorganisation_dropped reorganisation_prepared
    reorganisation_revised reorganisation_staged reorganisation_undone second_step_removed sessions_ended
    statement_written work_handed_over
    """
)
#: Of anybody.
OF_ANYBODY = _events("error_reported")


@cache
def _moves() -> dict[tuple[str, str, str], frozenset[str]]:
    """The roles that may make a move, by its event, the state it is made from and the state it leads to; from the grids."""
    found: dict[tuple[str, str, str], frozenset[str]] = {}
    for table, grid, _ in ALL.values():
        events = {move.name: move.event for move in table.moves}
        for cell in by_hand.cells(grid):
            key = (events[cell.move], cell.state, cell.target)
            found[key] = found.get(key, frozenset()) | cell.roles
    return found


def _agency_of(about: str) -> set[str]:
    """The people of the agency that something is of: by its item, request or answer; all else here is the fire service's.

    What the deed itself has made is gone again: its maker is judged by what is noted of the item beside it.
    """
    kind, _, number = about.partition(":")
    model = {"item": Item, "request": EvidenceRequest, "lodging": Lodging, "evidence": Evidence}.get(kind)
    if model is None:
        return FIRE
    row: Any = db.session.get(model, int(number))
    if row is None:
        return POLICE | FIRE
    held = row.request if kind == "item" else row.evidence if kind == "lodging" else row
    return {"Loamshire Police": POLICE, "Loamshire Fire and Rescue": FIRE}.get(held.agency.name, set())


def may(deed: Deed) -> set[str]:
    """Who may do a deed, by these tables; nobody where they do not know it."""
    event, about = deed.link.event, deed.link.about
    if event in OWN | OWN_OR_RUNNING:
        return _agency_of(about) | (RUNNING if event in OWN_OR_RUNNING else set())
    sides = ((OF_RUNNING, RUNNING), (OF_WORKING, WORKING), (OF_ADMINISTRATOR, ADMINISTRATOR), (OF_ANYBODY, EVERYONE))
    return set().union(*(who for events, who in sides if event in events))


def wrongs(deeds: Iterable[Deed]) -> list[str]:
    """What was done by somebody who may not do it, by these tables or by the grid of what moves."""
    found = []
    for deed in deeds:
        link = deed.link
        roles = _moves().get((link.event, link.before, link.after))
        held = "administrator" if PEOPLE.get(deed.who, ("", None, ""))[1] is None else PEOPLE[deed.who][2]
        if deed.who not in may(deed) or (roles is not None and held not in roles):
            found.append(f"{deed.who} did {link.event} to {link.about} at {deed.address}")
    return found
