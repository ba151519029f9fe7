"""What people read is written as words.md asks, as far as a pattern can tell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = [
    path
    for folder, endings in (
        ("templates", (".html", ".txt")),
        ("scrutiny", (".py", ".js")),
        ("workflows", (".py",)),
        ("docs", (".md",)),
    )
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in endings and "vendor" not in path.parts
] + [ROOT / "README.md"]
#: reads what was written by older versions (shares in reports of form 1), or shows how it read
OLD_FORMS = {
    "scrutiny/snapshots/older_snapshot.py",
    "docs/decisions/0028-letters-as-they-were-and-are.md",
    "docs/decisions/0029-words-of-ten-pages.md",
}
WRONG = {
    "one full stop: full_stop or sentences of formats": re.compile(r"sentence\}\.(?!\w)|join\(\"\. \"\)|\"\. \"\.join"),
    "email": re.compile(r"\be-mail", re.IGNORECASE),
    "76%": re.compile(r"\d %(?=[\s.,;:)'\"](?!\d))(?! [\d(\w]+[\])])(?! [A-Za-z_]+ *[=<>)\]])"),
    "10MB": re.compile(r"\d[}\d]* (?:[kKMG]B)\b(?! of GDAL)|}} MB"),
    "what somebody would say across the desk": re.compile(
        r"goes? in these words|does not move it|is with the requester now|a private note away|not us who hold|"
        r"or discard your changes|Nobody reviews for a body|before (?:you settle|settling) (?:the|a) finding|"
        r"page of its own[\"<]|spelt almost so|is no more time than|[Bb]y when again|the days that count now|"
        r"clock (?:stands|stood) still (?:since|from)|7 in the morning, if|What went<|No reminder is to go|"
        r"came into being from the address|With the boundaries of which|nothing marked more than|The law must let|"
        r"answers for all of it|"
        r"seen in a public text|pinned to<|\"Standing\"|or lineage[\"<{]|No lineage"
    ),
}


@pytest.mark.parametrize("right", WRONG)
def test_it_is_written_as(right: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in READ
        if str(path.relative_to(ROOT)) not in OLD_FORMS
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if WRONG[right].search(line)
    ]
    assert not found, "\n".join(found)


def test_the_patterns_find_what_they_are_for() -> None:
    assert WRONG["email"].search("An E-mail was sent")
    assert WRONG["76%"].search("covers 76 % of the people")
    assert not WRONG["76%"].search("share = number % 12 or 100 % 7")
    assert WRONG["10MB"].search("Choose a file smaller than 10 MB")
    assert WRONG["what somebody would say across the desk"].search('_("By when again?")')
