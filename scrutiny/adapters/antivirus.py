"""Files shown to a virus scanner (clamd) where there is one; where there is none, that is said."""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Protocol
from urllib.parse import unquote, urlsplit

from workflows.refusals import Refused

PATIENCE_SECONDS = 60
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Clean:
    """The scanner found nothing."""

    words: str = "Checked for viruses: none found."


@dataclass(frozen=True)
class Infected:
    """The scanner named a virus; the file must not be kept."""

    words: str


@dataclass(frozen=True)
class NotScanned:
    """No scanner has seen the file: none is configured, or it did not answer (`retry` says which)."""

    words: str = "Not checked for viruses: no scanner is set up on this service."
    retry: bool = False


Verdict = Clean | Infected | NotScanned


class Scanner(Protocol):
    """Whatever can say whether bytes carry a virus."""

    def scan(self, file: IO[bytes]) -> Verdict:
        """The verdict on an open file, read from its start; never raises for a scanner that is away."""


class NoScanner:
    """Stands where no scanner is configured."""

    def scan(self, file: IO[bytes]) -> Verdict:
        """Says that nothing was scanned."""
        return NotScanned()


class Clamd:
    """ClamAV's daemon, spoken to by INSTREAM over a Unix or TCP socket."""

    def __init__(self, url: str) -> None:
        """`url` is unix:///run/clamav/clamd.ctl or tcp://host:3310."""
        self._parts = urlsplit(url)
        if self._parts.scheme not in ("unix", "tcp") or not (self._parts.path or self._parts.hostname):
            raise Refused("The scanner's address must look like unix:///run/clamav/clamd.ctl or tcp://host:3310.")

    def scan(self, file: IO[bytes]) -> Verdict:
        """Clean, Infected with the virus's name, or NotScanned with the reason."""
        try:
            with closing(self._connected()) as line:
                answer = _asked(line, file)
        except OSError as error:
            return NotScanned(f"Not checked for viruses yet: the scanner did not answer ({error}).", retry=True)
        if answer.endswith("FOUND"):
            virus = answer.removeprefix("stream: ").removesuffix(" FOUND")
            return Infected(f"The file carries a virus ({virus}) and has not been kept. Tell your IT team.")
        if answer == "stream: OK":
            return Clean()
        return NotScanned(f"Not checked for viruses: the scanner said “{answer}”.", retry=False)

    def _connected(self) -> socket.socket:
        if self._parts.scheme == "tcp":
            address = (self._parts.hostname or "", self._parts.port or 3310)
            return socket.create_connection(address, timeout=PATIENCE_SECONDS)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(PATIENCE_SECONDS)
        try:
            line.connect(unquote(self._parts.path))
        except OSError:
            line.close()
            raise
        return line


def _asked(line: socket.socket, file: IO[bytes]) -> str:
    """One INSTREAM conversation: pieces each led by their length, a zero length, then the answer up to its NUL."""
    line.sendall(b"zINSTREAM\0")
    file.seek(0)
    try:
        while piece := file.read(CHUNK):
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        # Over its size limit clamd answers and hangs up while we are still sending: the answer is there to read.
        pass
    answer = b""
    while not answer.endswith(b"\0") and (piece := line.recv(4096)):
        answer += piece
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def scanner_of(url: str | None) -> Scanner:
    """The scanner at this address, or one that says nothing was scanned."""
    return Clamd(url) if url else NoScanner()
