"""Hashes nobody without SECRET_KEY can make, or turn back by trying every text; the one keyed HMAC of this service."""

from __future__ import annotations

import hashlib
import hmac


def keyed_hash(secret_key: str, purpose: str, text: str | None = None) -> bytes:
    """32 bytes for a text within a purpose, or a key for a purpose alone. Stored hashes rest on it: it stays as it is."""
    said = purpose if text is None else f"{purpose}:{text}"
    return hmac.new(secret_key.encode(), said.encode(), hashlib.sha256).digest()
