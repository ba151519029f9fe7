"""Every lifecycle walked in every state × move × role, against grids written by hand; `pytest -rP` prints the walk."""

from types import SimpleNamespace

import pytest

from tests.workflows import lifecycles_by_hand as by_hand
from workflows.lifecycles.approval import APPROVAL
from workflows.lifecycles.clarification import CLARIFICATION
from workflows.lifecycles.delivery import DELIVERY
from workflows.lifecycles.edition import EDITION
from workflows.lifecycles.escalation import ESCALATION
from workflows.lifecycles.extension import EXTENSION
from workflows.lifecycles.finding import CORRECTION, FINDING
from workflows.lifecycles.gap import GAP
from workflows.lifecycles.invitation import INVITATION
from workflows.lifecycles.item import ITEM
from workflows.lifecycles.ledger_source import LEDGER_SOURCE
from workflows.lifecycles.lifecycle import Lifecycle, Move, machine_of, move
from workflows.lifecycles.plan import PLAN
from workflows.lifecycles.recommendation import RECOMMENDATION, RESPONSE
from workflows.lifecycles.register_entry import REGISTER_ENTRY
from workflows.lifecycles.reorganisation import REORGANISATION
from workflows.lifecycles.request import REQUEST
from workflows.lifecycles.review import REVIEW
from workflows.refusals import Refused
from workflows.roles import ADMINISTRATOR, AGENCY_ROLES, ANYONE, BODY_ROLES, LABELS, NO_CAPACITY, Actor, Capacity

#: The lifecycle, its grid, and the state it begins in.
ALL = {
    "review": (REVIEW, by_hand.REVIEW, "planned"),
    "evidence request": (REQUEST, by_hand.REQUEST, "drafted"),
    "invitation": (INVITATION, by_hand.INVITATION, "invited"),
    "delivery": (DELIVERY, by_hand.DELIVERY, "waiting"),
    "item": (ITEM, by_hand.ITEM, "asked"),
    "register entry": (REGISTER_ENTRY, by_hand.REGISTER_ENTRY, "noticed"),
    "source": (LEDGER_SOURCE, by_hand.LEDGER_SOURCE, "entering"),
    "plan": (PLAN, by_hand.PLAN, "idea"),
    "gap": (GAP, by_hand.GAP, "noted"),
    "extension": (EXTENSION, by_hand.EXTENSION, "asked"),
    "escalation": (ESCALATION, by_hand.ESCALATION, "reached"),
    "clarification": (CLARIFICATION, by_hand.CLARIFICATION, "asked"),
    "finding": (FINDING, by_hand.FINDING, "drafted"),
    "correction": (CORRECTION, by_hand.CORRECTION, "drafted"),
    "recommendation": (RECOMMENDATION, by_hand.RECOMMENDATION, "drafted"),
    "response": (RESPONSE, by_hand.RESPONSE, "awaited"),
    "approval": (APPROVAL, by_hand.APPROVAL, "waiting"),
    "report": (EDITION, by_hand.EDITION, "drafted"),
    "reorganisation": (REORGANISATION, by_hand.REORGANISATION, "drafted"),
}
every_lifecycle = pytest.mark.parametrize(("table", "grid", "initial"), ALL.values(), ids=ALL.keys())


def acting(role: str) -> Actor:
    """Somebody with one role alone."""
    if role == ADMINISTRATOR:
        return Actor(1, "Somebody", NO_CAPACITY, administrator=True)
    kind = "body" if role in BODY_ROLES else "agency" if role in AGENCY_ROLES else "none"
    return Actor(1, "Somebody", Capacity(kind, 1, "Somewhere", frozenset({role})))


@every_lifecycle
def test_the_grid_has_every_state_and_every_move_once(table: Lifecycle, grid: str, initial: str) -> None:
    cells = [(cell.state, cell.move) for cell in by_hand.cells(grid)]
    assert sorted(cells) == sorted((state, move.name) for state in table.states for move in table.moves)
    assert table.initial == initial


@every_lifecycle
def test_every_state_move_and_role_does_what_the_grid_says(table: Lifecycle, grid: str, initial: str) -> None:
    walked = 0
    for cell in by_hand.cells(grid):
        for role in LABELS:
            record = SimpleNamespace(state=cell.state)
            may = role in cell.roles
            where = f"{table.record}: {role} {cell.move} from {cell.state}"
            assert table.permits(cell.move, cell.state, acting(role)) == may, where
            if may:
                made = table.make(cell.move, record, by=acting(role))
                assert (made.name, record.state) == (cell.move, cell.target), where
                assert made.event
            else:
                with pytest.raises(Refused) as refused:
                    table.make(cell.move, record, by=acting(role))
                assert record.state == cell.state, where
                assert table.states[cell.state].lower() in refused.value.sentence, where
                assert ("Only a" if cell.roles else "it is not possible to") in refused.value.sentence, where
            walked += 1
    sizes = f"{len(table.states)} states × {len(table.moves)} moves × {len(LABELS)} roles"
    print(f"\n{table.record}: {walked} steps walked ({sizes})")
    print(grid.strip("\n"))
    assert walked == len(table.states) * len(table.moves) * len(LABELS)


@every_lifecycle
def test_whoever_has_no_role_may_do_nothing(table: Lifecycle, grid: str, initial: str) -> None:
    for state in table.states:
        assert table.open_to(state, ANYONE) == ()
        for one in table.moves:
            with pytest.raises(Refused):
                table.make(one.name, SimpleNamespace(state=state), by=ANYONE)


@every_lifecycle
def test_the_moves_open_to_somebody_are_those_of_the_row(table: Lifecycle, grid: str, initial: str) -> None:
    for role in LABELS:
        for state in table.states:
            row = {cell.move for cell in by_hand.cells(grid) if cell.state == state and role in cell.roles}
            assert {one.name for one in table.open_to(state, acting(role))} == row


@every_lifecycle
def test_every_state_can_be_reached_from_the_first(table: Lifecycle, grid: str, initial: str) -> None:
    reached: set[str] = {initial}
    before: set[str] = set()
    while reached != before:
        before = set(reached)
        reached |= {cell.target for cell in by_hand.cells(grid) if cell.roles and cell.state in reached}
    assert reached == table.states.keys()


@every_lifecycle
def test_every_move_says_in_the_past_tense_what_happened_and_no_two_say_the_same(
    table: Lifecycle, grid: str, initial: str
) -> None:
    events = [one.event for one in table.moves]
    assert len(set(events)) == len(events)
    assert all(one.label and one.event != one.name for one in table.moves)


def test_an_administrator_has_no_part_in_any_review() -> None:
    for table in [table for name, (table, _, _) in ALL.items() if name != "reorganisation"]:
        for state in table.states:
            assert table.open_to(state, acting(ADMINISTRATOR)) == ()


def test_a_refused_move_says_who_what_and_from_which_state() -> None:
    with pytest.raises(Refused) as told:
        REVIEW.make("withdraw", SimpleNamespace(state="opened"), by=acting("inspector"))
    assert told.value.sentence == (
        "Only a chair or lead inspector or scrutiny officer may withdraw the review while this review is under way"
    )
    with pytest.raises(Refused) as told:
        REVIEW.make("withdraw", SimpleNamespace(state="reported"), by=acting("chair"))
    assert told.value.sentence == "This review is reported: it is not possible to withdraw the review now"


GO = move("go", "a", "b", frozenset({"chair"}), "Go", "went")


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        ((GO, move("go", "b", "a", frozenset(), "Go", "w")), "stands twice"),
        ((move("go", "a", "z", frozenset({"chair"}), "Go", "went"),), "unknown state"),
        ((move("go", "a", "a", frozenset({"chair"}), "Go", "went"),), r"unreachable states.*\['b'\]"),
    ],
)
def test_a_table_with_a_twin_or_an_unknown_or_unreachable_state_is_refused_at_start(moves: tuple[Move, ...], told: str) -> None:
    with pytest.raises(Exception, match=told):
        Lifecycle("thing", {"a": "A", "b": "B"}, "a", moves)


@every_lifecycle
def test_the_machine_made_from_the_table_knows_the_same_states(table: Lifecycle, grid: str, initial: str) -> None:
    machine = machine_of(table)
    assert {state.id for state in machine.states} == table.states.keys()
