"""Every move that a member of an agency may make: by its approver, kept within the agency, undoing, or on one person's word."""

from __future__ import annotations

from tests.workflows.test_lifecycles import ALL
from workflows.roles import CERTIFIER, RESPONDER

#: What leaves the agency by its approver, where it has one.
BY_THE_APPROVER = {
    "item": {"submit", "say_not_held", "refuse", "redirect"},
    "correction": {"offer"},
    "response": {"accept", "accept_in_part", "reject", "note", "correct_accept", "correct_in_part", "correct_reject", "say_done"},
}
#: What nobody outside the agency sees, or what the approver themself does.
WITHIN = {
    "item": {
        *("answer", "keep_decline", "discard", "discard_to_returned", "discard_to_sent_back", "discard_decline"),
        *("send_to_certifier", "send_back", "take_back"),
    },
    "approval": {"approve", "send_back"},
}
#: What is taken back or closed at once, because waiting would do harm: it binds the agency to nothing.
UNDOES = {"item": {"take_back_decline", "say_wrong"}, "extension": {"take_back"}, "approval": {"take_back"}}
#: What follows by itself from another move and is chosen by nobody.
FOLLOWS = {"clarification": {"overtake", "reopen"}, "delivery": {"answer"}, "approval": {"overtake"}}
#: What one member publishes in the agency's name, with no approver between.
BY_ONE_PERSON: dict[str, set[str]] = {}
KINDS = (BY_THE_APPROVER, WITHIN, UNDOES, FOLLOWS, BY_ONE_PERSON)


def test_every_move_of_an_agency_is_of_one_kind_and_a_new_one_must_choose() -> None:
    """A move that binds the agency belongs to its approver: adding to BY_ONE_PERSON is a decision, not a default."""
    moves = {
        (record, one.name) for record, (table, *_) in ALL.items() for one in table.moves if one.roles & {RESPONDER, CERTIFIER}
    }
    sorted_out = [(record, name) for kind in KINDS for record, names in kind.items() for name in names]
    assert len(sorted_out) == len(set(sorted_out))
    assert set(sorted_out) == moves


def test_only_the_approver_sends_back() -> None:
    for record in ("item", "approval"):
        assert [one.roles for one in ALL[record][0].moves if one.name == "send_back"] == [frozenset({CERTIFIER})]
