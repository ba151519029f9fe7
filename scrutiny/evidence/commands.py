"""`flask evidence`: what the pages of the agency and the lead do with something sent, for whoever runs the server."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from typing import NoReturn

import click
from flask.cli import AppGroup
from flask_babel import gettext

from scrutiny.accounts.models import Person
from scrutiny.accounts.queries import person_by_email
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import members
from scrutiny.evidence import copies, naming, queries, restricting
from scrutiny.evidence.erasing import Erased, still_quoted
from scrutiny.evidence.markings import STRICTNESS, label
from scrutiny.evidence.models import EvidenceFile, Lodging, NamedReader
from scrutiny.evidence.named import NAMED_PARTS, Reader, open_rows, readers_of, why_not
from scrutiny.evidence.restricting import Restriction
from scrutiny.evidence.sweeping import also_said, words_of
from scrutiny.formats import listed, london_day
from scrutiny.pages import now
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import bodies_taking_part, review_by_reference
from scrutiny.transaction import run
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

evidence = AppGroup("evidence", help="What agencies sent: who may open it; made stricter, removed from publication or erased.")
NUMBER = click.argument("number", type=int)
WHY = click.option("--why", required=True, help="The reason, which stays. Do not repeat what must not be seen.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@evidence.command("restrict")
@NUMBER
@click.option("--to", "marking", required=True, type=click.Choice(STRICTNESS), help="Who may see it from now on.")
@click.option("--ground", default="", help="For exempt: the paragraph of Schedule 12A that applies, and why.")
@WHY
@JSON
def restrict_(number: int, marking: str, ground: str, why: str, as_json: bool) -> None:
    """Let fewer people see evidence NUMBER (of /evidence/NUMBER) at once, and take it back from the public."""

    def deed(lodging: Lodging) -> dict[str, object]:
        restricting.restrict(lodging, Restriction(marking, why, ground), by=OPERATOR_ACTOR, at=now())
        return {"marking": marking, "said": gettext("who may see it now: %(who)s", who=label(marking))}

    _do(number, deed, as_json)


@evidence.command("take-back")
@NUMBER
@WHY
@JSON
def take_back_(number: int, why: str, as_json: bool) -> None:
    """Take evidence NUMBER (of /evidence/NUMBER) back from the public at once; the bodies of the review still see it."""

    def deed(lodging: Lodging) -> dict[str, object]:
        restricting.take_back(lodging, why, by=OPERATOR_ACTOR, at=now())
        return {"marking": lodging.marking, "said": gettext("removed from publication")}

    _do(number, deed, as_json)


@evidence.command("erase")
@NUMBER
@click.option("--file", "file_id", type=int, help="Erase this file (of /evidence/files/FILE) and not the words.")
@click.option("--everywhere", is_flag=True, help="Also where other agencies gave the same, as a court may order.")
@WHY
@JSON
def erase_(number: int, file_id: int | None, everywhere: bool, why: str, as_json: bool) -> None:
    """Erase the words and figures of evidence NUMBER (of /evidence/NUMBER) for ever, or a file of it; its agency’s copies too."""

    def deed(lodging: Lodging) -> dict[str, object]:
        file = _file(lodging, file_id) if file_id is not None else None
        gone = (
            [Erased(one) for one in copies.of_words(lodging.evidence, everywhere=everywhere)]
            if file is None
            else [Erased(one.evidence, one) for one in copies.of_file(file, everywhere=everywhere)]
        )
        quoted = list(dict.fromkeys(sealed.name for one in gone for sealed in still_quoted(one)))
        also = also_said(words_of([one.evidence for one in gone], file))
        if file is None:
            restricting.erase_words(lodging, why, everywhere=everywhere, by=OPERATOR_ACTOR, at=now())
        else:
            restricting.erase_file(file, lodging, why, everywhere=everywhere, by=OPERATOR_ACTOR, at=now())
        said = gettext("erased, and quotations of it in findings, letters and notes")
        if quoted:
            where = listed(quoted)
            said += ". " + gettext("Still quoted in: %(where)s. Withdraw it with flask reports withdraw --erase", where=where)
        if also:
            said += ". " + gettext("The same words are in: %(where)s. Read, and change or withdraw these", where=listed(also))
        return {"file": file_id, "still_quoted_in": quoted, "also_said_in": also, "said": said}

    _do(number, deed, as_json)


@evidence.command("readers")
@click.argument("reference")
@click.option("--name", "names", multiple=True, metavar="EMAIL", help="Name this person; may be given several times.")
@click.option("--remove", "removed", multiple=True, metavar="EMAIL", help="Name this person no longer.")
@click.option("--body", "slug", default="", help="For which body, where a person belongs to several of the review.")
@JSON
def readers_(reference: str, names: tuple[str, ...], removed: tuple[str, ...], slug: str, as_json: bool) -> None:
    """Who may open what agencies mark for people named only, in review REFERENCE; name people, or remove them."""
    at = now()

    def deed() -> list[Reader]:
        review = review_by_reference(reference.upper())
        if review is None:
            raise Refused(gettext("There is no review %(reference)s", reference=reference))
        for email in removed:
            naming.end_naming(_named(review, email, slug), by=OPERATOR_ACTOR, at=at)
        for email in names:
            person = _person(email)
            naming.name_reader(review, person, _body_for(review, person, slug, london_day(at)), by=OPERATOR_ACTOR, at=at)
        return readers_of(open_rows(review), london_day(at))

    try:
        found = run(deed)
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    if as_json:
        rows = [
            {
                "name": one.name,
                "office": one.office,
                "body": one.row.body.slug,
                "named_at": one.row.named_at.isoformat(),
                "cannot_open": one.why_not,
            }
            for one in found
        ]
        click.echo(json.dumps({"review": reference.upper(), "readers": rows}, ensure_ascii=False))
        return
    for one in found:
        click.echo(one.said + (f" ({gettext('cannot open it now')}: {one.why_not})" if one.why_not else ""))
    if not found:
        click.echo(gettext("Nobody is named"))


def _person(email: str) -> Person:
    """The person with an address."""
    person = person_by_email(email)
    if person is None:
        raise Refused(gettext("Nobody here has the address %(email)s", email=email))
    return person


def _named(review: Review, email: str, slug: str) -> NamedReader:
    """The naming of a person that has not ended, for the body given."""
    person = _person(email)
    rows = [row for row in open_rows(review) if row.person_id == person.id and slug in ("", row.body.slug)]
    if not rows:
        raise Refused(gettext("%(name)s is not named for this review", name=person.name))
    return rows[0] if len(rows) == 1 else _ask_for_body(person)


def _body_for(review: Review, person: Person, slug: str, on: date) -> Body:
    """The body of a review a person is named for: the one given, or the only one they may be named for."""
    parts = bodies_taking_part(review, *NAMED_PARTS)
    if slug:
        body = next((one for one in parts if one.slug == slug), None)
        if body is None:
            raise Refused(gettext("%(body)s is not the lead or a partner of this review", body=slug))
        return body
    why = {body: why_not(person, body, review, on) for body in parts}
    free = [body for body, bar in why.items() if not bar]
    if len(free) > 1:
        _ask_for_body(person)
    # Whoever may be named for none is refused for the body they belong to, with the reason.
    own = [one for one in parts if person in members(one, on)]
    return next(iter([*free, *own, *parts]))


def _ask_for_body(person: Person) -> NoReturn:
    """Refuse where it is not clear for which body."""
    raise Refused(gettext("%(name)s belongs to several bodies of this review: say which with --body", name=person.name))


def _do(number: int, deed: Callable[[Lodging], dict[str, object]], as_json: bool) -> None:
    """One deed in one transaction, and what was done; a refusal is one sentence, and nothing is changed."""
    try:
        done = run(lambda: deed(_lodging(number)))
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    said = done.pop("said")
    click.echo(json.dumps({"evidence": number} | done, ensure_ascii=False) if as_json else f"Evidence {number}: {said}")


def _lodging(number: int) -> Lodging:
    """The evidence of that number."""
    lodging = queries.lodging_with_files(number)
    if lodging is None:
        raise Refused(gettext("There is no evidence %(number)s: give the number in its address, /evidence/NUMBER", number=number))
    if lodging.lodged_at is None:
        raise Refused(gettext("Evidence %(number)s has not been sent: only its agency can see it", number=number))
    return lodging


def _file(lodging: Lodging, file_id: int) -> EvidenceFile:
    """A file of it."""
    file = next((file for file in lodging.evidence.files if file.id == file_id), None)
    if file is None:
        there = listed([str(file.id) for file in lodging.evidence.files]) or gettext("none")
        raise Refused(gettext("This evidence has no file %(id)s. Its files: %(there)s", id=file_id, there=there))
    return file
