"""A layer that was packed in several parts is read whole, and never further than a layer may be long."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from scrutiny.geography import archives
from workflows.refusals import Refused

LAYER = b'{"type": "FeatureCollection", "features": []}'


def sent(folder: Path, *parts: bytes) -> Path:
    """A file of gzip parts one after another."""
    file = folder / "layer.geojson.gz"
    file.write_bytes(b"".join(map(gzip.compress, parts)))
    return file


def test_a_layer_in_several_parts_is_read_whole(tmp_path: Path) -> None:
    with archives.opened(sent(tmp_path, LAYER[:20], LAYER[20:]), "layer.geojson.gz") as found:
        assert found.content == LAYER


@pytest.mark.parametrize("parts", [(b" " * 3_000_000,), (b"{}", b" " * 3_000_000), (b"{}" * 400_000,) * 2])
def test_what_unpacks_to_more_is_left_at_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: tuple[bytes, ...]
) -> None:
    """3 MB in two parts unpacked to 3 GB, past a limit of one."""
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000_000)
    with pytest.raises(Refused, match="unpacks to more than 1MB"), archives.opened(sent(tmp_path, *parts), "layer.geojson.gz"):
        pass
