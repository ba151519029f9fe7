"""A file is shown to the scanner over its real protocol, and what was not scanned is never called clean."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from scrutiny.adapters.antivirus import Clamd, Clean, Infected, NotScanned, scanner_of
from workflows.refusals import Refused


class Daemon(socketserver.StreamRequestHandler):
    """Speaks INSTREAM: finds a virus in whatever says EICAR, and takes no more than a megabyte."""

    seen: ClassVar[list[int]] = []

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > 1_000_000:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.seen.append(len(content))
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if b"EICAR" in content else b"stream: OK\0")


@pytest.fixture(params=["tcp", "unix"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    path = str(tmp_path / "clamd.ctl")
    server: socketserver.BaseServer
    if request.param == "tcp":
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Daemon)
        url = f"tcp://127.0.0.1:{server.server_address[1]}"
    else:
        server = socketserver.ThreadingUnixStreamServer(path, Daemon)
        url = f"unix://{path}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield url
    server.shutdown()
    server.server_close()


def test_a_clean_file_an_infected_one_and_one_too_large_are_told_apart(address: str) -> None:
    scanner = scanner_of(address)
    assert scanner.scan(io.BytesIO(b"x" * 200_000)) == Clean()
    assert Daemon.seen[-1] == 200_000
    found = scanner.scan(io.BytesIO(b"x" * 100_000 + b"EICAR"))
    assert isinstance(found, Infected)
    assert "Eicar-Test-Signature" in found.words
    large = scanner.scan(io.BytesIO(b"x" * 3_000_000))
    assert isinstance(large, NotScanned)


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
def test_a_scanner_that_is_away_means_not_scanned_and_worth_another_try(url: str) -> None:
    verdict = Clamd(url).scan(io.BytesIO(b"x"))
    assert isinstance(verdict, NotScanned)
    assert verdict.retry


def test_with_no_scanner_nothing_is_pretended() -> None:
    assert scanner_of(None).scan(io.BytesIO(b"x")) == NotScanned()
    with pytest.raises(Refused, match=r"clamd\.ctl"):
        scanner_of("localhost")
