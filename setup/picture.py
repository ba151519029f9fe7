"""Write the parts of the documents that the code can tell of itself: `make docs`, or `python -m setup.picture`.

The house, its rooms, the commands and the lifecycles are read from the code, so that a document cannot say another
thing than what is built; tests/architecture/test_docs.py compares the two.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from flask import Flask

from config.settings import read_settings
from scrutiny.app import create_app
from workflows.lifecycles.every import LIFECYCLES
from workflows.lifecycles.lifecycle import machine_of
from workflows.roles import LABELS

ROOT = Path(__file__).resolve().parent.parent
JOINS = "app.py and cli.py"
#: Letters the guide shows, whole.
SHOWN = ("request_issued", "request_chased", "chairs_letter", "receipt")
#: Commands of Flask and its extensions, which this house did not write.
NOT_OURS = {"run", "shell", "routes", "openapi"}


def ladder() -> list[list[str]]:
    """The rungs of the ladder from the top, as import-linter is told them: the names on each."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in tool["contracts"] if contract["type"] == "layers")
    return [re.findall(r"\w+", layer) for layer in layers]


def boxes() -> list[str]:
    """What is drawn, from the top of the house: what joins the rooms, each room that is built, the ground and what lies below."""
    *rungs, _ground = ladder()[1:]
    built = [name for rung in rungs for name in rung if _sources(name)]
    return [JOINS, *built, "ground", "workflows", "config"]


def looks_down() -> dict[str, set[str]]:
    """For each box, the boxes its code imports from."""
    names = boxes()
    ground = set(ladder()[-1])

    def box_of(module: str) -> str | None:
        top, _, rest = module.partition(".")
        if top in ("workflows", "config"):
            return top
        part = rest.partition(".")[0]
        if top != "scrutiny":
            return None
        drawn = JOINS if part in ("app", "cli") else "ground" if part in ground else part
        return drawn if drawn in names else None

    found: dict[str, set[str]] = {name: set() for name in names}
    for path in sorted((ROOT / "scrutiny").rglob("*.py")) + sorted((ROOT / "workflows").rglob("*.py")):
        own = box_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
        if own is not None:
            found[own] |= {box for box in map(box_of, _imports(path)) if box is not None and box != own}
    return found


def house() -> str:
    """The house as a Mermaid diagram: an arrow for each import between rooms that no longer way already shows."""
    arrows = looks_down()
    key = {name: f"b{number}" for number, name in enumerate(boxes())}
    label = {"ground": "ground: adapters, doors, transaction, claims …", "workflows": "workflows/", "config": "config/"}
    lines = ["```mermaid", "flowchart TD"]
    lines += [f'    {key[name]}["{label.get(name, name)}"]' for name in boxes()]
    for name in boxes():
        longer = {far for near in arrows[name] for far in _reached(near, arrows)}
        lines += [f"    {key[name]} --> {key[other]}" for other in boxes() if other in arrows[name] - longer]
    return "\n".join([*lines, "```"])


def rooms() -> str:
    """Every room from the top, with its door-plate and the rooms it looks down to."""
    arrows = looks_down()
    lines = ["| room | what belongs there | looks down to |", "|---|---|---|"]
    for name in boxes():
        plate = ROOT / "scrutiny" / name / "__init__.py"
        if plate.exists():
            said = (ast.get_docstring(ast.parse(plate.read_text(encoding="utf-8"))) or "").split("\n\n")[0].replace("\n", " ")
            below = [other for other in boxes() if other in arrows[name] and other not in ("ground", "workflows", "config")]
            lines.append(f"| `{name}` | {said} | {', '.join(below) or '–'} |")
    return "\n".join(lines)


def commands_of(app: Flask) -> dict[str, click.Command]:
    """Every command of ours by its whole name, in the order of the alphabet; of Flask-Migrate's only `db upgrade`."""

    def walk(prefix: str, commands: Mapping[str, click.Command]) -> Iterator[tuple[str, click.Command]]:
        for name, command in commands.items():
            if command.hidden or f"{prefix}{name}" in NOT_OURS:
                continue
            if isinstance(command, click.Group):
                yield from walk(f"{prefix}{name} ", command.commands)
            elif not prefix.startswith("db ") or name == "upgrade":
                yield f"{prefix}{name}", command

    return dict(sorted(walk("", app.cli.commands)))


def commands(app: Flask) -> str:
    """The commands as a table: how each is called, and what it does."""
    lines = ["| command | what it does |", "|---|---|"]
    for name, command in commands_of(app).items():
        arguments = " ".join(p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument))
        said = (command.help or "").split("\n\n")[0].replace("\n", " ")
        said = "Bring the tables up to date." if name == "db upgrade" else said
        called = f"flask {name}" if name == "db upgrade" else f"flask {name} {arguments}".strip()
        called = called.replace("|", r"\|")
        lines.append(f"| `{called}` | {said} |")
    return "\n".join(lines)


def lifecycles() -> str:
    """Each lifecycle as a diagram and as the table of its moves."""
    parts = []
    for table in LIFECYCLES:
        lines = [f"## {table.record.capitalize()}", "", "```mermaid", format(machine_of(table), "mermaid").strip(), "```", ""]
        lines += ["| from | move | to | who may | what the trail says |", "|---|---|---|---|---|"]
        for move in table.moves:
            sources = ", ".join(table.states[state] for state in move.sources)
            who = ", ".join(sorted(LABELS[role].lower() for role in move.roles))
            lines.append(f"| {sources} | {move.label} | {table.states[move.target]} | {who} | `{move.event}` |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def letter(sample: str) -> str:
    """A letter as it was agreed and as every run of the tests composes it again."""
    text = (ROOT / "tests" / "golden" / "letters" / f"{sample}.txt").read_text(encoding="utf-8").strip()
    return f"```text\n{text}\n```"


def documents(app: Flask) -> dict[Path, str]:
    """Each document with a part the code tells of itself, as it should stand."""
    wanted = {
        ROOT / "README.md": {"house": house(), "commands": commands(app)},
        ROOT / "docs" / "guides" / "developer.md": {"rooms": rooms()},
        ROOT / "docs" / "lifecycles.md": {"lifecycles": lifecycles()},
        ROOT / "docs" / "guides" / "letters.md": {f"letter {sample}": letter(sample) for sample in SHOWN},
    }
    stands = {}
    for path, told in wanted.items():
        text = path.read_text(encoding="utf-8")
        for name, content in told.items():
            text = _between(text, name, content)
        stands[path] = text
    return stands


def _between(text: str, name: str, content: str) -> str:
    """The text with what stands between the two marks of that name replaced."""
    begin, end = f"<!-- from the code: {name} -->", f"<!-- end: {name} -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"the document needs the marks {begin} and {end}, once each")
    before, after = text.split(begin)[0], text.split(end)[1]
    return f"{before}{begin}\n\n{content}\n\n{end}{after}"


def _sources(name: str) -> list[Path]:
    """The modules of a room, or of a part that is one file."""
    return sorted((ROOT / "scrutiny" / name).glob("*.py")) or sorted((ROOT / "scrutiny").glob(f"{name}.py"))


def _imports(path: Path) -> Iterator[str]:
    """The modules a file imports; `from scrutiny import claims` counts as scrutiny.work.claims."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _reached(name: str, arrows: dict[str, set[str]]) -> set[str]:
    """Every box below this one, by any way."""
    below: set[str] = set()
    for other in arrows[name]:
        below |= {other} | _reached(other, arrows)
    return below


def main() -> None:
    """Write every such document anew, and name those that changed."""
    app = create_app(read_settings({"SECRET_KEY": "for-reading-the-commands-only-" + "0" * 16}))
    for path, text in documents(app).items():
        if path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} written")


if __name__ == "__main__":
    main()
