"""`flask reviews withdraw`, `move-phase`, `newer-method`, `erase-words`: what would follow, and the deed once that was seen."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import TypeVar

import click

from scrutiny.asking.commands import reviews
from scrutiny.conduct import erasing, moving, newer_method, withdrawing
from scrutiny.conduct.presenters import KINDS
from scrutiny.conduct.preview_token import mark_of
from scrutiny.days import DAY
from scrutiny.formats import short_day
from scrutiny.pages import now
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import review_by_reference
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

T = TypeVar("T")


@reviews.command("withdraw")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def withdraw(reference: str, as_json: bool) -> None:
    """Say what withdrawing the review REFERENCE would do. Only the chair or an officer can withdraw it, on its page."""
    shown = _refusing(lambda: withdrawing.preview(_review(reference), at=now()))
    if as_json:
        click.echo(json.dumps(asdict(shown), ensure_ascii=False))
        return
    _say("Warning", [shown.warning] if shown.warning else [])
    _say("Requests that would be withdrawn", shown.requests)
    _say("Drafts that would be dropped", shown.drafts)
    _say("Requests already closed", shown.closed)
    _say("Report", [shown.report] if shown.report else [])
    _say("A letter would go to", shown.written_to)
    _say("What stays", shown.stays)


@reviews.command("move-phase")
@click.argument("reference")
@click.argument("phase")
@click.option("--from", "starts_on", type=DAY, required=True, help="The first day of the phase.")
@click.option("--to", "ends_on", type=DAY, required=True, help="Its last day.")
@click.option("--alone", is_flag=True, help="Leave the phases that follow where they are.")
@click.option("--preview", is_flag=True, help="Only say what would follow, and with which mark it is then done.")
@click.option("--why", default="", help="The reason, which partners and agencies are told.")
@click.option("--seen", default="", help="The mark of the preview that was seen.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def move_phase(
    reference: str, phase: str, starts_on: date, ends_on: date, alone: bool, preview: bool, why: str, seen: str, as_json: bool
) -> None:
    """Move PHASE (its key) of the review REFERENCE: what follows is shown with --preview, and done with the mark it gives."""
    wish = moving.Wish(phase, starts_on, ends_on, not alone)
    if preview:
        shown = _refusing(lambda: moving.preview(_review(reference), wish, by=OPERATOR_ACTOR, at=now()))
        _told_of_move(shown, as_json)
        return
    moved = _refusing(
        lambda: _kept(
            reference,
            lambda review: [one.title for one in moving.move(review, wish, why=why, seen=seen, by=OPERATOR_ACTOR, at=now())],
        )
    )
    click.echo(json.dumps({"moved": moved}, ensure_ascii=False) if as_json else f"Moved: {', '.join(moved)}")


@reviews.command("newer-method")
@click.argument("reference")
@click.option("--preview", is_flag=True, help="Only say how the two editions differ, what would change, and the mark of it.")
@click.option("--why", default="", help="The reason, which stays on the record.")
@click.option("--seen", default="", help="The mark of the preview that was seen.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def newer(reference: str, preview: bool, why: str, seen: str, as_json: bool) -> None:
    """Move the review REFERENCE to the newest edition of its method: seen with --preview, and done with the mark it gives."""
    if preview:
        shown = _refusing(lambda: newer_method.preview(_review(reference), by=OPERATOR_ACTOR, at=now()))
        _told_of_method(shown, as_json)
        return
    version = _refusing(
        lambda: _kept(
            reference,
            lambda review: newer_method.take_up(review, why=why, seen=seen, by=OPERATOR_ACTOR, at=now()).edition.version,
        )
    )
    told = {"review": reference, "version": version}
    click.echo(json.dumps(told) if as_json else f"{reference} is run by version {version} from now on")


@reviews.command("erase-words")
@click.argument("reference")
@click.option("--what", default="", help="Which words, such as dissent-3. Without it, what there is is listed and nothing goes.")
@click.option("--why", default="", help="The reason, which stands where the words stood. Do not repeat them.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def erase_words(reference: str, what: str, why: str, as_json: bool) -> None:
    """Erase what somebody said in the review REFERENCE: a dissent, comment, note, correction of fact or reported error."""
    if not what:
        found = _refusing(lambda: erasing.erasable(_review(reference)))
        rows = [{"what": key, "of": one.called, "said": one.texts} for key, one in found.items()]
        click.echo(json.dumps(rows, ensure_ascii=False)) if as_json else _say(
            "What was said", [f"{row['what']}: {row['of']}: {' / '.join(row['said'])}" for row in rows]
        )
        return
    places = _refusing(
        lambda: _kept(reference, lambda review: erasing.erase_words(review, what, why, by=OPERATOR_ACTOR, at=now()))
    )
    if as_json:
        click.echo(json.dumps({"erased": what, "also_said_in": places}, ensure_ascii=False))
        return
    click.echo(f"{what} is erased")
    _say("The same words still stand here", places)


def _told_of_move(shown: moving.Move, as_json: bool) -> None:
    """A move in words or as JSON."""
    if as_json:
        click.echo(json.dumps(asdict(shown) | {"seen": mark_of(shown)}, default=str, ensure_ascii=False))
        return
    _say("Phases", map(_phase, (one for one in shown.phases if one.moves)))
    _say("Items already asked that would be due later", map(_item, shown.later))
    _say("Items of drafts that would be counted again", map(_item, shown.drafts))
    _say("Look at this first", shown.warnings)
    _say("What stays", shown.stays)
    _say("Clashes", [f"{one.label}: {one.said}" for one in shown.clashes])
    _say("A letter would go to", shown.written_to)
    click.echo(f"To do it: the same with --seen {mark_of(shown)} and --why in place of --preview")


def _told_of_method(shown: newer_method.Upgrade, as_json: bool) -> None:
    """An upgrade in words or as JSON."""
    if as_json:
        click.echo(json.dumps(asdict(shown) | {"seen": mark_of(shown)}, default=str, ensure_ascii=False))
        return
    click.echo(f"{shown.title}: from version {shown.was} to {shown.now}")
    for part in dict.fromkeys(one.part for one in shown.differences):
        _say(
            part,
            [
                f"{one.title}, {KINDS[one.kind].lower()}. "
                + "; ".join(f"{change.what}: {change.before or '–'} → {change.after or '–'}" for change in one.changes)
                for one in shown.differences
                if one.part == part
            ],
        )
    _say("Phases that would move", map(_phase, (one for one in shown.phases if one.moves)))
    _say("Phases that are added", shown.begins)
    _say("Phases that go", shown.goes)
    _say("Lines of enquiry", shown.lines)
    _say("Standard items that are added", shown.added)
    _say("Items of drafts that would be counted again", map(_item, shown.drafts))
    _say("Signatures that fall", shown.voided)
    _say("What stays", shown.stays)
    _say("It cannot be taken up as things stand", shown.obstacles)
    click.echo(f"To do it: the same with --seen {mark_of(shown)} and --why in place of --preview")


def _phase(one: moving.MovedPhase) -> str:
    """A phase with the days it has and would have."""
    was = f"{short_day(one.was_from)} to {short_day(one.was_to)}"
    return f"{one.title}: {was} → {short_day(one.now_from)} to {short_day(one.now_to)}"


def _item(one: moving.MovedItem) -> str:
    """An item with the day it has and would have."""
    return f"{one.reference} {one.agency}, {one.title}: {short_day(one.was) or 'no date'} → {short_day(one.now) or 'no date'}"


def _say(title: str, sentences: Iterable[str]) -> None:
    """A heading with its sentences; nothing where there is none."""
    found = list(sentences)
    if found:
        click.echo("\n".join([title, *(f"  {one}" for one in found)]))


def _review(reference: str) -> Review:
    """The review with a reference, or a refusal."""
    found = review_by_reference(reference)
    if found is None:
        raise Refused(f"There is no review {reference}: write its reference, such as R-2026-014")
    return found


def _kept(reference: str, deed: Callable[[Review], T]) -> T:
    """A deed in one transaction."""
    with writes_now():
        return deed(_review(reference))


def _refusing(deed: Callable[[], T]) -> T:
    """Do it, or end with the refusal in a sentence and exit status 1."""
    try:
        return deed()
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
