"""No test reaches beyond this machine: Python reads this when it starts, in the run itself and in every process it starts.

It stands on PYTHONPATH (tests/conftest.py). Connections made outside Python, such as libpq's to a server of PostgreSQL, pass.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any

#: Names that never resolve (RFC 2606, RFC 6761): looked up here, so that not even the question leaves the machine.
NOWHERE = (".example", ".invalid", ".test", "example.org", "example.com", "example.net")


class NetworkRefusedError(RuntimeError):
    """A test tried to reach another machine; never an OSError, which the code under test might take for a server that is down."""


def is_here(host: str | bytes | None) -> bool:
    """Whether an address or name is this machine's own."""
    name = host.decode() if isinstance(host, bytes) else host or ""
    if name in ("", "localhost", "localhost.localdomain", "0.0.0.0", "::"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop what would leave this machine; a path of the file system and loopback pass."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not is_here(address[0]):
            raise NetworkRefusedError(f"a test tried to reach {address[0]}: tests use this machine only")
    elif event == "socket.getaddrinfo" and not is_here(arguments[0]):
        name = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
        if name.rstrip(".").endswith(NOWHERE):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        raise NetworkRefusedError(f"a test tried to look up {name}: tests use this machine only")


if "area-scrutiny-tests" not in sys.__dict__:
    sys.__dict__["area-scrutiny-tests"] = refuse
    sys.addaudithook(refuse)
