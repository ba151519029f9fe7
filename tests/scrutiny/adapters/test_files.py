"""Stored bytes are kept whole or not at all, once, under their digest, on disk and over the S3 protocol alike."""

from __future__ import annotations

import hashlib
import io
import os
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import obstore
import pytest

from scrutiny.adapters.files import FileDamaged, FileMissing, FileStore, Kept
from workflows.refusals import Refused


class Bucket(BaseHTTPRequestHandler):
    """As much of the S3 protocol as the store speaks: put if absent, get, head, delete, list."""

    objects: dict[str, bytes]

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    @property
    def key(self) -> str:
        return self.path.split("?")[0].removeprefix("/evidence/")

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("If-None-Match") == "*" and self.key in self.objects:
            return self.answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
        self.objects[self.key] = body
        return self.answer(200, ETag='"1"')

    def do_GET(self) -> None:
        if "list-type" in self.path:
            rows = "".join(
                f"<Contents><Key>{escape(key)}</Key><Size>{len(body)}</Size>"
                "<LastModified>2026-11-22T00:00:00.000Z</LastModified><ETag>1</ETag></Contents>"
                for key, body in sorted(self.objects.items())
            )
            return self.answer(200, f"<ListBucketResult>{rows}</ListBucketResult>".encode())
        if self.key not in self.objects:
            return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        return self.answer(200, self.objects[self.key], ETag='"1"', Last_Modified="Sun, 22 Nov 2026 00:00:00 GMT")

    do_HEAD = do_GET

    def do_DELETE(self) -> None:
        self.objects.pop(self.key, None)
        self.answer(204)

    def do_POST(self) -> None:
        """The bulk delete, which names its keys in XML."""
        named = self.rfile.read(int(self.headers["Content-Length"])).decode()
        keys = re.findall("<Key>(.*?)</Key>", named)
        for key in keys:
            self.objects.pop(key, None)
        # Like S3 itself, a key that was not there is reported as deleted.
        rows = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self.answer(200, f"<DeleteResult>{rows}</DeleteResult>".encode())


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    objects: dict[str, bytes] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnBucket", (Bucket,), {"objects": objects}))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "officer",
        "AWS_SECRET_ACCESS_KEY": "made up",
        "AWS_REGION": "eu-west-2",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    yield objects
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path, bucket: dict[str, bytes]) -> FileStore:
    url = "s3://evidence/kept" if request.param == "s3" else f"file://{tmp_path}/a%20folder/files"
    return FileStore(url, max_upload_mb=1)


def test_bytes_come_back_as_they_went_in_however_they_were_handed_over(store: FileStore) -> None:
    content = bytes(range(256)) * 300
    expected = Kept(hashlib.sha256(content).hexdigest(), len(content))
    assert store.keep(content) == expected
    assert store.keep(io.BytesIO(content)) == expected
    assert store.keep(iter([content[:5], content[5:]]), announced_size=len(content)) == expected
    assert store.read(expected.sha256) == content
    assert b"".join(store.stream(expected.sha256)) == content
    assert list(store.all_kept()) == [expected]


def test_erased_bytes_are_gone_and_erasing_twice_is_no_fault(store: FileStore) -> None:
    kept = store.keep(b"personal")
    assert store.exists(kept.sha256)
    store.erase(kept.sha256)
    store.erase(kept.sha256)
    assert not store.exists(kept.sha256)
    with pytest.raises(FileMissing, match="holds no file"):
        store.read(kept.sha256)


def cut_off() -> Iterator[bytes]:
    yield b"half of it"
    raise ConnectionResetError("the line went dead")


@pytest.mark.parametrize(
    ("source", "announced", "words"),
    [([b"x" * 600_000, b"x" * 600_000], None, "smaller than 1MB"), (b"half", 8, "4 of 8 bytes arrived"), (b"", None, "empty")],
)
def test_nothing_is_stored_of_a_file_that_is_too_large_cut_short_or_empty(
    store: FileStore, source: Any, announced: int | None, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        store.keep(source, announced_size=announced)
    assert list(store.all_kept()) == []


def test_nothing_is_stored_of_a_stream_that_breaks(store: FileStore) -> None:
    with pytest.raises(ConnectionResetError):
        store.keep(cut_off())
    assert list(store.all_kept()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "/" + "a" * 63, "a" * 64 + "\n", "a" * 65])
def test_no_name_but_a_digest_is_a_place_in_the_store(store: FileStore, name: str) -> None:
    for deed in (store.read, store.exists, store.erase):
        with pytest.raises(Refused, match="SHA-256"):
            deed(name)


def test_bytes_changed_behind_our_back_are_noticed(tmp_path: Path) -> None:
    store = FileStore(f"file://{tmp_path}")
    kept = store.keep(b"what the agency sent")
    next(tmp_path.rglob(kept.sha256)).write_bytes(b"what the agency did not send")
    with pytest.raises(FileDamaged, match="has changed"):
        store.read(kept.sha256)


def test_the_same_file_sent_again_repairs_what_was_damaged(store: FileStore, tmp_path: Path, bucket: dict[str, bytes]) -> None:
    kept = store.keep(b"what the agency sent")
    for path in tmp_path.rglob(kept.sha256):
        path.write_bytes(b"what the agency did not send")
    for key in list(bucket):
        bucket[key] = b"what the agency did not send"
    with pytest.raises(FileDamaged, match="has changed"):
        store.read(kept.sha256)
    assert store.keep(b"what the agency sent") == kept
    assert store.read(kept.sha256) == b"what the agency sent"


def test_bytes_sent_again_are_not_read_back(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = store.keep(b"what the agency sent")
    monkeypatch.setattr(obstore, "get", lambda *_: pytest.fail("read back"))
    assert store.keep(b"what the agency sent") == kept


def test_bytes_sent_again_are_young_again(tmp_path: Path) -> None:
    """What was refused long ago and is sent again now is not swept away before its row is entered."""
    store = FileStore(f"file://{tmp_path}")
    kept, a_day_ago = store.keep(b"what the agency sent"), datetime.now(UTC) - timedelta(days=1)
    os.utime(next(tmp_path.rglob(kept.sha256)), (0, 0))
    assert list(store.all_kept(before=a_day_ago)) == [kept]
    store.keep(b"what the agency sent")
    assert list(store.all_kept(before=a_day_ago)) == []


def test_what_was_put_there_lately_is_told_apart(store: FileStore) -> None:
    kept = store.keep(b"what the agency sent")
    long_ago, later = datetime(2026, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=1)
    assert list(store.all_kept(before=later)) == [kept]
    assert list(store.all_kept(before=long_ago)) == []


@pytest.mark.parametrize("url", ["files", "file://relative/path", "ftp://example.org/x", "s3://", ""])
def test_an_address_that_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="FILES_URL"):
        FileStore(url)
