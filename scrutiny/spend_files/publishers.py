"""A spend file read as its publisher's files are: as is said, else as a saved profile has it, all in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from scrutiny.file_reading.raw_tables import RawFile, read_raw_file
from scrutiny.spend_files.names import plain_title
from scrutiny.spend_files.reading import read_spend
from scrutiny.spend_files.records import Reading, SpendFile
from workflows.refusals import Refused, Sentence


@dataclass(frozen=True, slots=True)
class Known:
    """A saved profile of a publisher: its name, the digest of the titles it was saved from, and how it reads."""

    name: str
    header: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Understood:
    """A file as it was read, and the name of the profile used; or why it cannot be read so; and its titles."""

    found: SpendFile | None
    profile: str = ""
    refusal: Sentence | None = None
    titles: tuple[str, ...] = ()


def header_key(titles: Sequence[str]) -> str:
    """What two files with the same titles share, however these are spelt and whichever stand empty."""
    held = "\n".join(plain_title(title) for title in titles if title.strip())
    return hashlib.sha256(held.encode()).hexdigest()


def understand(file: IO[bytes], said: Reading | None, known: Sequence[Known], today: date, most: int) -> Understood:
    """A file as is said, else by the profile saved from such a header (the first of several), else as it shows itself.

    `most`: bytes it may unpack to. Its bytes become rows once, however often these are read.
    """
    try:
        raw = read_raw_file(file.read(), most=most)
    except Refused as refused:
        return Understood(None, refusal=refused.said)
    if said is None:
        return _proposed(raw, known, today)
    try:
        found = read_spend(raw, said, today)
    except Refused as refused:
        return Understood(None, refusal=refused.said, titles=_proposed(raw, (), today).titles)
    return Understood(found, titles=found.header)


def _proposed(raw: RawFile, known: Sequence[Known], today: date) -> Understood:
    """A file of which nothing is said."""
    try:
        found = read_spend(raw, Reading(), today)
        profile = next((one for one in known if one.header == header_key(found.header)), None)
        if profile is not None:
            found = read_spend(raw, profile.reading, today)
    except Refused as refused:
        return _by_any(raw, known, today) or Understood(None, refusal=refused.said)
    return Understood(found, profile.name if profile else "", titles=found.header)


def _by_any(raw: RawFile, known: Sequence[Known], today: date) -> Understood | None:
    """A file whose columns cannot be told by themselves, read as one of its publisher's was before; None for none."""
    for profile in known:
        try:
            found = read_spend(raw, profile.reading, today)
        except Refused:
            continue
        if profile.header == header_key(found.header):
            return Understood(found, profile.name, titles=found.header)
    return None
