"""The one keyed hash: what was stored with it is found again, and nobody makes another."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path

import pytest

from scrutiny.adapters.keyed_hash import keyed_hash

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("parts", "hashed"),
    [
        (("link", "network:192.0.2.1"), b"link:network:192.0.2.1"),
        (("unsaved", ""), b"unsaved:"),
        (("letters",), b"letters"),
        (("posting", "7"), b"posting:7"),
    ],
)
def test_what_was_stored_is_found_again(parts: tuple[str, ...], hashed: bytes) -> None:
    assert keyed_hash("secret", *parts) == hmac.new(b"secret", hashed, hashlib.sha256).digest()


def test_nobody_makes_another() -> None:
    files = [*(ROOT / "scrutiny").rglob("*.py"), *(ROOT / "workflows").rglob("*.py")]
    made = {file.name for file in files if re.search(r"hmac\.(new|digest)\(", file.read_text())}
    assert made == {"keyed_hash.py"}
