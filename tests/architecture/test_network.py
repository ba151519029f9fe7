"""Tests reach nothing beyond this machine, nor do the processes they start."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest


def test_another_machine_cannot_be_reached() -> None:
    """192.0.2.1 belongs to nobody (RFC 5737); the refusal is no OSError, which a mailer might take for a server that is down."""
    with socket.socket() as plug, pytest.raises(RuntimeError, match=r"tried to reach 192\.0\.2\.1"):
        plug.connect(("192.0.2.1", 80))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug, pytest.raises(RuntimeError, match="this machine only"):
        plug.sendto(b"x", ("192.0.2.1", 53))
    with pytest.raises(RuntimeError, match=r"tried to look up pypi\.org"):
        socket.getaddrinfo("pypi.org", 443)


def test_a_name_that_exists_nowhere_is_not_even_asked_for() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("mail.nowhere.example", 25))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_a_process_that_a_test_starts_cannot_either() -> None:
    reach = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)"
    ended = subprocess.run([sys.executable, "-c", reach], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "a test tried to look up 192.0.2.1" in ended.stderr
