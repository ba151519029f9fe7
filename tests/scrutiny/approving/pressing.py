"""Approving through the pages, as an approver does: from My work to the button."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def waiting(client: FlaskClient) -> str:
    """The address of what waits first, as My work shows it."""
    found = re.search(r"/approvals/\d+", client.get("/inbox").text)
    assert found is not None
    return found[0]


def seen_in(client: FlaskClient, at: str) -> dict[str, str]:
    """What the button to approve sends."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(at).text)
    assert found is not None
    return {"seen": found[1]}


def approve(client: FlaskClient) -> TestResponse:
    """Read what waits first and approve it; the page that follows."""
    at = waiting(client)
    return client.post(at, data=seen_in(client, at), follow_redirects=True)
