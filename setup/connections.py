"""The server of `make run`: how many connections it keeps, and which it gives up for others."""

from __future__ import annotations

import resource
import time
from typing import Any

from waitress import create_server
from waitress.channel import HTTPChannel

#: Of the descriptors one process may hold, no more than this are asked for: waiting for more costs at every turn.
DESCRIPTORS = 16_384
#: Open at once. Each may hold three descriptors: its socket, and a file for what comes in and one for what goes out.
CONNECTIONS = 2_000
#: Of the headers of one request, the address and all cookies among them: each language, cookie and field there is looked at.
HEADER_BYTES = 32_768
#: A connection on which nothing moves for so long is closed.
SILENCE_SECONDS = 60
#: A request must have its headers by then, and from then on bring so many bytes a second: a byte now and then is no request.
PATIENCE_SECONDS, BYTES_A_SECOND = 60, 200


class Connection(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection, which gives way where it only keeps a place from others."""

    began = 0.0  # when the request that is still coming in began; 0 while none is

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:  # waitress names it so
        super().__init__(server, sock, addr, adj, map)
        if len(server.active_channels) > adj.connection_limit * 9 // 10:
            self._make_way(server)

    def handle_read(self) -> None:
        """Take in what came, and give up a request that would never be whole."""
        super().handle_read()
        self.began = 0.0 if self.request is None else self.began or self.last_activity
        if self.request is not None and self._is_too_slow(time.time() - self.began - PATIENCE_SECONDS):
            self.will_close = True

    def readable(self) -> bool:
        """Whether more may be read; never from a connection that was closed at this very turn."""
        return self.connected and bool(super().readable())

    def writable(self) -> bool:
        """Whether there is something to send, or to end; never on a connection that was closed at this very turn."""
        return self.connected and bool(super().writable())

    def _is_too_slow(self, over: float) -> bool:
        """Whether a request that has been coming in for so many seconds more than it may has brought too little."""
        return over > 0 and (not self.request.headers_finished or self.request.body_bytes_received < over * BYTES_A_SECOND)

    def _make_way(self, server: Any) -> None:
        """Close the connection on which nothing has moved for longest, of those nobody is being answered on."""
        idle = [one for one in server.active_channels.values() if one is not self and _is_idle(one)]
        if idle:
            min(idle, key=lambda one: one.last_activity).will_close = True


def server_of(app: Any, *, port: int, threads: int, largest: int) -> Any:
    """A server of an application on this machine alone; `largest` is the size of a request that is taken in, in bytes."""
    server = create_server(
        app,
        host="127.0.0.1",
        port=port,
        threads=threads,
        connection_limit=min(CONNECTIONS, raise_descriptors() // 4),
        channel_timeout=SILENCE_SECONDS,
        max_request_body_size=largest,
        max_request_header_size=HEADER_BYTES,
        asyncore_use_poll=True,  # select() raises at the 1,024th descriptor, and so would end the process
        clear_untrusted_proxy_headers=False,  # PROXIES says how many of them are believed, and the application reads no others
        ident=None,
    )
    server.channel_class = Connection
    server.maintenance = lambda at: close_silent(server, at)
    return server


def close_silent(server: Any, at: float) -> None:
    """Close each connection on which nothing moves; also where somebody has asked and does not read what they are sent.

    That one's thread would wait for them, and their socket never tells that it could be written to.
    """
    for one in [*server.active_channels.values()]:
        if one.last_activity < at - SILENCE_SECONDS and (not one.requests or one.total_outbufs_len):
            one.handle_close()


def raise_descriptors() -> int:
    """Let this process hold as many descriptors as it is allowed to, within reason; how many that are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        return most
    return most if soft == resource.RLIM_INFINITY else soft


def _is_idle(one: Any) -> bool:
    """Whether nobody is being answered on a connection, nor has anything to be sent there."""
    return not one.requests and not one.total_outbufs_len and not one.will_close
