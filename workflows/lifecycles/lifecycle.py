"""What a lifecycle is: states, and the moves between them; the only code that writes a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from statemachine.io import create_machine_class_from_definition

from workflows.labels import labels, spoken
from workflows.refusals import Refused
from workflows.roles import LABELS, Actor


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: `name` is an imperative, `event` what happened, in the past tense."""

    name: str
    sources: tuple[str, ...]
    target: str
    roles: frozenset[str]
    words: str
    event: str

    @property
    def label(self) -> str:
        """What it is called where it can be made."""
        return spoken(self.words)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A table of moves for one kind of record; `states` gives each state its label in words."""

    record: str
    states: dict[str, str]
    initial: str
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        """Refuse, at start, a table with an unknown state, a state nothing reaches or a trap."""
        repeated = {m.name for m in self.moves if sum(m.name == n.name for n in self.moves) > 1}
        if repeated:
            raise ValueError(f"lifecycle of {self.record}: the move {sorted(repeated)[0]} stands twice")
        machine_of(self)
        object.__setattr__(self, "states", labels(self.states))

    def named(self, name: str) -> Move:
        """The move of that name."""
        return next(move for move in self.moves if move.name == name)

    def open_to(self, state: str, by: Actor) -> tuple[Move, ...]:
        """The moves this actor may make now; pages draw their buttons from it."""
        return tuple(m for m in self.moves if state in m.sources and m.roles & by.roles)

    def permits(self, name: str, state: str, by: Actor) -> bool:
        """Whether this actor may make the named move from this state."""
        return any(move.name == name for move in self.open_to(state, by))

    def make(self, name: str, record: Any, *, by: Actor) -> Move:
        """Make the move on a record that has a `state`, or refuse saying who, what and from which state."""
        move = self.named(name)
        label = self.states[record.state].lower()
        if record.state not in move.sources:
            raise Refused(
                "This %(record)s is %(label)s: it is not possible to %(move)s now",
                record=self.record,
                label=label,
                move=move.label.lower(),
            )
        if not move.roles & by.roles:
            who = " or ".join(sorted(LABELS[role].lower() for role in move.roles))
            raise Refused(
                "Only %(who)s may %(move)s while this %(record)s is %(label)s",
                who=f"{'an' if who[0] in 'aeiou' else 'a'} {who}",
                move=move.label.lower(),
                record=self.record,
                label=label,
            )
        record.state = move.target
        return move


def machine_of(table: Lifecycle) -> Any:
    """The same table as a python-statemachine class: it finds dead ends and unreachable states, and draws the diagram."""
    left = {source for move in table.moves for source in move.sources}
    states: dict[str, Any] = {
        state: {"initial": state == table.initial, "final": state not in left, "name": label}
        for state, label in table.states.items()
    }
    for move in table.moves:
        unknown = {*move.sources, move.target} - set(table.states)
        if unknown:
            raise ValueError(f"lifecycle of {table.record}: the move {move.name} names an unknown state {sorted(unknown)}")
        for source in move.sources:
            states[source].setdefault("on", {}).setdefault(move.name, []).append({"target": move.target})
    name = "".join(part.title() for part in table.record.split())
    return create_machine_class_from_definition(
        name, states=states, allow_event_without_transition=False, catch_errors_as_events=False
    )


def move(name: str, sources: str, target: str, roles: frozenset[str], label: str, event: str) -> Move:
    """A row, with its sources as words: move('issue', 'drafted', 'issued', OFFICERS, 'Issue the request', 'request_issued')."""
    return Move(name, tuple(sources.split()), target, roles, label, event)
