"""What somebody changes in the database of what an agency sent is found, by night and by hand, and shown to nobody as sent."""

from __future__ import annotations

import io
import json
import re
import zipfile
from base64 import b64encode

import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from scrutiny.answering import service as answering
from scrutiny.audit import queries, signed
from scrutiny.audit.sealed_words import digest_of
from scrutiny.audit.service import note
from scrutiny.evidence import erasing, service
from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.scheduler import run_job
from scrutiny.stored_files.intake import receive
from scrutiny.stored_files.models import StoredFile
from scrutiny.transaction import commit
from scrutiny.upkeep.queries import faults_of_the_night, machine_warnings
from tests.conftest import NOW
from tests.scrutiny.requests.answering_scene import ask
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR


def send(cast):
    """An answer with figures and a file, sent; its item."""
    fire = ask(cast, "fire")
    by, item = fire.by("fire_responder"), fire.items[0]
    answering.keep_answer(item, answering.Typed(text="Twelve stations", figures="Stations: 12"), by=by, at=NOW)
    answering.keep_file(item, receive("a.csv", b"a,b\n1,2\n"), by=by, at=NOW)
    answering.submit_request(fire.request, [item], by=by, at=NOW)
    commit()
    return item


@pytest.fixture
def sent(app, cast):
    """The lodging of what was sent, in an application context."""
    with app.app_context():
        yield send(cast).answers[0].lodging


@pytest.fixture
def parts(app, cast):
    """What the addresses of what was sent are made of."""
    with app.app_context():
        item = send(cast)
        lodging = item.answers[0].lodging
        named = {"lodging": lodging.id, "evidence": lodging.evidence.reference, "review": lodging.review.reference}
        return named | {"item": item.id, "request": item.request_id, "slug": item.request.slug}


def verified(app):
    """What the command says: (exit code, its JSON)."""
    said = app.test_cli_runner().invoke(args=["audit", "verify", "--json"])
    return said.exit_code, json.loads(said.stdout)


def hushed():
    """Change the words, and the digest beside them too."""
    words = {"text_kept": "Eleven stations", "digest": digest_of("Eleven stations", "Stations: 12")}
    changed(**words)


def exchanged():
    """Put another file that is kept in the place of the one sent."""
    other = receive("b.csv", b"a,b\n1,3\n")
    db.session.add(StoredFile(sha256=other.sha256, size=other.size, media_type="text/csv", kept_at=NOW))
    db.session.flush()
    db.session.execute(update(EvidenceFile).values(sha256=other.sha256))


def changed(**words):
    """Put other words into what was sent, with no deed."""
    db.session.execute(update(Evidence).values(**words))


AFTER = "has changed since it was sent"
CHANGES = {
    "the text": (lambda: changed(text_kept="Eleven stations"), AFTER),
    "the figures": (lambda: changed(figures_kept="Stations: 11"), AFTER),
    "the text with its digest": (hushed, AFTER),
    "the words taken out without a deed": (lambda: changed(text_kept="", figures_kept=""), AFTER),
    "the file": (exchanged, "is not a file that was sent"),
    "damaged bytes": (lambda: db.session.execute(update(StoredFile).values(fault="damaged")), "is damaged"),
}


@pytest.mark.parametrize(("change", "words"), CHANGES.values(), ids=CHANGES)
def test_what_was_changed_after_it_was_sent_is_found(app, sent, change, words):
    assert verified(app)[0] == 0
    change()
    commit()
    code, said = verified(app)
    assert (code, said["whole"]) == (1, False)
    assert [fault.endswith(words) for fault in said["faults"]] == [True], said


def test_what_was_erased_is_named_and_no_fault(app, cast, sent):
    by = ask(cast, "fire").by("officer")
    erasing.erase_words(sent, "A child could be recognised", by=by, at=NOW)
    erasing.erase_file(sent.evidence.files[0], "A child could be recognised", by=by, at=NOW)
    commit()
    code, said = verified(app)
    assert (code, len(said["erased"])) == (0, 2)
    assert all("A child could be recognised" in gap for gap in said["erased"])
    hushed()
    commit()
    assert verified(app)[0] == 1, "words that come back are no erased words"


SHOWN_BY = {
    "officer": (
        "/evidence/{lodging}",
        "/reviews/{review}/requests/{slug}/1",
        "/reviews/{review}/read/{lodging}",
        "/api/v1/reviews/{review}/evidence",
    ),
    "fire_responder": (
        "/evidence/{lodging}",
        "/answering/items/{item}",
        "/answering/{request}/receipt",
        "/answering/{request}/receipt.pdf",
        "/asked.zip",
    ),
}


def told(answer):
    """The words of a page, a print or a bundle."""
    if answer.mimetype == "application/pdf":
        document = pypdfium2.PdfDocument(answer.data)
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    if answer.mimetype == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
            return "\n".join(bundle.read(name).decode() for name in bundle.namelist() if name.endswith(".txt"))
    return answer.text


@pytest.mark.parametrize("change", ["the text", "the figures", "the words taken out without a deed"])
def test_words_that_were_changed_are_given_out_nowhere_and_built_on_nowhere(app, parts, signed_in, change):
    with app.app_context():
        CHANGES[change][0]()
        commit()
    for name, addresses in SHOWN_BY.items():
        client = signed_in(name)
        for address in addresses:
            reply = client.get(address.format(**parts))
            words = told(reply)
            assert reply.status_code == 200, (address, reply.status_code)
            assert "What was written is not shown, because its record has changed" in words, address
            assert not re.search(r"(Twelve|Eleven) stations|Stations\W+1[12]", words), address
    warnings = app.test_client().get("/health/ready").json["warnings"]
    assert any(parts["evidence"] in warning for warning in warnings)
    with app.app_context():
        assert f"What was written in {parts['evidence']}" in str(machine_warnings(NOW))
        lodging = db.session.get_one(Lodging, parts["lodging"])
        with pytest.raises(Refused, match="is not shown"):
            service.copy_draft(lodging, by=OPERATOR_ACTOR, at=NOW)
        erasing.erase_words(lodging, "Nobody knows what was sent", by=OPERATOR_ACTOR, at=NOW)
        assert (lodging.evidence.text_kept, lodging.evidence.figures_kept) == ("", "")


@pytest.mark.parametrize("change", [*CHANGES, "a signed head"])
def test_the_night_finds_what_was_changed_and_says_so_until_it_is_mended(app, parts, monkeypatch, change):
    assert run_job(app, "check_seals")
    with app.app_context():
        assert not faults_of_the_night()
        CHANGES.get(change, (lambda: _forge(monkeypatch),))[0]()
        commit()
    assert run_job(app, "check_seals")
    with app.app_context():
        (fault,) = faults_of_the_night()
        assert f"Found last night: {fault}. Run flask audit verify" in machine_warnings(NOW)
    assert fault in app.test_client().get("/health/ready").json["warnings"]


def _forge(monkeypatch):
    """A signed head whose signature is of another text."""
    key = Ed25519PrivateKey.generate()
    name = signed.fingerprint(key.public_key())
    monkeypatch.setattr(signed, "keys_here", lambda: {name: key.public_key()})
    number, digest = queries.head()
    head = json.dumps({"audit": {"number": number, "digest": digest}})
    note(
        signed.EVENT,
        about=signed.ABOUT,
        by=OPERATOR_ACTOR,
        at=NOW,
        head=head,
        signature=b64encode(key.sign(b"another")).decode(),
        key=name,
    )
