"""Lists sent by strangers: nothing is unpacked beyond the form's limit, and nothing is read while a transaction is open."""

from __future__ import annotations

import gzip
import io
import tracemalloc

import pytest
from flask.testing import FlaskClient

from scrutiny.extensions import db, writing
from scrutiny.file_reading import decoding, tables

FORMS = ("/many", "/codes", "/apportion")
FIGURES = {"from_kind": "ward", "to_kind": "district", "by": "people", "unit": "2"}
BOMB = gzip.compress(b"postcode,code,spend\n" + b"0" * 150_000_000)
LINES = gzip.compress(b"code\n" + b"1\n" * 900_000)


@pytest.mark.parametrize("address", FORMS)
def test_a_packed_list_is_left_at_the_limit_of_the_form(client: FlaskClient, address: str) -> None:
    """150 kB that unpack to 150 MB cost no more memory than the form allows for, and are refused in words."""
    assert len(BOMB) < 200_000
    tracemalloc.start()
    answer = client.post(address, data={**FIGURES, "file": (io.BytesIO(BOMB), "list.csv")})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == 200
    assert "The .gz file unpacks to more than" in answer.text
    assert peak < 40_000_000


@pytest.mark.parametrize("address", FORMS)
def test_rows_beyond_the_limit_are_not_read(client: FlaskClient, address: str) -> None:
    """900,000 rows packed into a few kilobytes are refused for their number, not gathered first."""
    answer = client.post(address, data={**FIGURES, "file": (io.BytesIO(LINES), "list.csv")})
    assert answer.status_code == 200
    assert "Send it in parts" in answer.text


@pytest.mark.parametrize("address", FORMS)
def test_a_list_is_read_outside_any_transaction(client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a stranger's file is read, nobody's saving waits for it."""
    seen = []
    read = decoding.decode

    def decode(content: bytes, *, most: int = decoding.LARGEST_UNPACKED) -> tuple[str, str, tuple[str, ...]]:
        seen.append((writing.get(), bool(db.session.new or db.session.dirty)))
        return read(content, most=most)

    monkeypatch.setattr(tables, "decode", decode)
    client.post(address, data={**FIGURES, "file": (io.BytesIO(b"code,spend\nE05000001,1\n"), "list.csv")})
    assert seen == [(False, False)]
