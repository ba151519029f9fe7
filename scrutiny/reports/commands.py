"""`flask reports`: the PDF of a report as sealed or as a draft, area reports and how often they come, withdrawal."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from scrutiny.adapters import fitted
from scrutiny.areas.queries import area_on
from scrutiny.areas.service import place_of
from scrutiny.editions import queries as editions
from scrutiny.editions import recalling
from scrutiny.editions.models import Edition
from scrutiny.formats import london_day, plural, size
from scrutiny.pages import now
from scrutiny.reports import gather_review, rhythms
from scrutiny.reports.jobs import publish_area_report
from scrutiny.reviews.queries import review_by_reference
from scrutiny.snapshots import printing
from scrutiny.transaction import run, writes_now
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

reports = AppGroup("reports", help="Reports of reviews and of places.")


@reports.command("print")
@click.argument("reference")
@click.option("--to", "path", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF to write.")
@click.option("--edition", "number", type=int, help="An edition by its number; the newest otherwise.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def print_(reference: str, path: Path, number: int | None, as_json: bool) -> None:
    """Print the newest sealed edition of a report again, byte for byte; or the draft of a review not yet reported."""
    try:
        said = _sealed(reference, path, number) or _draft(reference, path)
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(f"{path.name}: {said['state']}, {plural(said['pages'], 'page')}, {size(said['size'])}")


@reports.command("area")
@click.argument("codes")
def area_(codes: str) -> None:
    """Publish the report of a place (CODE, or CODE+CODE) now; it goes on as often as was chosen, each month if nothing was."""
    at = now()
    try:
        with writes_now():
            place = place_of([area_on(code, london_day(at)) for code in codes.split("+")], at=at)
            place_id, name = place.id, place.name
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    if publish_area_report(place_id, at):
        click.echo(f"The area report of {name} is published")
    else:
        click.echo(f"Nothing has changed in {name} since its last report, so none was made")


@reports.command("rhythm")
@click.argument("codes")
@click.argument("rhythm", type=click.Choice(list(rhythms.MONTHS)))
def rhythm_(codes: str, rhythm: str) -> None:
    """Choose how often a place (CODE, or CODE+CODE) has an area report, if anything has changed; 'stopped' ends them."""
    at = now()
    try:
        with writes_now():
            place = place_of([area_on(code, london_day(at)) for code in codes.split("+")], at=at)
            rhythms.choose(place, rhythm, by=OPERATOR_ACTOR, at=at)
            name = place.name
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    click.echo(rhythms.said(name, rhythm, london_day(at)))


@reports.command("rhythms")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def rhythms_(as_json: bool) -> None:
    """List the places that have area reports: how often, and the day the next may come out."""
    rows = [
        {
            "place": row.place.slug,
            "name": row.place.name,
            "rhythm": row.rhythm,
            "last": row.last.why if row.last else "",
            "next": row.next_on.isoformat() if row.next_on else "",
        }
        for row in rhythms.places_with_reports(now())
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['name']} ({row['place']}): {row['rhythm']}" + (f", next {row['next']}" if row["next"] else ""))


@reports.command("withdraw")
@click.argument("reference")
@click.option("--why", required=True, help="The reason, published in its place: repeat nothing that must not be read.")
@click.option("--edition", "number", type=int, help="One edition by its number; every published one otherwise.")
@click.option("--erase", is_flag=True, help="Erase what it says for ever, too; its digest and the reason stay.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def withdraw_(reference: str, why: str, number: int | None, erase: bool, as_json: bool) -> None:
    """Withdraw a published report at once, leaving a notice; whoever was told that it was out is emailed."""
    try:
        said = run(lambda: _withdrawn(reference, why, number, erase))
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(f"Withdrawn: {plural(len(said['editions']), 'edition')} of {reference}. A notice stands in its place")


def _withdrawn(reference: str, why: str, number: int | None, erase: bool) -> dict[str, Any]:
    """Withdraw, in one transaction."""
    report = editions.report_called(reference)
    if report is None:
        raise Refused(f"There is no report called {reference}: give a reference such as R-2026-014")
    gone = recalling.recall(report, why, number=number, erase=erase, by=OPERATOR_ACTOR, at=now())
    return {"reference": reference, "editions": [edition.number for edition in gone], "erased": erase}


def _sealed(reference: str, path: Path, number: int | None) -> dict[str, Any] | None:
    """Print a sealed edition; None where the report has none yet."""
    report = editions.report_called(reference)
    sealed = [e for e in report.editions if e.digest and number in (None, e.number)] if report else []
    if not sealed:
        return None
    edition: Edition = sealed[-1]
    if edition.erased_at is not None:
        raise Refused(f"{recalling.notice(edition)}.")
    if edition.snapshot is None or edition.sealed_at is None:
        return None
    about = {"reference": reference, "edition": edition.number, "state": edition.state, "digest": edition.digest}
    kept = next((file for file in edition.files if file.kind == "pdf"), None)
    if kept is not None:
        content = fitted.files().read(kept.sha256)
        path.write_bytes(content)
        return about | {"printed_with": kept.printed_with} | _file(content, kept.pages or 0)
    printed = printing.print_edition(edition.snapshot, edition.digest, sealed_at=edition.sealed_at)
    path.write_bytes(printed.pdf)
    return about | {"printed_with": printed.printer} | _file(printed.pdf, printed.pages)


def _draft(reference: str, path: Path) -> dict[str, Any]:
    """Print a review's report as it would come out now, marked as a draft."""
    review = review_by_reference(reference)
    if review is None:
        raise Refused(f"There is no report or review called {reference}: give a reference such as R-2026-014")
    at, report = now(), editions.report_of(review.id)
    draft = gather_review.draft_of(review, report.summary if report else "", today=london_day(at))
    printed = printing.print_edition(draft.to_plain(), "", sealed_at=at)
    path.write_bytes(printed.pdf)
    return {"reference": reference, "edition": None, "state": "draft", "digest": ""} | _file(printed.pdf, printed.pages)


def _file(pdf: bytes, pages: int) -> dict[str, Any]:
    """What there is to know of the file written."""
    return {"pages": pages, "size": len(pdf), "sha256": hashlib.sha256(pdf).hexdigest()}
