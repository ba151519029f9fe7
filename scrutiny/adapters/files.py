"""Stored bytes, on disk or in an S3-compatible store: kept once under their SHA-256 and checked when read."""

from __future__ import annotations

import copy
import hashlib
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from workflows.refusals import Refused

CHUNK = 1024 * 1024
# S3 takes a file in at most 10,000 parts of at least 5MB.
PART = 8 * CHUNK
ASIDE = "aside"
TOKEN = re.compile(r"[0-9a-f]{16,64}")
SHA256 = re.compile(r"[0-9a-f]{64}")
#: What is raised where the store itself fails, on disk or over the network: another time the same may succeed.
STORE_FAULTS = (OSError, BaseError)


class FileMissing(Refused):
    """The store has no bytes under this digest."""


class FileDamaged(Refused):
    """The bytes under a digest no longer match it."""


@dataclass(frozen=True)
class Kept:
    """What was kept: the SHA-256 in hexadecimal and the size in bytes."""

    sha256: str
    size: int


class FileStore:
    """Bytes kept under their own digest: the same bytes twice are one file, and no typed name is a path."""

    def __init__(self, files_url: str, *, max_upload_mb: int = 100) -> None:
        """FILES_URL is file:///path or s3://bucket/prefix (AWS_* in the environment name the endpoint and keys)."""
        self._store = _store_of(files_url)
        self.max_upload_mb = max_upload_mb
        self._under = ""

    def aside(self, token: str) -> FileStore:
        """The same store under a name of its own (hexadecimal): what is kept there shares its bytes with nothing, is in no
        backup, and can be erased without asking who else uses it."""
        if not TOKEN.fullmatch(token):
            raise Refused("What is kept aside is named by 16 to 64 letters and digits, a to f and 0 to 9.")
        apart = copy.copy(self)
        apart._under = f"{ASIDE}/{token}/"
        return apart

    def left_aside(self, before: datetime) -> list[tuple[str, str]]:
        """The token and digest of everything put aside before a moment and not erased."""
        entries = [entry for batch in obstore.list(self._store, prefix=ASIDE) for entry in batch]
        paths = sorted(str(entry["path"]) for entry in entries if entry["last_modified"] < before)
        split = [path.removeprefix(f"{ASIDE}/").split("/") for path in paths]
        return [(parts[0], parts[-1]) for parts in split if TOKEN.fullmatch(parts[0]) and SHA256.fullmatch(parts[-1])]

    def keep(self, source: bytes | IO[bytes] | Iterable[bytes], *, announced_size: int | None = None) -> Kept:
        """Keep the bytes whole or not at all. Refuses what is empty, over the limit, or not of the announced size.

        A stream is spooled to the disk once, a file is read where it lies; only what is complete is put into the store.
        """
        with _spooled(source, self.max_upload_mb) as (file, kept):
            if announced_size is not None and kept.size != announced_size:
                raise Refused(
                    "The file was cut off on its way: %(size)s of %(announced_size)s bytes arrived. Send it again.",
                    size=f"{kept.size:,}",
                    announced_size=f"{announced_size:,}",
                )
            if kept.size == 0:
                raise Refused("The file is empty. Choose a file with something in it.")
            self._put(kept.sha256, file)
        return kept

    def _put(self, sha256: str, spool: IO[bytes]) -> None:
        # They go in pieces, and stand there whole or not at all; two who send the same at once write the same. Bytes that are
        # there already are written once more, not read back: that costs no more, repairs what was damaged, and makes them
        # young, so that no sweep takes them for left over before their row is entered.
        obstore.put(self._store, self._key(sha256), spool, chunk_size=PART, max_concurrency=2)

    def read(self, sha256: str) -> bytes:
        """The bytes kept under this digest, checked against it."""
        return b"".join(self.stream(sha256))

    def stream(self, sha256: str) -> Iterator[bytes]:
        """The bytes in pieces of about a megabyte; raises FileDamaged at the end if they do not match their digest."""
        try:
            pieces = obstore.get(self._store, self._key(sha256)).stream(min_chunk_size=CHUNK)
        except FileNotFoundError:
            raise FileMissing("The store holds no file %(sha256)s…: it was erased or never kept.", sha256=sha256[:12]) from None
        return _checked(sha256, pieces)

    def opened(self, sha256: str) -> IO[bytes]:
        """The bytes as an open file of its own at its start, checked against their digest; whoever asks closes it."""
        file = tempfile.TemporaryFile()  # noqa: SIM115  # given to whoever asked
        try:
            for piece in self.stream(sha256):
                file.write(piece)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def exists(self, sha256: str) -> bool:
        """True if bytes are kept under this digest."""
        try:
            obstore.head(self._store, self._key(sha256))
        except FileNotFoundError:
            return False
        return True

    def erase(self, sha256: str) -> None:
        """Remove the bytes for good; erasing what is gone already is no fault."""
        try:
            obstore.delete(self._store, self._key(sha256))
        except FileNotFoundError:
            return

    def _key(self, sha256: str) -> str:
        """Where a digest is in this part of the store."""
        return self._under + _key(sha256)

    def all_kept(self, *, before: datetime | None = None) -> Iterator[Kept]:
        """Everything in the store, ordered by digest; or only what was put there before a moment."""
        entries = [entry for batch in obstore.list(self._store) for entry in batch]
        for entry in sorted(entries, key=lambda entry: entry["path"]):
            name = entry["path"].rsplit("/", 1)[-1]
            if before is not None and entry["last_modified"] >= before:
                continue
            if SHA256.fullmatch(name) and not entry["path"].startswith(f"{ASIDE}/"):
                yield Kept(name, entry["size"])


def _store_of(files_url: str) -> ObjectStore:
    parts = urlsplit(files_url)
    if parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc:
        folder = Path(unquote(parts.path))
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise Refused(
                "FILES_URL: the folder %(folder)s cannot be made: %(strerror)s.", folder=folder, strerror=error.strerror
            ) from error
        return LocalStore(folder, automatic_cleanup=True)  # the folders of a digest go with the last file in them
    if parts.scheme == "s3" and parts.netloc:
        try:
            return S3Store(parts.netloc, prefix=parts.path.strip("/") or None)
        except BaseError as error:
            raise Refused(
                "FILES_URL: the store %(netloc)s cannot be used: %(error)s.", netloc=parts.netloc, error=error
            ) from error
    raise Refused("FILES_URL must look like file:///var/lib/scrutiny/files or s3://bucket/prefix.")


def _key(sha256: str) -> str:
    """The place of a digest in the store, in folders of two letters so that none grows too long to list."""
    if not SHA256.fullmatch(sha256):
        raise Refused("A stored file is named by its SHA-256: 64 letters and digits, a to f and 0 to 9.")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


@contextmanager
def _spooled(source: bytes | IO[bytes] | Iterable[bytes], most_mb: int) -> Iterator[tuple[IO[bytes], Kept]]:
    """The source as a file at its start, with its digest and size; Refused as soon as it is over the limit."""
    digest, size = hashlib.sha256(), 0
    with ExitStack() as held:
        lies_still = isinstance(source, io.BytesIO | io.BufferedReader | io.BufferedRandom | tempfile.SpooledTemporaryFile)
        file = cast(IO[bytes], source) if lies_still else held.enter_context(tempfile.TemporaryFile())
        if lies_still:
            file.seek(0)
        for piece in _pieces(source):
            size += len(piece)
            if size > most_mb * 1_000_000:
                raise Refused("The file is too large. Choose a file smaller than %(most_mb)sMB.", most_mb=most_mb)
            digest.update(piece)
            if not lies_still:
                file.write(piece)
        file.seek(0)
        yield file, Kept(digest.hexdigest(), size)


def _pieces(source: bytes | IO[bytes] | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(source, bytes | bytearray | memoryview):
        yield bytes(source)
    elif hasattr(source, "read"):
        while piece := source.read(CHUNK):
            yield piece
    else:
        yield from source


def _checked(sha256: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        yield bytes(piece)
    if digest.hexdigest() != sha256:
        raise FileDamaged("The file %(sha256)s… has changed since it was kept. Restore it from a backup.", sha256=sha256[:12])
