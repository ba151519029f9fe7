"""The law of late 2026, fact by fact: what the shipped powers, kinds and methods say of each, and never more surely than known.

The ids are those of docs/guides/law.md.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
GUIDE = (ROOT / "docs" / "guides" / "law.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", GUIDE, re.MULTILINE)]
FACTS = {row[0]: row for row in ROWS if re.fullmatch(r"[AM]\d+", row[0])}
EXECUTIVE = ("osc_docs", "osc_attend", "osc_response", "key_decision_breach")
PANEL = ("pcp_info", "pcp_attend", "pcp_response", "pcp_chief")

#: id | what is held (power:, kind: or method: and its key) | the key of it, '' for its whole text | a pattern of what it says
HELD = [
    ("A4", "power:partner_regard", "answerers", r"^(?!.*(county|unitary|metropolitan|london-borough))"),
    ("A6", "power:partner_regard_work", "limits", "Help into work only"),
    ("A7", "power:partner_regard_unsure", "confidence", "doubtful"),
    ("A8", "power:partner_regard_joint", "confidence", "doubtful"),
    ("A9", "power:partner_info", "confidence", "doubtful"),
    ("A9", "power:partner_info", "doubt", "regulations that may say what must and must not be given were not found"),
    ("A11", "power:health_info", "answerers", "health-provider"),
    ("A14", "power:crime_response", "source", re.escape("s.19(8A)-(8B)")),
    ("A16", "power:crime_response_cooperating", "only_if", "co-operating body"),
    ("A17", "power:crime_response_wales", "clock", "none"),
    ("A18", "power:crime_response_wales", "valid_from", "2009-10-01"),
    ("A19", "power:crime_response_wales", "answerers", r"^(?!.*health-board)"),
    ("A19", "power:crime_response_wales_health", "confidence", "doubtful"),
    *[("A22", f"power:{key}", "ends_by", "commencement was not found") for key in ("ca_docs", "ca_attend", "ca_osc_response")],
    *[("A27", f"power:{key}", "expected_end", "2028-05") for key in PANEL],
    *[("A27", f"power:{key}", "ends_status", "announced") for key in PANEL],
    ("A32", "method:joint-scrutiny-2026.2", "basis", "LGPIHA 2007 s.123, as substituted by LDEDCA 2009 s.32"),
    ("A31", "method:joint-scrutiny-2026.2", "responses", "Nothing obliges a council that did not appoint"),
    ("A33", "method:crime-and-disorder-2026.2", "lead", "s.21, where an order combines the areas"),
    ("A34", "method:crime-and-disorder-2026.2", "phases", "a copy goes to every responsible authority and co-operating body"),
    ("A35", "method:crime-and-disorder-2026.2", "follow_ups", "at least one in every twelve months"),
    ("A36", "method:call-in-2026.1", "phases", "no more than 14 days from the direction"),
    ("A36", "method:call-in-2026.1", "phases", "within 10 days of receiving the recommendations"),
    ("A37", "method:call-in-2026.1", "basis", re.escape("s.21(3) in Wales")),
    ("A38", "method:spotlight-2026.2", "basis", "MHCLG 2019, updated 2024"),
    ("A41", "method:jtai-2026.2", "evidence", "education-in-safeguarding.*multi-agency child protection teams"),
    ("A44", "method:area-send-2026.3", "basis", "updated 6 June 2025"),
    ("A46", "method:area-send-2026.3", "follow_ups", "18"),
    ("A48", "method:area-send-2026.3", "phases", "'key': 'accuracy-check'[^}]*'confidence': 'doubtful'"),
    ("A50", "method:area-send-2026.3", "evidence", "Health commissioning template.*Residential special schools template"),
    ("A51", "method:health-variation-2026.2", "basis", "referral by councils ended on 31 January 2024"),
    ("A52", "method:health-variation-2026.2", "lead", "one joint committee"),
    ("M15", "method:jtai-2026.2", "evidence", "multi-agency child protection teams"),
    ("M16", "method:area-send-2026.3", "basis", "law from 2029 at the earliest; present duties stand"),
    ("A49", "method:area-send-2026.3", "judgement", "outcomes"),
    ("A53", "method:area-assessment-2026.3", "", "Local Outcomes Framework"),
    ("A55", "kind:icb", "ends_status", "announced"),
    ("A55", "kind:icb", "ends_some", "True"),
    ("A56", "kind:nhs-england", "ends_status", "bill"),
    ("A56", "kind:nhs-england", "expected_end", "2027-03"),
    ("A56", "kind:nhs-england", "successor", "Secretary of State"),
    ("A57", "kind:healthwatch", "ends_status", "bill"),
    ("A57", "kind:healthwatch", "expected_end", "^$"),
    ("A57", "kind:healthwatch", "successor", "^$"),
    ("M2", "kind:pcc", "expected_end", "2028-05"),
    ("M2", "kind:pcc", "ends_status", "announced"),
    *[("M2", f"kind:{kind}", "ends_status", "announced") for kind in ("county", "district")],
    *[("M2", f"kind:{kind}", "ends_some", "True") for kind in ("county", "district")],
    ("M5", "method:panel-performance-assessment-2026.1", "nations", r"^\['wales'\]$"),
    ("M5", "method:panel-performance-assessment-2026.1", "lead", "peer-panel"),
    ("M7", "power:health_report", "answerers", "health-provider"),
    ("M8", "power:crime_info_cooperating", "limits", "was not read: check who co-operates here"),
    *[("M9", f"power:{key}", "limits", "council on the committee system has no executive: SI 2012/1020") for key in EXECUTIVE],
    ("M10", "method:area-assessment-2026.3", "", "Give each grade as it was given, with its framework and date"),
    ("M11", "method:area-assessment-2026.3", "", re.escape("Integrated Settlement Outcomes Framework (strategic authorities)")),
    ("M11", "method:total-place-2026.3", "", "Say where they are rather than sending them again"),
    (
        "M12",
        "method:total-place-2026.3",
        "",
        "3.5% for years 0 to 30, 3% to year 75, 2.5% to 125, 2% to 200, 1.5% to 300, then 1%",
    ),
    ("M12", "method:total-place-2026.3", "", "1.5%, 1.29%, 1.07%, 0.86%, 0.64%, 0.43%"),
    ("M12", "method:total-place-2026.3", "", "test also at 3%, 2.57%, 2.14%, 1.71%, 1.29%, 0.86%"),
    ("M13", "method:panel-annual-report-2026.1", "outputs", "in England copies sent to every council"),
    ("M13", "power:pcp_response", "limits", "in England, send copies to every council"),
    ("M17", "method:total-place-2026.3", "lead", "local-pac.*by agreement"),
    ("M18", "method:total-place-2026.3", "", "is it pooled with others or only aligned"),
    ("M20", "method:area-assessment-2026.3", "", "statutory recommendation or public interest report"),
    ("M25", "method:total-place-2026.3", "join", "neighbourhood-body.*by agreement"),
    ("M26", "method:area-assessment-2026.3", "", "authority's own governance and scrutiny affect the service"),
]


@cache
def _read(path: str) -> dict[str, Any]:
    """A file of config as plain values."""
    return tomllib.loads((CONFIG / path).read_text(encoding="utf-8"))


def _row(what: str) -> dict[str, Any]:
    """The plain values of a power, a kind of agency or a method."""
    sort, key = what.split(":", 1)
    if sort == "method":
        return _read(f"methods/{key}.toml")
    rows = _read("powers.toml")["powers"] if sort == "power" else _read("agency_kinds.toml")["kinds"]
    return next(row for row in rows if row["key"] == key)


@pytest.mark.parametrize(("fact", "what", "key", "said"), HELD, ids=[f"{row[0]}-{row[1]}-{n}" for n, row in enumerate(HELD)])
def test_each_fact_is_said_as_it_is_known(fact: str, what: str, key: str, said: str) -> None:
    row = _row(what)
    assert re.search(said, str(row.get(key, "") if key else row))
    assert fact in FACTS, "the guide tells of every fact that is held"


def test_the_guide_names_this_table_for_the_facts_it_holds_and_for_no_other() -> None:
    named = {fact for fact, row in FACTS.items() if row[-1] == "`test_each_fact_is_said_as_it_is_known`"}
    assert named - {row[0] for row in HELD} == set()


def test_no_power_ends_but_by_an_act_in_force() -> None:
    assert [row["key"] for row in _read("powers.toml")["powers"] if "valid_to" in row] == []


def test_the_accessibility_statement_has_the_parts_of_the_model_statement() -> None:
    page = (ROOT / "templates" / "public" / "accessibility.html").read_text(encoding="utf-8")
    parts = ("Enforcement procedure", "Compliance status", "Non-accessible content", "How this website was tested")
    assert [part for part in parts if f'>{{{{ _("{part}") }}}}</h2>' not in page] == []
    words = ("partially compliant with the Web Content Accessibility Guidelines version 2.2 AA", "disproportionate burden")
    assert [
        one for one in (*words, "Equality and Human Rights Commission", "This statement was prepared on") if one not in page
    ] == []


def test_no_power_rests_on_a_bill() -> None:
    """M19: the duty of candour was a Bill when last seen."""
    assert not re.search(r"[Cc]andour|\bBill\b", " ".join(row["source"] for row in _read("powers.toml")["powers"]))


@pytest.mark.parametrize("kind", ["local-pac", "neighbourhood-body", "peer-panel"])
def test_a_body_that_acts_by_agreement_holds_no_power_of_its_own(kind: str) -> None:
    held = [row["key"] for row in _read("powers.toml")["powers"] if kind in row["askers"]]
    assert held == ["foi", "foi_scotland"]


def test_the_guide_tells_every_fact_once_and_its_tests_are_there() -> None:
    ids = [row[0] for row in ROWS if row[0] in FACTS]
    assert ids == [*(f"A{n}" for n in range(1, 60)), *(f"M{n}" for n in range(1, 27))]
    named = set(re.findall(r"`(test_\w+)`", GUIDE))
    written = {name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())}
    assert named <= written, named - written
