"""The same form sent twice is one deed: what was dealt with is remembered by its token and all that was sent with it.

A button pressed twice, a slow upload sent again, a browser that repeats a request: each brings the token of the page the form
was drawn on, and the same words. Whoever opens the page anew gets another token (see `form_tokens`), and may do the same again.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from flask import flash, g, redirect, request
from flask_babel import gettext
from sqlalchemy import LargeBinary, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug import Response
from werkzeug.exceptions import Conflict

from scrutiny.extensions import Model, db
from scrutiny.pages import moment_dealt_with

#: A token is good for twelve hours: after that its form is refused anyway.
KEPT = timedelta(hours=13)
#: How long a form that is dealt with in parts may take, before whoever sends it again is let in; seconds to wait for its end.
IN_PARTS, PATIENCE = timedelta(minutes=10), 10.0


class DealtWith(Model):
    """A form that was dealt with. Its row tells neither what was sent nor by whom; whoever sends it again can open it."""

    __tablename__ = "form_dealt_with"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    #: where it led, sealed with what was sent; none while it is being dealt with
    led_to: Mapped[bytes | None] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as it came: what it is known by, and what its row is sealed with, which is stored nowhere."""

    key: str
    lock: bytes


def sent_form() -> SentForm | None:
    """The form that was sent, by its token and content; None where it brings no token."""
    token = request.form.get("csrf_token")
    if not token:
        return None
    content = hashlib.sha256()
    for part in (token, request.full_path, *(part for pair in sorted(request.form.items(multi=True)) for part in pair)):
        said = part.encode("utf-8", "surrogatepass")
        content.update(len(said).to_bytes(8) + said)
    for name, file in sorted(request.files.items(multi=True), key=lambda pair: (pair[0], pair[1].filename or "")):
        said = f"{name}\n{file.filename}\n".encode("utf-8", "surrogatepass")
        content.update(len(said).to_bytes(8) + said + hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]  # a spooled file reads as one
        file.stream.seek(0)
    whole = content.digest()
    key, lock = (hashlib.sha256(use + whole).digest() for use in (b"key", b"lock"))
    return SentForm(key.hex(), base64.urlsafe_b64encode(lock))


def where_it_led(form: SentForm) -> str | None:
    """Where the same form led when it was dealt with; '' while that goes on, None where it was not sent before."""
    row = db.session.execute(select(DealtWith.at, DealtWith.led_to).where(DealtWith.key == form.key)).one_or_none()
    if row is None:
        return None
    return Fernet(form.lock).decrypt(row.led_to).decode() if row.led_to is not None else ""


def done_here(leads_to: str) -> None:
    """Say that what a form asked for is done though the answer is a page of its own; sent again, it leads to an address."""
    g.form_leads_to = leads_to


def leads_to(answer: object) -> str:
    """Where an answer of a view leads on, which is how what was done is told from what was refused; '' for a refusal."""
    first = answer[0] if isinstance(answer, tuple) and answer else answer
    if isinstance(first, Response) and 300 <= first.status_code < 400:
        return first.location or ""
    return str(g.get("form_leads_to", ""))


def deal_with(form: SentForm | None, deed: Callable[[], Any], take_turn: Callable[[str], None]) -> Any:
    """Do what a form asks for, in the transaction of the deed; of the same form sent twice, however fast, one waits its turn."""
    if form is None:
        return deed()
    take_turn(f"form {form.key}")
    led_to = where_it_led(form)
    if led_to is not None:
        return answered_before(led_to)
    answer = deed()
    if address := leads_to(answer):
        db.session.add(DealtWith(key=form.key, at=moment_dealt_with(), led_to=_sealed(form, address)))
        db.session.flush()
    return answer


def deal_with_in_parts(form: SentForm | None, deed: Callable[[], Any], run: Callable[[Callable[[], Any]], Any]) -> Any:
    """The same where the deed has transactions of its own: that it has begun is noted before it, and its end after it."""
    if form is None:
        return deed()
    while (led_to := run(lambda: _begun(form))) is not None:
        if led_to == "":
            led_to = _wait_for_end(form)
        if led_to is not None:  # else it was refused to whoever came first, and one of those who waited has its turn
            return answered_before(led_to)
    answer: Any = None
    try:
        answer = deed()
        return answer
    finally:
        run(lambda: _ended(form, answer))


def _begun(form: SentForm) -> str | None:
    """Note that a form is being dealt with, and None; where it was sent before, what `where_it_led` says."""
    at = moment_dealt_with()
    given_up = DealtWith.led_to.is_(None) & (DealtWith.at < at - IN_PARTS)
    db.session.execute(delete(DealtWith).where(DealtWith.key == form.key, given_up))
    led_to = where_it_led(form)
    if led_to is None:
        db.session.add(DealtWith(key=form.key, at=at))  # of two at once one finds it there when it is done again
        db.session.flush()
    return led_to


def _wait_for_end(form: SentForm) -> str | None:
    """Where a form led that another request is dealing with, once it has, or '' after some seconds."""
    until = time.monotonic() + PATIENCE
    while (led_to := where_it_led(form)) == "" and time.monotonic() < until:
        db.session.rollback()  # each look sees what has been kept by then
        time.sleep(0.1)
    db.session.rollback()
    return led_to


def _ended(form: SentForm, answer: object) -> None:
    """Note where a form that was dealt with in parts led; one that was refused may be sent again."""
    one = DealtWith.key == form.key
    if address := leads_to(answer):
        db.session.execute(update(DealtWith).where(one).values(led_to=_sealed(form, address)))
    else:
        db.session.execute(delete(DealtWith).where(one))


def answered_before(led_to: str) -> Response:
    """To where the same form led before, saying that nothing was done again; Conflict while that goes on."""
    if not led_to:
        raise Conflict(
            gettext("This form is being dealt with. Wait a minute, and look whether it is done before you send it again")
        )
    flash(gettext("You had sent this form already. It was dealt with once, and nothing was done again."))
    return redirect(led_to, 303)


def forget_old(*, at: datetime) -> int:
    """Forget the forms whose tokens are too old to be sent again; how many."""
    return int(db.session.execute(delete(DealtWith).where(DealtWith.at <= at - KEPT)).rowcount)  # type: ignore[attr-defined]  # a delete gives a CursorResult, which has it


def _sealed(form: SentForm, address: str) -> bytes:
    """Where a form led, sealed: an address may hold a secret."""
    return Fernet(form.lock).encrypt(address.encode())
