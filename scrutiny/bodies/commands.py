"""`flask bodies load`, `flask people invite`, `load` and `reset-second-step`."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext

from scrutiny.accounts.queries import person_by_email
from scrutiny.accounts.service import address_of
from scrutiny.accounts.service import reset_second_step as reset
from scrutiny.agencies import queries as agencies
from scrutiny.agencies.models import Agency
from scrutiny.bodies import letterheads, presenters, queries, service
from scrutiny.bodies.models import Body
from scrutiny.bodies.people_register import FaultyList, in_words, load_people, plan_people
from scrutiny.bodies.register import load_bodies
from scrutiny.formats import full_stop, london_day, plural
from scrutiny.pages import now
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import AGENCY_ROLES, BODY_ROLES, OPERATOR_ACTOR, Appointment, role_called

bodies = AppGroup("bodies", help="Bodies that ask.")
people = AppGroup("people", help="People who may sign in.")


@bodies.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def load(file: Path, as_json: bool) -> None:
    """Load bodies from a CSV: slug,name,kind,host_agency,nation. All or nothing."""
    try:
        with writes_now():
            loaded = load_bodies(file.read_bytes(), file.name, by=OPERATOR_ACTOR, at=now())
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    for warning in loaded.warnings:
        click.echo(warning, err=True)
    if as_json:
        click.echo(json.dumps(loaded.as_json(), ensure_ascii=False))
    else:
        click.echo(f"{plural(loaded.count, 'body', 'bodies')}: {len(loaded.added)} added, {len(loaded.changed)} changed")


@bodies.command("letterhead")
@click.argument("slug")
@click.option("--signatory", "signatory_name", help="Who signs, as it stands under a letter.")
@click.option("--office", "signatory_office", help="Their office: Chair.")
@click.option("--deputy", "deputy_name", help="Who signs while the signatory cannot.")
@click.option("--deputy-office", help="The deputy's office.")
@click.option("--deputy-signs/--signatory-signs", default=None, help="Who of the two signs now.")
@click.option("--contact", "contact_name", help="Whom a reader may ask.")
@click.option("--contact-office", help="The contact's job title.")
@click.option("--phone", "contact_phone", help="The contact's telephone.")
@click.option("--email", "contact_email", help="The contact's email address.")
@click.option("--mailbox", help="Where replies go; the contact's address where it is empty.")
@click.option("--heading", help="Lines under the signature: the postal address.")
@click.option("--privacy", "privacy_url", help="Web address of the privacy notice.")
@click.option("--genuine", "genuine_url", help="Web address where a reader can check that a letter is genuine.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def letterhead(slug: str, as_json: bool, **given: str | bool | None) -> None:
    """Say who signs the letters of a body and whom to ask; what is not given stays. Without options, show it."""
    values = {field: value for field, value in given.items() if value is not None}
    try:
        with writes_now():
            body = _body(slug)
            changed = letterheads.enter_letterhead(body, values, by=OPERATOR_ACTOR, at=now()) if values else []
            shown = presenters.letterhead_values(body)
            missing = letterheads.missing_from(letterheads.correspondent_of(body))
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    if as_json:
        document = {"body": slug, "changed": changed, "missing": missing}
        click.echo(json.dumps(document | {field: shown[field] for field in letterheads.FIELDS}, ensure_ascii=False))
        return
    for field in letterheads.FIELDS:
        click.echo(f"{field.replace('_', ' ')}: {shown[field]}")
    if missing:
        click.echo(f"Its letters do not yet say: {', '.join(missing)}", err=True)


@people.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--administrator", is_flag=True, help="They run this instance.")
@click.option("--body", "slug", help="The slug of a body they belong to.")
@click.option("--agency", "agency_id", type=int, help="The id of an agency they belong to.")
@click.option("--role", help=f"In a body: {', '.join(BODY_ROLES)}. In an agency: {', '.join(AGENCY_ROLES)}.")
def invite(email: str, name: str, administrator: bool, slug: str | None, agency_id: int | None, role: str | None) -> None:
    """Let a person sign in, and write to tell them: an administrator, or somebody of a body or an agency."""
    if sum([administrator, slug is not None, agency_id is not None]) != 1:
        raise click.UsageError("Give one of --administrator, --body SLUG --role R, and --agency ID --role R")
    if (role is None) != administrator:
        raise click.UsageError("Give --role with --body or --agency, and not with --administrator")
    at = now()
    try:
        with writes_now():
            to = Appointment(role_called(role or ""), london_day(at))
            invited = service.InvitedAs(_owner(slug, agency_id), to, administrator=administrator)
            person = service.invite(email, name, invited, by=OPERATOR_ACTOR, at=at)
            words = f"{person.name} ({person.email}) may sign in; the letter is waiting to be posted"
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    click.echo(words)


@people.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what each row would do; invite nobody.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def load_list(file: Path, dry_run: bool, as_json: bool) -> None:
    """Invite people and give them roles from a CSV: name,email,body,agency,role. A list with a fault is not begun."""
    at = now()
    try:
        rows = plan_people(file.read_bytes(), file.name, on=london_day(at))
        document = [
            {"line": row.line, "email": row.email, "for": row.owner.name, "role": row.role, "does": row.deed} for row in rows
        ]
        done, refused = (rows, "") if dry_run else load_people(rows, by=OPERATOR_ACTOR, at=at, on=london_day(at))
    except FaultyList as faulty:
        raise click.ClickException("\n".join(faulty.faults)) from faulty
    except Refused as wrong:
        raise click.ClickException(wrong.sentence) from wrong
    if refused:
        click.echo(" ".join(in_words(done, done=True)))
        raise click.ClickException(gettext("The other rows were not done. %(why)s", why=full_stop(refused)))
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for row in document if dry_run else ():
        click.echo(f"Line {row['line']}: {row['email']}, {row['role']}, {row['for']}: {str(row['does']).replace('_', ' ')}")
    click.echo(" ".join(in_words(done, done=not dry_run)))


@people.command("reset-second-step")
@click.argument("email")
def reset_second_step(email: str) -> None:
    """Let somebody who has lost their phone or passkey sign in by link or password alone, and write to tell them."""
    try:
        with writes_now():
            person = person_by_email(address_of(email))
            if person is None:
                raise Refused(gettext("Nobody here has the address %(email)s", email=email))
            reset(person, by=OPERATOR_ACTOR, at=now())
            words = gettext("The second step of %(name)s is reset; the letter is waiting to be posted", name=person.name)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    click.echo(words)


def _body(slug: str) -> Body:
    """The body with this slug; Refused where there is none such."""
    found = queries.body(slug)
    if found is None:
        known = ", ".join(body.slug for body in queries.bodies_by_name()[:20])
        raise Refused(f"There is no body with the slug {slug}: choose one of {known or 'those you load first'}")
    return found


def _owner(slug: str | None, agency_id: int | None) -> Body | Agency | None:
    """The body or agency named, if one is; Refused where there is none such."""
    found: Body | Agency | None = None
    if slug is not None:
        found = _body(slug)
    elif agency_id is not None:
        found = agencies.agency(agency_id)
        if found is None:
            raise Refused(f"There is no agency with the id {agency_id}: `flask agencies answering CODE --json` prints ids")
    return found
