"""Connections that send slowly, or do not read: more of them than `select` could count, and pages still answer."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from config.settings import PROJECT_ROOT
from setup import connections

#: A real server of `make run` that may hold few descriptors until it asks for more; its one page is larger than it buffers.
SERVED = """
import resource, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
from setup import connections
connections.CONNECTIONS, connections.SILENCE_SECONDS = int(sys.argv[1]), float(sys.argv[2])
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return (b"x" * 1_000_000 for _ in range(40)) if environ["PATH_INFO"] == "/large" else [b"a page"]
server = connections.server_of(app, port=0, threads=2, largest=1_000_000)
server.adj.cleanup_interval = 0.2
print(server.effective_port, flush=True)
server.run()
"""
HALF_A_HEADER = b"GET / HTTP/1.1\r\nHost: slow\r\n"
HALF_A_FORM = b"POST / HTTP/1.1\r\nHost: slow\r\nContent-Length: 500\r\n\r\nname="
#: More than `select` can count, and then more than the server keeps.
KEPT, STRANGERS = 1_200, 1_260


def test_more_half_requests_than_select_can_count_leave_pages_answering() -> None:
    assert connections.raise_descriptors() > 4 * 1024
    with _served(KEPT, silence=60) as (process, port), ExitStack() as held:
        for number in range(STRANGERS):
            stranger = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            stranger.sendall(HALF_A_FORM if number % 2 else HALF_A_HEADER)
            if number in (1_060, STRANGERS - 1):
                assert _page(port) == b"a page", f"with {number} half requests open"
        assert process.poll() is None


def test_whoever_does_not_read_holds_no_thread_for_long() -> None:
    with _served(100, silence=0.8) as (_, port), ExitStack() as held:
        for _ in range(2):  # as many as there are threads
            stranger = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            stranger.sendall(b"GET /large HTTP/1.1\r\nHost: slow\r\n\r\n")
        time.sleep(0.2)
        assert _page(port) == b"a page"


def test_a_request_that_would_never_be_whole_is_given_up() -> None:
    begun = _Half()
    slow = connections.Connection._is_too_slow
    assert not slow(begun, 0)  # type: ignore[arg-type]  # what the question needs of a connection
    assert slow(begun, 1), "a byte of a header now and then"  # type: ignore[arg-type]
    begun.request.headers_finished, begun.request.body_bytes_received = True, 4_000 * 100
    assert not slow(begun, 100 - connections.PATIENCE_SECONDS), "a slow line that does send"  # type: ignore[arg-type]
    begun.request.body_bytes_received = 100
    assert slow(begun, 100 - connections.PATIENCE_SECONDS)  # type: ignore[arg-type]


class _Half:
    """A connection on which a request is coming in."""

    class request:  # named as waitress names it
        headers_finished = False
        body_bytes_received = 0


@contextmanager
def _served(kept: int, *, silence: float) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server in a process of its own, which keeps so many connections, and its port."""
    command = [sys.executable, "-c", SERVED, str(kept), str(silence)]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def _page(port: int) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
        return bytes(page.read())
