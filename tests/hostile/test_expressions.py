"""Every regular expression of ours takes a time that grows with the text and no faster: tried on texts made against it."""

from __future__ import annotations

import ast
import re
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scrutiny.adapters.sandbox import Lane, Limits, Server, Stopped

ROOT = Path(__file__).parents[2]
USES = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
LENGTH = 30_000
#: A linear pattern takes a few milliseconds of processor for such a text, a quadratic one seconds, an exponential one for ever.
#: It is asked of each text by itself: a pattern of many words has many texts, and a slow machine would stop it for their sum.
SECONDS = 0.25
#: Quadratic, and harmless because of what they are given.
BOUNDED = {
    "scrutiny/findings/quoting.py": "it parts a quotation, which has 5,000 letters at most",
    "scrutiny/spend_files/amounts.py": "a cell of more than 100 letters is no amount",
    "scrutiny/spend_files/dates.py": "a cell of more than 100 letters is no day",
    "scrutiny/spend_files/names.py": "200 letters of a title are read",
}


def expressions() -> Iterator[tuple[str, str | bytes, int, str]]:
    """Where each stands, its pattern, its flags and how it is used; only those written out as one text."""
    for folder in ("scrutiny", "workflows", "config"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text())
            calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
            names = {id(node.value): _name(node.targets[0]) for node in ast.walk(tree) if isinstance(node, ast.Assign)}
            for node in calls:
                if ast.unparse(node.func) not in {f"re.{use}" for use in USES} or not node.args:
                    continue
                if not (isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str | bytes)):
                    continue
                called = {_method(call) for call in calls if _name(call.func.value) == names.get(id(node), "re")}
                uses = (called & (USES - {"compile"}) or {"search"}) if _method(node) == "compile" else {_method(node)}
                for use in sorted(uses):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", node.args[0].value, _flags(node), use


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _flags(call: ast.Call) -> int:
    """The flags of a call, such as re.I; a function such as re.compile within it is none."""
    parts = [*call.args[1:], *(keyword.value for keyword in call.keywords)]
    named = {part.attr for one in parts for part in ast.walk(one) if isinstance(part, ast.Attribute) and part.attr.isupper()}
    return sum(int(getattr(re, name)) for name in named)


def texts_against(pattern: str) -> list[str]:
    """Texts that such a pattern nearly matches, over and over: each letter it names, runs of them, and an end that spoils it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import sre_parse
    letters: list[str] = []

    def walk(parsed: Any) -> None:
        for code, value in parsed:
            name = str(code)
            if name == "LITERAL":
                letters.append(chr(value))
            elif name == "IN":
                walk(value)
            elif name == "RANGE":
                letters.extend(chr(end) for end in value)
            elif name == "CATEGORY":
                letters.append({"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " "}.get(str(value), "a"))
            elif name == "ANY":
                letters.append("a")
            elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                walk(value[2])
            elif name == "SUBPATTERN":
                walk(value[3])
            elif name == "BRANCH":
                for branch in value[1]:
                    walk(branch)
            elif name in ("ASSERT", "ASSERT_NOT"):
                walk(value[1])

    walk(sre_parse.parse(pattern))
    named = list(dict.fromkeys(letters))[:24]
    beginnings = ["".join(letters[:length]) for length in range(2, min(len(letters), 16) + 1)]
    pairs = [first + second for first in named[:5] for second in named[:5]]
    units = dict.fromkeys([*named, " ", "a", "0", "\n", *beginnings, *(f"{one} " for one in beginnings), *pairs])
    starts = ("", letters[0] if letters else "")
    return [start + unit * (LENGTH // len(unit)) + end for unit in units for start in starts for end in ("\x01", "")]


def try_all(pattern: str | bytes, flags: int, use: str) -> tuple[int, float]:
    """Run a pattern on the texts against it, to the first that takes too long: how many, and the most seconds of processor."""
    made = re.compile(pattern, flags)
    deed = getattr(made, {"sub": "findall", "subn": "findall"}.get(use, use))
    texts = texts_against(pattern if isinstance(pattern, str) else pattern.decode("latin-1"))
    longest = 0.0
    for text in texts:
        began = time.process_time()
        found = deed(text if isinstance(pattern, str) else text.encode("latin-1", "replace"))
        if use == "finditer":
            for _ in found:
                pass
        if (longest := max(longest, time.process_time() - began)) > SECONDS:
            break
    return len(texts), longest


@pytest.fixture(scope="module")
def lane() -> Iterator[Lane]:
    server = Server("tests.hostile.test_expressions", niceness=0)
    yield Lane(server, Limits(seconds=40 * SECONDS), at_once=1)
    server.close()


def takes(lane: Lane, pattern: str | bytes, flags: int, use: str) -> tuple[int, float]:
    """How many texts were tried, and the seconds of the longest: for ever, where the child had to be stopped."""
    try:
        found: tuple[int, float] = lane.run(try_all, pattern, flags, use)
    except Stopped:
        return 0, float("inf")
    return found


def test_a_quadratic_and_an_exponential_pattern_are_caught() -> None:
    """The trial sees what it is for: the pattern that once stopped the service, and a worse one."""
    server = Server("tests.hostile.test_expressions", niceness=0)
    lane = Lane(server, Limits(seconds=4 * SECONDS), at_once=1)
    for pattern in (rb'<p:sld\b[^>]*\bshow="(0|false)"', r"(a+)+b", r"\s+$"):
        assert takes(lane, pattern, 0, "search")[1] > SECONDS
    server.close()


def test_every_expression_of_ours_takes_linear_time(lane: Lane) -> None:
    """None may be made slow by a text that somebody sends; write it without nested or adjoining repeats, or bound its text."""
    slow, tried = [], 0
    for place, pattern, flags, use in expressions():
        if place.partition(":")[0] in BOUNDED:
            continue
        texts, longest = takes(lane, pattern, flags, use)
        tried += texts
        if longest > SECONDS:
            slow.append(f"{place} {pattern!r}")
    assert tried > 5_000
    assert slow == []
