"""Every edition of a file that reviews keep stays in tests/golden/editions, so that a later reader is held to it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEPT = {"methods": "methods/*.toml", "ladders": "ladders.toml", "powers": "powers.toml", "holidays": "holidays/*.toml"}


@pytest.mark.parametrize("folder", KEPT)
def test_what_is_shipped_is_kept_among_the_editions(folder: str) -> None:
    for path in sorted((ROOT / "config").glob(KEPT[folder])):
        digest = sha256(path.read_bytes()).hexdigest()
        kept = ROOT / "tests" / "golden" / "editions" / folder / f"{path.stem}.{digest[:12]}.toml"
        assert kept.is_file(), f"reviews will keep this edition: cp {path.relative_to(ROOT)} {kept.relative_to(ROOT)}"
        assert sha256(kept.read_bytes()).hexdigest() == digest
