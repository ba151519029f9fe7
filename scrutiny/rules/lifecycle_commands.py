"""`flask lifecycles show`: which move may follow which state, and by whom, as a table or walked step by step."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup

from workflows.lifecycles.every import LIFECYCLES, walk
from workflows.lifecycles.lifecycle import Lifecycle
from workflows.roles import LABELS

lifecycles = AppGroup("lifecycles", help="Lifecycles: which move may follow which state, and by whom.")


@lifecycles.command("show")
@click.argument("record", required=False)
@click.option("--every", is_flag=True, help="Print every step: state, move and role, and where it leads or that it is refused.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(record: str | None, every: bool, as_json: bool) -> None:
    """Print the lifecycle of RECORD (such as review or item), or all of them: what may follow what, and who may do it."""
    found = [one for one in LIFECYCLES if record in (None, one.record)]
    if not found:
        click.echo(f"There is no lifecycle of {record}: choose one of {', '.join(one.record for one in LIFECYCLES)}", err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps([_lifecycle_as_json(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo("\n".join([*(_steps(one) if every else _grid(one)), ""]))


def _grid(table: Lifecycle) -> list[str]:
    """A lifecycle state by state: each move that may follow, where it leads and who may make it."""
    wide = max(len(move.label) for move in table.moves)
    lines = [f"{table.record.upper()} begins as “{table.states[table.initial]}”"]
    for state, label in table.states.items():
        lines.append(f"  {label}")
        moves = [move for move in table.moves if state in move.sources]
        for move in moves:
            who = ", ".join(LABELS[role].lower() for role in LABELS if role in move.roles)
            lines.append(f"    {move.label:<{wide}}  → {table.states[move.target]}: {who}")
        if not moves:
            lines.append("    nothing follows")
    return lines


def _steps(table: Lifecycle) -> list[str]:
    """A lifecycle walked: one line for each state, move and role."""
    steps = list(walk(table))
    told = [
        f"  {table.states[step.state]:<26} {step.move:<20} {LABELS[step.role]:<18} "
        + (f"→ {table.states[step.target]}" if step.target else "refused")
        for step in steps
    ]
    sizes = f"{len(table.states)} states × {len(table.moves)} moves × {len(LABELS)} roles"
    return [f"{table.record.upper()}: {len(steps)} steps ({sizes})", *told]


def _lifecycle_as_json(table: Lifecycle) -> dict[str, object]:
    """A lifecycle as the table holds it."""
    return {
        "record": table.record,
        "states": table.states,
        "initial": table.initial,
        "moves": [
            {
                "name": move.name,
                "label": move.label,
                "from": list(move.sources),
                "to": move.target,
                "roles": [role for role in LABELS if role in move.roles],
                "event": move.event,
            }
            for move in table.moves
        ],
    }
