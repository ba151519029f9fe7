"""A secret kept beside its letter until it is posted: sealed under SECRET_KEY."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken

from scrutiny.adapters.keyed_hash import keyed_hash

#: What stands in a stored letter where its secret will stand in the posted one.
PLACEHOLDER = "[filled-in-when-posted]"


class Unreadable(Exception):
    """The secret was sealed under another SECRET_KEY, or was damaged."""


def _fernet(secret_key: str) -> Fernet:
    """The lock made from SECRET_KEY for letters only."""
    return Fernet(base64.urlsafe_b64encode(keyed_hash(secret_key, "letters")))


def seal(secret: str, secret_key: str) -> bytes:
    """The secret, sealed."""
    return _fernet(secret_key).encrypt(secret.encode())


def unseal(sealed: bytes, secret_key: str) -> str:
    """The secret, opened; raises Unreadable."""
    try:
        return _fernet(secret_key).decrypt(sealed).decode()
    except InvalidToken as error:
        raise Unreadable from error
