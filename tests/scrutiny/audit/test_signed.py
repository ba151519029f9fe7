"""A row of the trail signed with a key kept elsewhere holds whoever can change the database to what stood there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, text

from config.settings import SettingsWrong, read_settings
from scrutiny import transaction
from scrutiny.app import CHECKS
from scrutiny.audit import signed
from scrutiny.audit.models import AuditEntry
from scrutiny.audit.service import note
from scrutiny.extensions import db
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting

PRIVATE = Ed25519PrivateKey.generate()
OTHER = Ed25519PrivateKey.generate()


def pem(private: Ed25519PrivateKey) -> str:
    """The public half, as openssl writes it."""
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def keyed(app: Flask, cast: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An instance that accepts one key, with five rows in its trail."""
    (tmp_path / "public.pem").write_text(pem(PRIVATE))
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], trail_keys=str(tmp_path / "public.pem")))
    with app.app_context():
        for number in range(5):
            with transaction.writes_now():
                note("review_opened", about=f"review:{number}", by=acting("officer"), at=NOW)
    return app


def sign(app: Flask, folder: Path, private: Ed25519PrivateKey = PRIVATE, **said: object) -> tuple[int, str]:
    """A head printed, signed elsewhere and entered, all by command: exit status and what was said."""
    run = app.test_cli_runner()
    head = run.invoke(args=["audit", "head"]).output.encode()
    if said:
        head = json.dumps(json.loads(head) | said).encode()
    (folder / "head.json").write_bytes(head)
    (folder / "head.sig").write_bytes(private.sign(head))
    done = run.invoke(args=["audit", "sign", str(folder / "head.json"), str(folder / "head.sig")])
    return done.exit_code, done.output


def test_a_signed_head_is_published_and_checked_from_then_on(keyed: Flask, client: FlaskClient, tmp_path: Path) -> None:
    assert "No row has been signed yet" in client.get("/trail").text
    status, said = sign(keyed, tmp_path)
    assert (status, said) == (0, "Row 5 is signed, and published at http://localhost/trail\n")
    head, signature = client.get("/trail/5/head").data, client.get("/trail/5/signature").data
    assert head == (tmp_path / "head.json").read_bytes()
    PRIVATE.public_key().verify(signature, head)
    assert client.get("/trail/keys.pem").text == pem(PRIVATE)
    assert client.get("/trail/4/head").status_code == 404
    assert 'href="/trail/5/signature"' in client.get("/trail").text
    verified = keyed.test_cli_runner().invoke(args=["audit", "verify"])
    assert verified.exit_code == 0
    assert "The newest signed head is row 5" in verified.output


def test_a_trail_worked_out_again_is_found_by_the_signed_head(keyed: Flask, tmp_path: Path) -> None:
    """Rows rewritten with digests that fit each other: the head noted here, and a copy kept elsewhere, contradict them."""
    sign(keyed, tmp_path)
    with keyed.app_context():
        db.session.execute(text("UPDATE audit_entry SET digest = 'x' || substr(digest, 2) WHERE number = 5"))
        db.session.commit()
    run = keyed.test_cli_runner()
    assert "Row 5 is not the row it was when the signed head was made" in run.invoke(args=["audit", "verify"]).output
    with keyed.app_context():
        db.session.execute(delete(AuditEntry).where(AuditEntry.number > 4))
        db.session.execute(text("UPDATE audit_head SET number = 4, digest = (SELECT digest FROM audit_entry WHERE number = 4)"))
        db.session.commit()
    assert run.invoke(args=["audit", "verify"]).exit_code == 0, "with its signed heads removed too, the trail agrees with itself"
    against = run.invoke(args=["audit", "verify", "--against", str(tmp_path / "head.json")])
    assert against.exit_code == 1
    assert "that row is gone: the tail was cut" in against.output


def test_a_signature_changed_in_the_database_is_found(keyed: Flask, tmp_path: Path) -> None:
    sign(keyed, tmp_path)
    with keyed.app_context():
        row = db.session.get_one(AuditEntry, 6)
        row.fields = row.fields | {"head": row.fields["head"].replace('"service"', '"Service"')}
        db.session.commit()
    said = keyed.test_cli_runner().invoke(args=["audit", "verify"]).output
    assert "The signature of row 5, entered on " in said


def test_a_head_signed_with_a_key_of_nobody_is_a_fault_and_is_not_published(
    keyed: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    sign(keyed, tmp_path)
    with keyed.app_context():
        row = db.session.get_one(AuditEntry, 6)
        row.fields = row.fields | {"key": "f" * 64, "signature": "AAAA"}
        db.session.commit()
    verified = keyed.test_cli_runner().invoke(args=["audit", "verify"])
    assert "is not of a key in TRAIL_KEYS" in verified.output
    assert "No row has been signed yet" in client.get("/trail").text
    assert client.get("/trail/5/head").status_code == 404


def test_what_is_not_a_signature_of_this_trail_is_refused(keyed: Flask, tmp_path: Path) -> None:
    """Another's key, another instance, another row, no head at all, twice the same: each in a sentence, and nothing is kept."""
    assert "The signature is not of this head" in sign(keyed, tmp_path, OTHER)[1]
    assert "This head is of https://elsewhere.example" in sign(keyed, tmp_path, service="https://elsewhere.example")[1]
    assert "Row 5 of the trail is not the row" in sign(keyed, tmp_path, audit={"number": 5, "digest": "0" * 64})[1]
    assert "not a head" in sign(keyed, tmp_path, audit=[])[1]
    with keyed.app_context():
        assert signed.signed_heads() == []
    sign(keyed, tmp_path)
    run = keyed.test_cli_runner()
    again = run.invoke(args=["audit", "sign", str(tmp_path / "head.json"), str(tmp_path / "head.sig")])
    assert (again.exit_code, again.output) == (1, "Row 5 is signed with this key already\n")


def test_without_a_key_nothing_can_be_entered_and_nothing_is_shown(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    assert sign(app, tmp_path) == (1, "No key is accepted here: set TRAIL_KEYS to a file with the public key\n")
    assert client.get("/trail/keys.pem").status_code == 404
    assert "openssl" not in client.get("/trail").text


def test_only_ed25519_keys_can_be_set(tmp_path: Path) -> None:
    """An instance does not start with a file that is missing, empty, or holds a key of another kind."""
    rsa = generate_private_key(65537, 2048).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for content, said in (("", "it must hold"), (rsa, "it must hold"), (pem(PRIVATE) + rsa, "it must hold")):
        (tmp_path / "keys.pem").write_text(content)
        with pytest.raises(SettingsWrong, match=said):
            read_settings({"SECRET_KEY": "x" * 40, "TRAIL_KEYS": str(tmp_path / "keys.pem")}, checks=CHECKS)
    with pytest.raises(SettingsWrong, match="there is no file there"):
        read_settings({"SECRET_KEY": "x" * 40, "TRAIL_KEYS": str(tmp_path / "none.pem")}, checks=CHECKS)
    (tmp_path / "keys.pem").write_text(pem(PRIVATE) + pem(OTHER))
    assert len(signed.public_keys((tmp_path / "keys.pem").read_text())) == 2
    assert read_settings({"SECRET_KEY": "x" * 40, "TRAIL_KEYS": str(tmp_path / "keys.pem")}, checks=CHECKS).trail_keys


def test_the_page_of_signed_heads_reads_no_more_than_it_shows(
    keyed: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every request read every head, and checked the signature of each."""
    for _ in range(7):  # each is noted in the trail, and so the next one signs another row
        assert sign(keyed, tmp_path)[0] == 0
    monkeypatch.setattr(signed, "ON_A_PAGE", 3)
    checked: list[int] = []
    monkeypatch.setattr(signed, "_read", lambda row, read=signed._read: checked.append(row.number) or read(row))
    pages = [client.get(f"/trail?page={number}") for number in (1, 2, 3, 4)]
    assert [page.status_code for page in pages] == [200, 200, 200, 404]
    assert [page.text.count("/signature") for page in pages[:3]] == [3, 3, 1]
    assert len(checked) == 7
    assert 'href="/trail?page=2"' in pages[0].text
    checked.clear()
    assert client.get("/trail/5/head").status_code == 200
    assert (client.get("/trail/1/head").status_code, len(checked) <= 4) == (404, True)
