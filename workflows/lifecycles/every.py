"""Every lifecycle there is, in the order people meet them; and each walked step by step: state × move × role."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workflows.lifecycles.approval import APPROVAL
from workflows.lifecycles.challenge import CHALLENGE, REFERRAL
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
from workflows.lifecycles.lifecycle import Lifecycle
from workflows.lifecycles.plan import PLAN
from workflows.lifecycles.recommendation import RECOMMENDATION, RESPONSE
from workflows.lifecycles.register_entry import REGISTER_ENTRY
from workflows.lifecycles.reorganisation import REORGANISATION
from workflows.lifecycles.request import REQUEST
from workflows.lifecycles.review import REVIEW
from workflows.roles import LABELS

LIFECYCLES: Final = (
    REVIEW,
    INVITATION,
    REQUEST,
    DELIVERY,
    ITEM,
    EXTENSION,
    CLARIFICATION,
    ESCALATION,
    FINDING,
    CORRECTION,
    RECOMMENDATION,
    RESPONSE,
    APPROVAL,
    EDITION,
    REORGANISATION,
    REGISTER_ENTRY,
    LEDGER_SOURCE,
    CHALLENGE,
    REFERRAL,
    PLAN,
    GAP,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the walk: the state it leads to, or '' where that role may not make that move from that state."""

    state: str
    move: str
    role: str
    target: str


def walk(table: Lifecycle) -> Iterator[Step]:
    """Every move tried from every state by every role, in the order of the table."""
    for state in table.states:
        for move in table.moves:
            for role in LABELS:
                may = state in move.sources and role in move.roles
                yield Step(state, move.name, role, move.target if may else "")
