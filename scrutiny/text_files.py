"""The one reader of files that people write as text: TOML, JSON, keys, the words of a page."""

from __future__ import annotations

import json
from pathlib import Path


def text_of(content: bytes) -> str:
    """The text however its editor saved it: UTF-8 with or without its mark, or UTF-16; each line end is one \\n.

    Raises UnicodeDecodeError, a ValueError, where it is none of them.
    """
    text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_in(path: Path) -> str:
    """The same of a file; raises OSError too."""
    return text_of(path.read_bytes())
