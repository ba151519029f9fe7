"""Keep what was typed and could not be saved, find it again for its writer, and forget it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app
from flask_babel import ngettext
from sqlalchemy import ColumnElement, delete, func, select

from scrutiny.adapters.keyed_hash import keyed_hash
from scrutiny.extensions import db
from scrutiny.posted_words import Posted, without_secrets
from scrutiny.unsaved.models import UnsavedForm
from scrutiny.work.limits import Limit, may_try

#: How long the words of somebody who had signed in are kept: overnight, and no longer.
KEPT = timedelta(hours=24)
#: How long those of a stranger are kept, for whom it is only a step from one page to the next.
KEPT_FOR_STRANGERS = timedelta(hours=1)
#: Bytes of one form; forms of one person, and bytes of all of them together, as they are stored.
LARGEST, FORMS_EACH, BYTES_EACH = 2_000_000, 100, 20_000_000
#: Bytes of one form of a stranger, and of all that strangers have kept: then words are shown at once, and not kept.
LARGEST_OF_STRANGER, BYTES_OF_STRANGERS = 100_000, 20_000_000
#: Forms of strangers, each a row.
STRANGERS = Limit("unsaved", timedelta(hours=1), of_network=20, in_all=1_000)


@dataclass(frozen=True, slots=True)
class Browser:
    """What a stranger is known by: a secret of their browser's own session, and the network they come from."""

    secret: str
    network: str


def keep_for_stranger(posted: Posted, browser: Browser, *, address: str, page: str, at: datetime) -> str:
    """Keep a form for whoever has both the key given back and the browser it was sent from; '' where it is too much to keep."""
    content = _packed(posted, address)
    if len(address) > 500 or len(page) > 500 or len(content) > LARGEST_OF_STRANGER:
        return ""
    over = UnsavedForm.person_id.is_(None) & ~_lasts(at)
    db.session.execute(delete(UnsavedForm).where(over))
    held = select(func.sum(func.length(UnsavedForm.sealed))).where(UnsavedForm.person_id.is_(None))
    if (db.session.scalar(held) or 0) > BYTES_OF_STRANGERS or not may_try(STRANGERS, "", browser.network, at=at):
        return ""
    key = secrets.token_urlsafe(32)
    both = key + browser.secret
    form = UnsavedForm(address=address, page=page, refused=True, kept_at=at, key_hash=_hash(both))
    form.sealed = _lock(both).encrypt(content)
    db.session.add(form)
    db.session.flush()
    return key


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that is kept, and how many older ones of its person went to make room for it."""

    form: UnsavedForm
    dropped: int = 0


def keep(posted: Posted, *, person: int, address: str, page: str, refused: bool, at: datetime) -> Kept | None:
    """Keep a form for a person, in place of what was kept for the same address; None where it is too much to keep."""
    content = _packed(posted, address)
    if len(address) > 500 or len(page) > 500 or len(content) > LARGEST:
        return None
    form = db.session.scalar(select(UnsavedForm).where(UnsavedForm.person_id == person, UnsavedForm.address == address))
    if form is None:
        form = UnsavedForm(person_id=person, address=address)
        db.session.add(form)
    form.page, form.refused, form.kept_at = page, refused, at
    form.sealed = _lock("").encrypt(content)
    db.session.flush()
    return Kept(form, _drop_oldest(person))


def _packed(posted: Posted, address: str) -> bytes:
    """The words of a form as they are sealed, without secrets."""
    return _as_bytes(without_secrets(posted, address))


def _as_bytes(words: Posted) -> bytes:
    """Words as they are sealed."""
    return json.dumps({"fields": words.fields, "files": words.files}, ensure_ascii=False).encode("utf-8", "replace")


def open_form(form: UnsavedForm, key: str = "") -> Posted:
    """The words of a kept form; none where they were sealed under another key."""
    try:
        content = json.loads(_lock(key if form.person_id is None else "").decrypt(form.sealed))
    except InvalidToken:
        return Posted()
    return Posted(tuple((name, value) for name, value in content["fields"]), tuple(content["files"]))


def find_on_page(person: int, page: str, *, at: datetime) -> UnsavedForm | None:
    """What this person typed on a page and did not save, the newest; None if there is nothing."""
    rows = select(UnsavedForm).where(UnsavedForm.person_id == person, UnsavedForm.page == page, _lasts(at))
    return db.session.scalar(rows.order_by(UnsavedForm.kept_at.desc()).limit(1))


def find_by_key(key: str, *, at: datetime) -> UnsavedForm | None:
    """What a stranger typed, by the key given for it with the secret of the browser it was typed in."""
    return db.session.scalar(select(UnsavedForm).where(UnsavedForm.key_hash == _hash(key), _lasts(at)))


def find_by_id(form_id: int, person: int | None, *, at: datetime) -> UnsavedForm | None:
    """What this person typed, by its number; None for what is another's."""
    if person is None:
        return None
    return db.session.scalar(select(UnsavedForm).where(UnsavedForm.id == form_id, UnsavedForm.person_id == person, _lasts(at)))


def forms_of(person: int | None, *, at: datetime) -> list[UnsavedForm]:
    """Everything this person typed and did not save, newest first."""
    rows = select(UnsavedForm).where(UnsavedForm.person_id == person, UnsavedForm.person_id.is_not(None), _lasts(at))
    return list(db.session.scalars(rows.order_by(UnsavedForm.kept_at.desc(), UnsavedForm.id.desc())))


def is_kept(person: int, address: str) -> bool:
    """Whether something of this person is kept for an address."""
    rows = select(UnsavedForm.id).where(UnsavedForm.person_id == person, UnsavedForm.address == address)
    return db.session.scalar(rows) is not None


def forget_sent(person: int, address: str) -> None:
    """Forget what was kept for an address, once it has been sent there."""
    db.session.execute(delete(UnsavedForm).where(UnsavedForm.person_id == person, UnsavedForm.address == address))


def forget(form: UnsavedForm) -> None:
    """Forget one form."""
    db.session.delete(form)
    db.session.flush()


def strike_forms(strike: Callable[[str], str]) -> int:
    """Strike the words of every form kept for a person; how many. A stranger's is sealed under a key that only they have."""
    count = 0
    for form in db.session.scalars(select(UnsavedForm).where(UnsavedForm.person_id.is_not(None))):
        words = open_form(form)
        fields = tuple((name, strike(value)) for name, value in words.fields)
        if fields != words.fields:
            form.sealed = _lock("").encrypt(_as_bytes(Posted(fields, words.files)))
            count += 1
    db.session.flush()
    return count


def forget_old(*, at: datetime) -> int:
    """Forget every form whose time is over; how many."""
    return int(db.session.execute(delete(UnsavedForm).where(~_lasts(at))).rowcount)  # type: ignore[attr-defined]  # a delete gives a CursorResult, which has it


def _lasts(at: datetime) -> ColumnElement[bool]:
    """The forms that are kept still."""
    mine = UnsavedForm.person_id.is_not(None) & (UnsavedForm.kept_at > at - KEPT)
    return mine | (UnsavedForm.person_id.is_(None) & (UnsavedForm.kept_at > at - KEPT_FOR_STRANGERS))


def _drop_oldest(person: int) -> int:
    """Keep no more than so many forms of one person, and so many bytes, the newest first; how many went."""
    newest = select(UnsavedForm.id, func.length(UnsavedForm.sealed)).where(UnsavedForm.person_id == person)
    held, over = 0, []
    for number, (form_id, size) in enumerate(
        db.session.execute(newest.order_by(UnsavedForm.kept_at.desc(), UnsavedForm.id.desc())), start=1
    ):
        held += size
        if number > FORMS_EACH or held > BYTES_EACH:
            over.append(form_id)
    if over:
        db.session.execute(delete(UnsavedForm).where(UnsavedForm.id.in_(over)))
    return len(over)


def words_dropped(count: int) -> str:
    """What somebody is told whose older words went to make room; '' where none did."""
    if not count:
        return ""
    return ngettext(
        "There was no room for all you typed and did not save: %(num)s older form is no longer kept.",
        "There was no room for all you typed and did not save: %(num)s older forms are no longer kept.",
        count,
    )


def _hash(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _lock(key: str) -> Fernet:
    """The lock of a form: made from SECRET_KEY, and for a stranger's from its own key too, which is stored nowhere."""
    return Fernet(base64.urlsafe_b64encode(keyed_hash(current_app.config["SECRET_KEY"], "unsaved", key)))
