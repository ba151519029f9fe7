"""Opening what was sent as a boundary file: plain, gzip or zip, with every unsafe or damaged kind refused in words."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from workflows.refusals import Refused

# England and Wales by LSOA at full resolution is under this; more is a mistake or a trap.
MOST_BYTES = 1_000_000_000
MOST_MEMBERS = 200
LFS = b"version https://git-lfs"
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
FORMATS = "GeoJSON, GeoJSONSeq, GeoPackage or a zipped Shapefile, each also as .gz"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file turned out to hold: `form` is geojson, geopackage or shapefile; text in `content`, else a file at
    `path`."""

    form: str
    content: bytes = b""
    path: Path | None = None
    lines: bool = False


@contextmanager
def opened(file: Path, name: str) -> Iterator[Opened]:
    """The contents of a boundary file, unpacked into a folder of its own that is gone afterwards; Refused if unsafe
    or damaged."""
    if str(file).lower().startswith(("/vsi", "vsi")) or not file.is_file():
        raise Refused("%(name)s: no such file", name=name)
    content = _ungzipped(_limited(file, name), name)
    with TemporaryDirectory(prefix="areas-") as folder:
        if content[:4] == b"PK\x03\x04" or content[:4] == b"PK\x05\x06" or _named(name).endswith(".zip"):
            yield _unzipped(content, Path(folder), name)
        else:
            yield _told_apart(content, Path(folder), name)


def _named(name: str) -> str:
    """The file's name in small letters without .gz."""
    return name.lower().removesuffix(".gz")


def _limited(file: Path, name: str) -> bytes:
    """The bytes of the file, unless there are none or too many."""
    size = file.stat().st_size
    if size == 0:
        raise Refused("%(name)s is empty: nothing arrived. Send it again", name=name)
    if size > MOST_BYTES:
        raise Refused(
            "%(name)s is larger than %(most_bytes)sMB: send one layer at a time, or a generalised (BGC) version",
            name=name,
            most_bytes=MOST_BYTES // 1000000,
        )
    return file.read_bytes()


def _ungzipped(content: bytes, name: str) -> bytes:
    """The content with gzip taken off, never more than MOST_BYTES of it."""
    if content[:2] != b"\x1f\x8b":
        return content
    unzip = zlib.decompressobj(wbits=31)
    try:
        plain = unzip.decompress(content, MOST_BYTES)
        # gzip files may be several members one after another; that is rare, so they are read again from the beginning.
        if unzip.unused_data.strip(b"\0"):
            with gzip.open(io.BytesIO(content)) as members:
                plain = members.read(MOST_BYTES + 1)
        if unzip.unconsumed_tail or len(plain) > MOST_BYTES:
            raise Refused(
                "%(name)s unpacks to more than %(most_bytes)sMB: send one layer at a time",
                name=name,
                most_bytes=MOST_BYTES // 1000000,
            )
        if not unzip.eof:
            raise Refused(
                "%(name)s is damaged or incomplete: its gzip ends early, after %(n)s bytes. Download it again",
                name=name,
                n=f"{len(content):,}",
            )
        return plain
    except (OSError, EOFError, zlib.error) as fault:
        raise Refused("%(name)s is damaged: its gzip cannot be unpacked. Download it again", name=name) from fault


def _told_apart(content: bytes, folder: Path, name: str) -> Opened:
    """What plain bytes are, by their first bytes rather than by their name."""
    if content.startswith(LFS):
        raise Refused("%(name)s is a Git LFS pointer, not the file itself: fetch it with 'git lfs pull' and send that", name=name)
    if content.startswith(b"SQLite format 3\0"):
        path = folder / "layer.gpkg"
        path.write_bytes(content)
        return Opened("geopackage", path=path)
    if content[:4] == b"\x00\x00\x27\x0a":
        raise Refused(
            "%(name)s is one part of a Shapefile: put its .shp, .shx, .dbf and .prj together in one zip and send that", name=name
        )
    start = content[:4096].decode("utf-8-sig", errors="replace").lstrip("\ufeff\x1e \t\r\n")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or start[:1] in ("{", "["):
        return Opened("geojson", content=content, lines=_named(name).endswith((".geojsonl", ".geojsons", ".ndjson", ".jsonl")))
    raise Refused("%(name)s is not a boundary file that can be read: send %(formats)s", name=name, formats=FORMATS)


def _unzipped(content: bytes, folder: Path, name: str) -> Opened:
    """The one layer inside a zip; paths that leave the folder, zips in zips and damaged zips are refused."""
    source = folder / "sent.zip"
    source.write_bytes(content)
    try:
        with zipfile.ZipFile(source) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _check_members(members, name)
            if (bad := archive.testzip()) is not None:
                raise Refused(
                    "%(name)s is damaged: '%(bad)s' inside it cannot be unpacked. Download it again", name=name, bad=bad
                )
            return _chosen(archive, members, folder / "unpacked", name)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as fault:
        raise Refused("%(name)s is damaged or incomplete: the zip cannot be opened. Download it again", name=name) from fault
    except RuntimeError as fault:  # zipfile says 'encrypted' this way
        raise Refused("%(name)s is locked with a password: send it without one", name=name) from fault


def _check_members(members: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse a zip that is empty, too large, reaches outside its folder, or holds further archives."""
    if not members:
        raise Refused("%(name)s is empty: the archive holds no files", name=name)
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_BYTES:
        raise Refused("%(name)s holds too much: send a zip with one layer only", name=name)
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise Refused(
                "%(name)s is refused: it holds '%(filename)s', a path that leads outside the archive. Make the zip again",
                name=name,
                filename=member.filename,
            )
    nested = [m.filename for m in members if m.filename.lower().endswith((".zip", ".gz", ".7z", ".tar", ".rar", ".kmz"))]
    if nested:
        raise Refused(
            "%(name)s holds an archive inside the archive ('%(nested)s'): unpack it and send one layer at a time",
            name=name,
            nested=nested[0],
        )


def _chosen(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, name: str) -> Opened:
    """The Shapefile of the zip, or its GeoJSON or GeoPackage where it holds one of those instead."""
    files = [m for m in members if not m.filename.startswith("__MACOSX/")]
    shapes = [m for m in files if m.filename.lower().endswith(".shp")]
    others = [m for m in files if m.filename.lower().endswith((".geojson", ".geojsonl", ".json", ".gpkg"))]
    if len(shapes) > 1 or (not shapes and len(others) > 1):
        raise Refused("%(name)s holds %(n)s layers: send a zip with one layer only", name=name, n=len(shapes) or len(others))
    if not shapes and not others:
        raise Refused(
            "%(name)s holds no boundary file: the zip must hold the .shp, .shx, .dbf and .prj of one Shapefile", name=name
        )
    folder.mkdir()
    if not shapes:
        return _told_apart(archive.read(others[0]), folder, others[0].filename)
    return _shapefile(archive, files, shapes[0], folder, name)


def _shapefile(archive: zipfile.ZipFile, files: list[zipfile.ZipInfo], shape: zipfile.ZipInfo, folder: Path, name: str) -> Opened:
    """The parts of one Shapefile written side by side under a plain name; a missing part is named."""
    stem = shape.filename[:-4].lower()
    parts = {m.filename[-4:].lower(): m for m in files if m.filename[:-4].lower() == stem}
    for ending, part in parts.items():
        if ending in SHAPEFILE_PARTS:
            content = archive.read(part)
            if content.startswith(LFS):
                raise Refused(
                    "%(name)s is not a Shapefile: '%(filename)s' is a Git LFS pointer, not the file itself. Fetch it with 'git "
                    "lfs pull' and zip that",
                    name=name,
                    filename=part.filename,
                )
            (folder / f"layer{ending}").write_bytes(content)
    if (folder / "layer.shp").read_bytes()[:4] != b"\x00\x00\x27\x0a":
        raise Refused(
            "%(name)s is not a Shapefile: '%(filename)s' does not begin as one. Make the zip again",
            name=name,
            filename=shape.filename,
        )
    if ".dbf" not in parts:
        raise Refused("%(name)s has no attribute table (.dbf), so its areas have no codes: add the .dbf to the zip", name=name)
    if ".shx" not in parts:
        raise Refused("%(name)s has no index (.shx): add the .shx to the zip", name=name)
    return Opened("shapefile", path=folder / "layer.shp")
