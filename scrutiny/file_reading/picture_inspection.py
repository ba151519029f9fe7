"""A picture somebody sent (PNG, JPEG), looked through without holding it whole: complete, not too large, and what it tells."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import IO

from PIL import Image, UnidentifiedImageError

from scrutiny.file_reading.file_warnings import FileWarning, Kind
from workflows.refusals import Refused

MOST_PIXELS = 100_000_000
# A photograph taken step by step is held whole while it is read, whatever size it is wanted in.
MOST_PROGRESSIVE = 40_000_000
CHUNK = 1024 * 1024
MOST_CHUNKS = 100_000
LONGEST_EXIF = 1_000_000
GPS = 0x8825  # the EXIF block that says where a photograph was taken
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def inspect_picture(kind: str, file: IO[bytes]) -> tuple[FileWarning, ...]:
    """Warnings about a picture. Refusals are sentences without their subject."""
    if zipfile.is_zipfile(file):
        raise Refused("is a picture and a zip file in one. Save the picture again and send that.")
    try:
        file.seek(0)
        exif = _png(file) if kind == "png" else _jpeg(file)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, zlib.error, Image.DecompressionBombError):
        raise Refused("is damaged or cut short. Open it to see, and send it again.") from None
    return (FileWarning(Kind.LOCATION, "The photograph says where it was taken."),) if exif.get_ifd(GPS) else ()


def _check_pixels(width: int, height: int, most: int = MOST_PIXELS) -> None:
    if width * height > most:
        raise Refused("is larger than %(most)s million pixels. Make it smaller and send it again.", most=most // 1000000)


def _png(file: IO[bytes]) -> Image.Exif:
    """Walk a PNG chunk by chunk to its end, each against its checksum, and its pixels unpacked no further than they reach."""
    file.seek(8)
    exif, pixels = Image.Exif(), _Pixels()
    for number in range(MOST_CHUNKS):
        length, kind = struct.unpack("!I4s", file.read(8))
        checksum, left, kept = zlib.crc32(kind), length, bytearray()
        while left:
            piece = file.read(min(left, CHUNK))
            if not piece:
                raise ValueError("cut short")
            checksum, left = zlib.crc32(piece, checksum), left - len(piece)
            if kind == b"IDAT":
                pixels.unpack(piece)
            elif kind in (b"IHDR", b"eXIf") and length < LONGEST_EXIF:
                kept += piece
        if struct.unpack("!I", file.read(4))[0] != checksum or (number == 0) != (kind == b"IHDR"):
            raise ValueError("damaged")
        if kind == b"IHDR":
            pixels.measure(bytes(kept))
        elif kind == b"eXIf":
            exif.load(b"Exif\0\0" + bytes(kept))
        elif kind == b"IEND":
            pixels.check()
            return exif
    raise ValueError("too many chunks")


class _Pixels:
    """The pixels of a PNG, counted while they are unpacked and forgotten at once."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj()
        self._left = self._least = 0

    def measure(self, header: bytes) -> None:
        """Take the size from the header; too many pixels are refused."""
        width, height, depth, colour, _, _, interlaced = struct.unpack("!IIBBBBB", header)
        _check_pixels(width, height)
        bits = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour] * depth if colour in (0, 2, 3, 4, 6) else 0
        if not (width and height and bits):
            raise ValueError("no picture")
        # Interlaced rows are padded seven times over; as an upper bound a byte a row and pass is enough.
        self._left = height * ((width * bits + 7) // 8 + 1) + (height * 8 + width if interlaced else 0)
        self._least = 0 if interlaced else self._left

    def unpack(self, piece: bytes) -> None:
        """Count what a piece unpacks to; no more than the picture holds."""
        while piece and self._left > 0:
            plain = self._unpacker.decompress(piece, CHUNK)
            self._left -= len(plain)
            piece = self._unpacker.unconsumed_tail
            if not plain and not piece:
                return

    def check(self) -> None:
        """All of the picture must have been there."""
        if self._least and self._left > 0:
            raise ValueError("pixels are missing")


def _jpeg(file: IO[bytes]) -> Image.Exif:
    """Read a JPEG to its end at an eighth of its size, so that a photograph of a hundred million pixels takes little memory."""
    with Image.open(io.BufferedReader(file) if isinstance(file, io.RawIOBase) else file, formats=("JPEG",)) as picture:
        _check_pixels(picture.width, picture.height, MOST_PROGRESSIVE if picture.info.get("progressive") else MOST_PIXELS)
        picture.draft(picture.mode, (max(picture.width // 8, 1), max(picture.height // 8, 1)))
        picture.load()
        return picture.getexif()
