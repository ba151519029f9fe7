"""What is done with accounts: inviting, ending, signing in by link, keys, and counting tries."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select, update

from scrutiny import languages
from scrutiny.accounts import queries, sessions
from scrutiny.accounts.limits import LINKS
from scrutiny.accounts.models import AccessKey, Person, SignInLink
from scrutiny.accounts.notices import note_change, recipient, write_to_about
from scrutiny.addresses import read_address
from scrutiny.audit.service import note
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.pages import own_path
from scrutiny.typed_text import clean_line
from scrutiny.work.limits import Verdict, may_try
from workflows.refusals import Refused
from workflows.roles import Actor

LINK_LASTS = timedelta(minutes=15)
USE_KEPT_EVERY = timedelta(hours=1)
KEY_LASTS_AT_MOST = timedelta(days=731)
KEY_KINDS = {"api": "API", "feed": lazy_gettext("Calendar feed")}


def address_of(typed: str) -> str:
    """An email address as it is kept: trimmed, in lower case."""
    return clean_line(typed).lower()


def invite_person(email: str, name: str, *, by: Actor, at: datetime, administrator: bool = False) -> Person:
    """Let somebody sign in and write to tell them; somebody already known is given back, somebody ended is let in again."""
    address, name = address_of(read_address(email)), clean_line(name)
    if not name:
        raise Refused(gettext("Give the person's name"))
    person = queries.person_by_email(address)
    if person is not None and person.active:
        if administrator and not person.administrator:
            make_administrator(person, by=by, at=at)
        return person
    if person is None:
        person = Person(email=address, name=name, administrator=administrator)
        db.session.add(person)
    else:
        person.active, person.administrator = True, administrator
    person.invited_at = at
    db.session.flush()
    note("person_invited", about=person.reference, by=by, at=at, administrator=administrator)
    write_letter("invitation", to=recipient(person), reference=person.reference, at=at, occasion=at.isoformat())
    return person


def make_administrator(person: Person, *, by: Actor, at: datetime) -> None:
    """Let a person run the instance."""
    person.administrator = True
    db.session.flush()
    note("administrator_made", about=person.reference, by=by, at=at)


def end_person(person: Person, *, by: Actor, at: datetime) -> None:
    """End an account: no more signing in, sessions over, links and keys revoked. What the person did stays theirs."""
    if not person.active:
        raise Refused(gettext("%(person)s's account has already ended", person=person.name))
    if person.administrator and len(queries.administrators()) == 1:
        raise Refused(
            gettext("%(person)s is the only administrator. Make somebody else an administrator first", person=person.name)
        )
    person.active = person.administrator = False
    end_sessions(person, at=at)
    for model, ended in ((SignInLink, SignInLink.used_at), (AccessKey, AccessKey.revoked_at)):
        db.session.execute(update(model).where(model.person_id == person.id, ended.is_(None)).values({ended.key: at}))
    db.session.flush()
    note("person_ended", about=person.reference, by=by, at=at)


def end_sessions(person: Person, *, at: datetime) -> None:
    """End every session of this person, on whatever device, and links sent but not used: whoever has one stays out."""
    person.fs_uniquifier = uuid.uuid4().hex
    sessions.forget_all_of(person)
    unused = update(SignInLink).where(SignInLink.person_id == person.id, SignInLink.used_at.is_(None), SignInLink.expires_at > at)
    db.session.execute(unused.values(used_at=at))
    db.session.flush()


def sign_out_everywhere(person: Person, *, by: Actor, at: datetime, keys_too: bool = False) -> int:
    """End all of one's own sessions, for a device lost or left open, and one's keys where wanted; how many keys."""
    end_sessions(person, at=at)
    keys = queries.keys_of(person.id) if keys_too else []
    for key in keys:
        revoke_key(key, by=by, at=at)
    note("sessions_ended", about=person.reference, by=by, at=at)
    return len(keys)


def choose_language(person: Person, language: str, *, by: Actor, at: datetime) -> None:
    """The language letters are written in: one of those that every letter exists in."""
    if language not in languages.LETTERS_IN:
        raise Refused(gettext("Choose one of the languages listed"))
    person.language = language
    db.session.flush()
    note("language_chosen", about=person.reference, by=by, at=at, language=language)


def remove_password(person: Person, *, by: Actor, at: datetime) -> None:
    """Go back to signing in by link only; also how a forgotten password is replaced."""
    person.password = None
    db.session.flush()
    note_change("password_removed", person, by=by, at=at)


def has_second_step(person: Person) -> bool:
    """Whether this person must give a code or a passkey after the first step of signing in."""
    return bool(person.tf_primary_method) or any(passkey.usage == "secondary" for passkey in person.webauthn)


def reset_second_step(person: Person, *, by: Actor, at: datetime) -> None:
    """Let somebody who has lost their phone or passkey sign in by the first step alone, until they set one up again.

    Their sessions end and they are written to, so that a reset they did not ask for is noticed.
    """
    if not has_second_step(person):
        raise Refused(gettext("%(name)s has no second step to reset", name=person.name))
    if by.person == person.id:
        raise Refused(gettext("Another administrator must reset your second step"))
    person.tf_primary_method = person.tf_totp_secret = person.tf_last_counter = person.mf_recovery_codes = None
    person.webauthn = [passkey for passkey in person.webauthn if passkey.usage != "secondary"]
    end_sessions(person, at=at)
    note("second_step_removed", about=person.reference, by=by, at=at)
    write_letter("second_step_reset", to=recipient(person), reference=person.reference, at=at, occasion=at.isoformat())


#: What other rooms do before a link is asked for at an address: somebody may come into being by a letter sent there.
_before_links: list[Callable[[str, datetime], None]] = []


def when_asked_for_a_link(deed: Callable[[str, datetime], None]) -> Callable[[str, datetime], None]:
    """Let a function look at each address a link is asked for at; once, however often it is entered."""
    if deed not in _before_links:
        _before_links.append(deed)
    return deed


def ask_for_link(typed: str, *, next_path: str = "", network: str = "", worked: bool = False, at: datetime) -> Verdict:
    """Send a one-time link to the address, if a person has it; whoever asks learns nothing either way, not even by the time.

    For an address nobody here has the same is done, and undone again. The verdict speaks of links asked for, never of people.
    """
    address = address_of(typed)
    verdict = may_try(LINKS, address, network, at=at, worked=worked)
    if not verdict:
        return verdict
    for deed in _before_links:
        deed(address, at)
    person = queries.person_by_email(address)
    known = person is not None and person.active
    stand_in = db.session.scalar(select(func.min(Person.id)))
    if stand_in is None:
        return verdict  # nobody is known here at all
    with db.session.begin_nested() as attempted:
        to = recipient(person) if known and person else Recipient("person:0", address, address.partition("@")[0])
        _send_link(person.id if known and person else stand_in, to, next_path, at)
        if not known:
            attempted.rollback()
    return verdict


def _send_link(person_id: int, to: Recipient, next_path: str, at: datetime) -> None:
    """A link, and the letter that carries it."""
    token = secrets.token_urlsafe(32)
    link = SignInLink(
        person_id=person_id, token_hash=queries.hash_of(token), made_at=at, expires_at=at + LINK_LASTS, next=own_path(next_path)
    )
    db.session.add(link)
    db.session.flush()
    write_letter(
        "sign_in", to=to, reference=to.reference, at=at, occasion=f"link:{link.id}", secret=token, expires_at=link.expires_at
    )


def use_link(token: str, *, at: datetime) -> SignInLink:
    """Use a link up and give it back; refused where it is unknown, used, out of date or its person ended."""
    link = queries.link_with(token)
    spent = Refused(gettext("This link cannot be used. Each link works once, for 15 minutes: ask for another"))
    if link is None or link.expires_at <= at or not link.person.active:
        raise spent
    # One statement decides, so that two posts of one link cannot both win.
    used = update(SignInLink).where(SignInLink.id == link.id, SignInLink.used_at.is_(None)).values(used_at=at)
    if db.session.execute(used).rowcount != 1:  # type: ignore[attr-defined]  # an update gives a CursorResult, which has it
        raise spent
    db.session.refresh(link)
    return link


def note_sign_in(person: Person, *, by: Actor, at: datetime, how: str) -> None:
    """Keep when somebody signed in, and how: link, password, authenticator, webauthn or demo."""
    person.signed_in_at = at
    db.session.flush()
    note("person_signed_in", about=person.reference, by=by, at=at, how=how)


def make_key(
    person: Person, *, kind: str, name: str, by: Actor, at: datetime, shows: str = "", ends_on: date | None = None
) -> str:
    """A key for the API or a calendar feed, in the capacity acted in now. Shown this once: only its hash is kept.

    It opens nothing after `ends_on`, a year from now where no day is given.

    A feed that `shows` one thing (review:2, agency:7, body:3) is opened by an address of its own; one that shows the
    person acts in all that person's capacities in turn.
    """
    if kind not in KEY_KINDS:
        raise Refused(gettext("A key is for the API or for a calendar feed: choose one"))
    ends_on = ends_on or last_day_of_key(london_day(at))
    why_not = why_not_end(ends_on, london_day(at))
    if why_not:
        raise Refused(why_not)
    secret = f"{kind}_{secrets.token_urlsafe(32)}"
    key = AccessKey(
        person_id=person.id,
        kind=kind,
        name=name.strip(),
        shows=shows,
        about="" if shows.startswith("person:") else by.capacity.reference,
        key_hash=queries.hash_of(secret),
        made_at=at,
        ends_on=ends_on,
    )
    db.session.add(key)
    db.session.flush()
    note("key_made", about=f"key:{key.id}", by=by, at=at, within=person.reference, kind=kind, shows=shows, ends_on=str(ends_on))
    write_to_about("key_made" if kind == "api" else "calendar_made", person, at=at, what=key.name)
    return secret


def last_day_of_key(today: date) -> date:
    """The day a new key ends on where nobody says another: a year from now."""
    return today + timedelta(days=365)


def why_not_end(ends_on: date, today: date) -> str:
    """Why a key cannot end on that day; '' where it can."""
    if ends_on < today:
        return gettext("Enter a date that is today or later")
    return gettext("Enter a date within the next two years") if ends_on > today + KEY_LASTS_AT_MOST else ""


def revoke_key(key: AccessKey, *, by: Actor, at: datetime) -> None:
    """Stop a key from opening anything."""
    key.revoked_at = at
    db.session.flush()
    note("key_revoked", about=f"key:{key.id}", by=by, at=at, within=f"person:{key.person_id}")


def is_use_worth_keeping(key: AccessKey, *, at: datetime) -> bool:
    """Whether the last use kept is old enough to be written again; a write for each request would queue them all."""
    return key.used_at is None or at - key.used_at > USE_KEPT_EVERY


def keep_use(key: AccessKey, *, at: datetime) -> None:
    """Keep when a key was last used."""
    key.used_at = at
    db.session.flush()
