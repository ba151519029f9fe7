"""Where the trail stood, signed with a key kept elsewhere: what holds even whoever can change the whole database to it.

A head is one line of JSON. It is signed on another machine (Ed25519, RFC 8032; `openssl pkeyutl -sign -rawin`), its signature
entered here, noted in the trail and published. The private key is never on this machine.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from flask import current_app
from flask_babel import gettext
from sqlalchemy import Select, Text, func, or_, select, type_coerce

from scrutiny.audit import held, queries
from scrutiny.audit.models import AuditEntry
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.text_files import text_in
from workflows.refusals import Refused
from workflows.roles import Actor

EVENT, ABOUT = "trail_signed", "trail"
#: Heads on one page: each has its signature checked as it is shown.
ON_A_PAGE = 50
END = "-----END PUBLIC KEY-----"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head as it was signed: `head` its text, `signature` 64 bytes, `key` the SHA-256 of the public key (DER) in hex."""

    number: int
    digest: str
    head: bytes
    signature: bytes
    key: str
    entered_at: datetime


def head_to_sign(service: str, at: datetime) -> bytes:
    """Where the trail stands, in one line of JSON ending in a line break; `service` is this instance's address."""
    number, digest = queries.head()
    said = {"audit": {"number": number, "digest": digest}, "service": service, "at": at.isoformat(timespec="seconds")}
    return json.dumps(said, sort_keys=True).encode() + b"\n"


def public_keys(pem: str) -> dict[str, Ed25519PublicKey]:
    """The Ed25519 keys of a PEM text, each by its fingerprint; raises ValueError where it holds another kind, or none."""
    parts = [part + END for part in pem.split(END)[:-1]]
    found = {}
    for part in parts:
        key = load_pem_public_key(part.strip().encode())
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("not an Ed25519 key")
        found[fingerprint(key)] = key
    if not found:
        raise ValueError("no public key")
    return found


def fingerprint(key: Ed25519PublicKey) -> str:
    """The SHA-256 of a public key's DER form, in hex: what `openssl pkey -pubin -outform DER | sha256sum` prints."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def why_not_keys(path: str, _host: str) -> str:
    """What is wrong with the setting TRAIL_KEYS; '' where it can be used."""
    try:
        public_keys(text_in(Path(path)))
    except OSError:
        return "there is no file there that can be read"
    except ValueError:
        return "it must hold one or more Ed25519 public keys in PEM"
    return ""


def public_keys_here() -> str:
    """The public keys this instance accepts, in PEM; '' where TRAIL_KEYS is not set."""
    path: str = current_app.config["SETTINGS"].trail_keys
    return text_in(Path(path)) if path else ""


def keys_here() -> dict[str, Ed25519PublicKey]:
    """Those keys by their fingerprints."""
    pem = public_keys_here()
    return public_keys(pem) if pem else {}


def enter(head: bytes, signature: bytes, *, service: str, by: Actor, at: datetime) -> SignedHead:
    """Keep the signature of a head, 64 bytes; Refused where it is not of a key accepted here, or not of this trail."""
    keys = keys_here()
    if not keys:
        raise Refused(gettext("No key is accepted here: set TRAIL_KEYS to a file with the public key"))
    signer = next((name for name, key in keys.items() if _holds(key, signature, head)), None)
    if signer is None:
        raise Refused(gettext("The signature is not of this head with a key in TRAIL_KEYS"))
    try:
        said = json.loads(head)
        number, digest, of = int(said["audit"]["number"]), str(said["audit"]["digest"]), said["service"]
    except (ValueError, KeyError, TypeError):
        raise Refused(gettext("What was signed is not a head: print one with flask audit head")) from None
    if of != service:
        raise Refused(gettext("This head is of %(of)s, not of %(service)s", of=of, service=service))
    row = db.session.get(AuditEntry, number)
    if row is None or row.digest != digest:
        raise Refused(
            gettext("Row %(number)s of the trail is not the row that was signed. Run flask audit verify", number=f"{number:,}")
        )
    if any(one.key == signer for one in signed_at(number)):
        raise Refused(gettext("Row %(number)s is signed with this key already", number=f"{number:,}"))
    fields = {"head": head.decode(), "signature": b64encode(signature).decode(), "key": signer}
    note(EVENT, about=ABOUT, by=by, at=at, **fields)
    return SignedHead(number, digest, head, signature, signer, at)


def signed_heads() -> list[SignedHead]:
    """Every head that was signed, newest first: for what checks them all."""
    return [one for number in _numbers() if (one := _of_row(number)) is not None]


def _numbers() -> list[int]:
    """The rows in which signed heads are kept, newest first, by number."""
    return list(db.session.scalars(_rows().with_only_columns(AuditEntry.number)))


def _of_row(number: int) -> SignedHead | None:
    """The signed head kept in a row; None where the row holds none that can be read."""
    try:
        return _read(db.session.get_one(AuditEntry, number))
    except held.BROKEN:
        return None


def signed_page(page: int) -> tuple[list[SignedHead], int]:
    """One page of the heads that were signed with a key accepted here, newest first; and how many pages there are."""
    count = db.session.scalar(select(func.count()).select_from(_rows().order_by(None).subquery())) or 0
    rows = _rows().offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE)
    keys = keys_here()
    found = [_read(row) for row in db.session.scalars(rows)]
    return [one for one in found if _is_of(one, keys)], max(1, -(-count // ON_A_PAGE))


def signed_at(number: int) -> list[SignedHead]:
    """The heads that were signed of one row of the trail, newest first."""
    kept = type_coerce(AuditEntry.fields, Text)
    named = [kept.contains(f'number\\":{blank}{number}', autoescape=True) for blank in ("", " ")]
    rows = _rows().where(or_(*named))  # 50 for 5 too, but never all of them
    return [one for one in (_read(row) for row in db.session.scalars(rows)) if one.number == number]


def _rows() -> Select[AuditEntry]:
    """The rows in which signed heads are kept, newest first."""
    return select(AuditEntry).where(AuditEntry.about == ABOUT, AuditEntry.event == EVENT).order_by(AuditEntry.number.desc())


def faults_found() -> list[str]:
    """The signed heads whose signature does not hold, in sentences; each key stays in TRAIL_KEYS for them."""
    found = [(number, _of_row(number)) for number in _numbers()]
    broken = [f"The signed head in row {number:,} cannot be read" for number, one in found if one is None]
    return broken + [
        f"The signature of row {one.number:,}, entered on {one.entered_at:%Y-%m-%d}, is not of a key in TRAIL_KEYS"
        for _, one in found
        if one is not None and not is_held(one)
    ]


def is_held(one: SignedHead) -> bool:
    """Whether a head was signed with a key accepted here."""
    return _is_of(one, keys_here())


def _is_of(one: SignedHead, keys: dict[str, Ed25519PublicKey]) -> bool:
    """Whether a head was signed with one of these keys."""
    key = keys.get(one.key)
    return key is not None and _holds(key, one.signature, one.head)


@held.anchors
def anchors() -> Iterator[held.Anchor]:
    """Where the trail stood in each signed head."""
    for one in signed_heads():
        yield held.Anchor("The signed head", one.number, one.digest, one.entered_at)


def _holds(key: Ed25519PublicKey, signature: bytes, head: bytes) -> bool:
    """Whether a signature is of this text with this key."""
    try:
        key.verify(signature, head)
    except InvalidSignature:
        return False
    return True


def _read(row: AuditEntry) -> SignedHead:
    """A signed head from its row of the trail."""
    head = str(row.fields["head"]).encode()
    audit = json.loads(head)["audit"]
    return SignedHead(
        int(audit["number"]), str(audit["digest"]), head, b64decode(row.fields["signature"]), str(row.fields["key"]), row.at
    )
