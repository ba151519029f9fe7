"""The printed report and its page: what a reader meets first, one order, a draft that is plainly one, text as it was typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, render_template

from scrutiny.snapshots import presenters, printing, statements
from scrutiny.snapshots.snapshot import ContactFacts, DissentFacts, EditionFacts, EvidenceFacts, Snapshot, read
from scrutiny.typed_text import Block, blocks

KEPT = Path(__file__).parents[2] / "golden" / "reports" / "form-2.json"
ADDRESS = "https://scrutiny.loamshire.example/reports/R-2026-001"


@pytest.fixture
def report(the_app: Flask) -> Iterator[Snapshot]:
    """The kept report, as one is sealed today: its address, its contact, an outcome and a dissent from one finding."""
    kept = read(json.loads(KEPT.read_text(encoding="utf-8")))
    first = replace(
        kept.findings[0],
        judgement="Inconsistent",
        meaning="Experiences are inconsistent.",
        scale="outcomes",
        overall=True,
        text="Some wait.\n- long",
    )
    dissent = DissentFacts("Cllr Joan Pike", "Loamshire Overview and Scrutiny Committee", first.number, "Not so.")
    with the_app.test_request_context():
        yield replace(
            kept,
            edition=EditionFacts("R-2026-001", 1, "", ADDRESS),
            contact=ContactFacts("The committee", "scrutiny officer", "01632 960 123", "scrutiny@example.gov.uk", "County Hall"),
            findings=(first, *kept.findings[1:]),
            dissent=(dissent,),
        )


def printed(report: Snapshot) -> str:
    """The body of the printed page, spaces made one."""
    html = printing.html_of(report.to_plain(), "" if report.is_draft else "0" * 64)
    return re.sub(r"\s+", " ", html[html.index("<body") :])


def on_page(report: Snapshot) -> str:
    """What the report's page, the preview and sign-off show of it."""
    return re.sub(r"\s+", " ", render_template("snapshots/_content.html", **presenters.content_of(report)))


def test_the_outcome_comes_first_and_the_front_says_where_to_ask(report: Snapshot) -> None:
    html = printed(report)
    front = html[: html.index('id="summary"')]
    said = ("Outcome: Inconsistent", "Experiences are inconsistent.", ADDRESS, "scrutiny@example.gov.uk", "01632 960 123")
    assert [words for words in said if words not in front] == []
    assert on_page(report).index("Experiences are inconsistent.") < on_page(report).index('id="summary"')


def test_recommendations_stand_in_one_order_on_page_and_print_with_one_table(report: Snapshot) -> None:
    html, numbers = printed(report), [row.number for row in report.recommendations]
    assert [int(n) for n in re.findall(r'id="recommendation-(\d+)"', html)] == numbers
    assert [int(n) for n in re.findall(r'id="recommendation-(\d+)"', on_page(report))] == numbers
    assert [int(n) for n in re.findall(r'<th scope="row"><a href="#recommendation-(\d+)">', html)] == numbers


def test_page_and_print_have_the_same_sections(report: Snapshot) -> None:
    headings = [(key, words) for key, words in statements.sections() if key != "check"]
    for html in (printed(report), on_page(report)):
        found = re.findall(r'<h2[^>]* id="([a-z-]+)">([^<]*)</h2>', html)
        assert [row for row in found if row[0] not in ("contents", "check")] == headings


def test_a_dissent_is_told_beside_its_finding(report: Snapshot) -> None:
    words = "Cllr Joan Pike, Loamshire Overview and Scrutiny Committee, dissents from this finding."
    for html in (printed(report), on_page(report)):
        start = html.index('id="finding-1"')
        assert words in html[start : html.index('id="finding-2"')]


def test_an_unwritten_draft_says_so_and_claims_nothing(report: Snapshot) -> None:
    draft = replace(report, sealed_on=None, summary="", findings=(), recommendations=(), evidence=(), signatories=(), dissent=())
    html = printed(draft)
    for text in (html, on_page(draft)):
        assert "None written yet." in text
        assert text.count("None finalised yet.") == 2
        assert "None proposed yet." in text
        assert "sealed" not in text.lower()
        assert "No recommendation" not in text
        assert "did not sign" not in text
    assert "Draft: not published" in html
    assert 'id="check"' not in html
    assert 'href="#check"' not in html


def test_text_is_shown_as_its_writer_laid_it_out_and_never_as_html(report: Snapshot) -> None:
    assert blocks("## Waits\nLong.\n\n- one\n- two\nEnd - here.\n* three") == [
        Block("heading", ("Waits",)),
        Block("paragraph", ("Long.",)),
        Block("list", ("one", "two")),
        Block("paragraph", ("End - here.",)),
        Block("list", ("three",)),
    ]
    typed = replace(report, summary="# Why\n- <b>first</b>\n- second")
    for html in (printed(typed), on_page(typed)):
        assert "<li>&lt;b&gt;first&lt;/b&gt;</li><li>second</li>" in html
        assert re.search(r"<h3[^>]*>Why</h3>", html)


def test_the_evidence_says_what_cites_it_and_where_it_is_published(report: Snapshot) -> None:
    row = replace(report.evidence[0], lodging=80)
    shown = replace(report, evidence=(row, *report.evidence[1:]))
    cited = statements.cited_in(shown, row.number)
    assert cited
    assert f"https://scrutiny.loamshire.example/evidence/{row.lodging}" in printed(shown)
    assert f'href="/evidence/{row.lodging}"' in on_page(shown)
    hidden = render_template("snapshots/_content.html", **presenters.content_of(shown, published=()))
    assert f"/evidence/{row.lodging}" not in hidden
    assert f'Cited in <a class="govuk-link" href="#finding-{cited[0]}">' in on_page(shown)


def test_a_cited_cell_is_told_by_its_headings(report: Snapshot) -> None:
    cited = replace(report.findings[0].citations[0], page=None, cell="C2", row_head="Barrow End", column_head="Over 18 weeks")
    shown = replace(report, findings=(replace(report.findings[0], citations=(cited,)), *report.findings[1:]))
    for html in (printed(shown), on_page(shown)):
        assert "row “Barrow End”, column “Over 18 weeks” (C2)" in html
    assert statements.where(replace(cited, row_head="", column_head="")) == "cell C2"


def test_two_pieces_of_evidence_of_one_title_are_told_apart(report: Snapshot) -> None:
    day = date(2026, 4, 3)
    alike = (
        EvidenceFacts(1, "The trust", "Waits", "a.xlsx", "open", day, "", "1"),
        EvidenceFacts(2, "The trust", "Waits", "", "open", day, "", "2"),
        EvidenceFacts(3, "The council", "Waits", "", "open", day, "", "3"),
        EvidenceFacts(4, "The council", "", "", "exempt", day, "", "4"),
        EvidenceFacts(5, "The council", "Alone", "", "open", day, "", "5"),
    )
    titles = [statements.evidence_title(row, replace(report, evidence=alike)) for row in alike]
    assert titles == [
        "Waits, a.xlsx",
        "Waits, written answer, The trust",
        "Waits, written answer, The council",
        "Evidence not published",
        "Alone",
    ]
