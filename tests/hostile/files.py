"""The hostile set: more than 120 files, each a name and the bytes made when asked for; none is kept in the repository."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image

W = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
W_END = b"</sheetData></worksheet>"
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BOOK = (
    b'<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    b'<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELS = b'<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Hostile:
    """One file: its name (with the kind it claims to be), what it is, and how it is made."""

    name: str
    what: str
    make: Callable[[], bytes]


def noise(size: int, seed: int = 1) -> bytes:
    """Bytes that do not pack, the same each time."""
    return random.Random(seed).randbytes(size)


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def xlsx(sheet: bytes = W + W_END, **more: bytes) -> bytes:
    """A workbook of one sheet, padded with what does not pack so that its ratio looks harmless."""
    parts = {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    return zipped({**parts, **{name.replace("__", "/") + ".xml": part for name, part in more.items()}})


def padded(parts: dict[str, bytes], size: int) -> bytes:
    """The zip with so many bytes of noise in it."""
    return zipped({**parts, "xl/media/noise.png": noise(size)})


def padded_xlsx(sheet: bytes, size: int) -> bytes:
    """A workbook whose ratio is kept down by a picture of noise."""
    parts = {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    return padded(parts, size)


def docx(document: bytes, **more: bytes) -> bytes:
    """A Word document with this main part."""
    return zipped(
        {"[Content_Types].xml": TYPES, "word/document.xml": document, **{name.replace("__", "/"): c for name, c in more.items()}}
    )


def pptx(slide: bytes, slides: int = 1) -> bytes:
    """Slides, all alike."""
    parts = {f"ppt/slides/slide{number}.xml": slide for number in range(1, slides + 1)}
    return zipped({"[Content_Types].xml": TYPES, "ppt/presentation.xml": b"<p/>", **parts})


def odf(kind: str, content: bytes, manifest: bytes = b"<m/>") -> bytes:
    """An OpenDocument file with this content."""
    return zipped({"mimetype": (ODF + kind).encode(), "META-INF/manifest.xml": manifest, "content.xml": content})


def pdf(objects: list[bytes], *, root: int = 1, tail: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, with a table of where they stand."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, tail, start)


def stream(content: bytes, extra: bytes = b"", *, packed: bool = False) -> bytes:
    """A stream object; packed with Flate where asked."""
    if packed:
        content, extra = zlib.compress(content, 9), extra + b"/Filter/FlateDecode"
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), extra, content)


def page(content: bytes, *, resources: bytes = b"<<>>", box: bytes = b"[0 0 595 842]", more: list[bytes] | None = None) -> bytes:
    """A PDF of one page that draws this content; further objects are numbered from 5."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox%s/Resources %s/Contents 4 0 R>>" % (box, resources),
            content if content.startswith(b"<<") else stream(content),
            *(more or []),
        ]
    )


def nested_forms(depth: int, times: int, *, last: bytes = b"0 0 9 9 re f") -> bytes:
    """Forms that each draw the next so many times."""
    forms = []
    for level in range(depth):
        inner = b"<</XObject<</F %d 0 R>>>>" % (6 + level) if level + 1 < depth else b"<<>>"
        body = b"/F Do " * times if level + 1 < depth else last
        forms.append(stream(body, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources" + inner))
    return page(b"/F Do " * times, resources=b"<</XObject<</F 5 0 R>>>>", more=forms)


def png(
    width: int, height: int, rows: bytes, *, colour: int = 0, depth: int = 8, interlaced: int = 0, more: bytes = b""
) -> bytes:
    """A PNG with this header and these (unpacked) rows, whether they fit or not."""
    header = struct.pack("!IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))


def picture(kind: str, size: tuple[int, int] = (64, 64), **options: object) -> bytes:
    """A plain picture of a kind Pillow writes."""
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **options)
    return out.getvalue()


def many_scans(scans: int) -> bytes:
    """A progressive JPEG of 4,000 by 4,000 whose last scan is repeated."""
    plain = picture("jpeg", (4000, 4000), progressive=True, quality=90)
    last = plain.rindex(b"\xff\xda")
    scan = plain[last:-2]
    return plain[:last] + scan * scans + b"\xff\xd9"


def overlapping(copies: int) -> bytes:
    """A zip whose directory lists one packed part many times."""
    plain = zipped({"word/document.xml": b"<w/>", "a.xml": b"<a>" + b" " * 900_000 + b"</a>"})
    end = plain.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", plain[end + 16 : end + 20])[0]
    directory = plain[start:end]
    last = directory.rindex(b"PK\x01\x02")
    listed = directory + directory[last:] * copies
    count = struct.pack("<HH", 2 + copies, 2 + copies)
    return plain[:start] + listed + plain[end : end + 8] + count + struct.pack("<II", len(listed), start) + b"\0\0"


def lying_zip(told: int) -> bytes:
    """A workbook one part of which unpacks to 50 MB and says another size."""
    content = xlsx(xl__big=b"<a>" + b"\0" * 50_000_000)
    return content.replace(struct.pack("<I", 50_000_003), struct.pack("<I", told))


def laughs(depth: int, encoding: str = "utf-8") -> bytes:
    """A billion laughs in XML."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(depth))
    return f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [{entities}]><a>&e{depth - 1};</a>'.encode(encoding)


def cells(number: int, pattern: bytes = b'<c r="A%d"><v>%d</v></c>') -> bytes:
    """Cells that do not pack well."""
    return b"".join(pattern % (n * 7919 % 999_983, n * 104_729 % 999_983) for n in range(number))


def zips() -> Iterator[Hostile]:
    """Bombs, nests and zips that lie."""
    for size in (2, 20, 200, 490):
        yield Hostile("bomb.xlsx", f"a part of {size} MB of zeros", lambda size=size: xlsx(xl__bomb=b"\0" * size * 1_000_000))
        yield Hostile(
            "bomb.docx", f"a document of {size} MB of blanks", lambda size=size: docx(b"<w>" + b" " * size * 1_000_000 + b"</w>")
        )
    yield Hostile(
        "many.docx",
        "70,000 empty parts",
        lambda: zipped({"word/document.xml": b"<w/>", **{f"p/{n}": b"" for n in range(20_000)}}),
    )
    yield Hostile("overlap.docx", "one part listed 400 times", lambda: overlapping(400))
    yield Hostile("overlap.docx", "one part listed 9,000 times", lambda: overlapping(9_000))
    for told in (100, 0, 0xFFFFFFF0):
        yield Hostile("liar.xlsx", f"50 MB that say they are {told}", lambda told=told: lying_zip(told))
    yield Hostile(
        "nest.docx",
        "a zip in a zip in a zip",
        lambda: docx(b"<w/>", word__a_zip=zipped({"a.zip": zipped({"b.zip": b"x" * 999})})),
    )
    yield Hostile("nest.xlsx", "a workbook in a workbook, ten deep", _workbooks_within)
    yield Hostile(
        "slip.docx", "parts that lead outside", lambda: zipped({"word/document.xml": b"<w/>", "../../etc/passwd": b"x"})
    )
    yield Hostile("slip.xlsx", "an absolute part", lambda: zipped({"xl/workbook.xml": BOOK, "/etc/passwd": b"x"}))
    yield Hostile(
        "bzip.docx",
        "packed with bzip2",
        lambda: zipped({"word/document.xml": b"<w>" + b" " * 40_000_000 + b"</w>"}, zipfile.ZIP_BZIP2),
    )
    yield Hostile(
        "lzma.docx",
        "packed with LZMA",
        lambda: zipped({"word/document.xml": b"<w>" + b" " * 40_000_000 + b"</w>"}, zipfile.ZIP_LZMA),
    )
    yield Hostile("cut.xlsx", "cut off in its middle", lambda: padded_xlsx(W + W_END, 100_000)[:60_000])
    yield Hostile("tail.xlsx", "a megabyte after its end", lambda: xlsx() + b"PK\x05\x06" * 250_000)
    yield Hostile("comment.docx", "a comment of 65,535 ends", lambda: docx(b"<w/>")[:-2] + b"\xff\xff" + b"PK\x05\x06\0" * 13_107)
    yield Hostile(
        "names.docx",
        "names of 60,000 letters",
        lambda: zipped({"word/document.xml": b"<w/>", **{f"{n}{'a/' * 30_000}": b"" for n in range(30)}}),
    )
    yield Hostile(
        "macros.docx",
        "a macro in disguise",
        lambda: docx(b"<w/>", word__vbaProject_bin=b"x", **{"word__vbaProject.bin": b"macro"}),
    )


def _workbooks_within() -> bytes:
    content = xlsx()
    for _ in range(10):
        content = zipped(
            {
                "xl/workbook.xml": BOOK,
                "xl/_rels/workbook.xml.rels": RELS,
                "xl/worksheets/sheet1.xml": W + W_END,
                "xl/embeddings/b.xlsx": content,
            }
        )
    return content


def xml() -> Iterator[Hostile]:
    """XML that is quadratic, deep, wide or expands."""
    for size in (400, 1_082, 100_000, 900_000):
        yield Hostile("slide.pptx", f"{size} bytes of <p:sld", lambda size=size: pptx((b"<p:sld " * (size // 7 + 1))[:size]))
    yield Hostile("slides.pptx", "9,000 hidden slides", lambda: pptx(b'<p:sld show="0"/>', 9_000))
    yield Hostile("ins.docx", "<w:ins without end", lambda: docx(b"<w:ins" * 150_000))
    yield Hostile("tracked.odt", "<text:tracked-changes without end", lambda: odf("text", b"<text:tracked-changes " * 45_000))
    for depth in (250, 5_000, 300_000):
        yield Hostile("deep.xlsx", f"{depth} deep", lambda depth=depth: xlsx(b"<a>" * depth + b"</a>" * depth))
        yield Hostile("deep.docx", f"{depth} deep", lambda depth=depth: docx(b"<a>" * depth + b"</a>" * depth))
        yield Hostile("deep.ods", f"{depth} deep", lambda depth=depth: odf("spreadsheet", b"<a>" * depth + b"</a>" * depth))
    yield Hostile("deep.xlsx", "six million deep, kept under the ratio", lambda: padded_xlsx(b"<a>" * 6_000_000, 900_000))
    for depth in (4, 10):
        for encoding in ("utf-8", "utf-16"):
            yield Hostile("laughs.docx", f"entities {depth} deep in {encoding}", lambda d=depth, e=encoding: docx(laughs(d, e)))
    yield Hostile("laughs.xlsx", "entities in a part nobody reads", lambda: xlsx(xl__styles=laughs(9)))
    yield Hostile("laughs.ods", "entities in a manifest", lambda: odf("spreadsheet", b"<a/>", laughs(9)))
    yield Hostile(
        "outside.docx", "an external entity", lambda: docx(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')
    )
    yield Hostile("dtd.docx", "an external definition", lambda: docx(b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>'))
    yield Hostile(
        "wide.xlsx", "200,000 attributes", lambda: xlsx(b"<a " + b"".join(b'a%d="" ' % n for n in range(200_000)) + b"/>")
    )
    yield Hostile(
        "word.xlsx", "one attribute of 30 MB", lambda: padded_xlsx(b'<a b="' + noise(15_000_000).hex().encode() + b'"/>', 10)
    )
    yield Hostile(
        "comment.docx", "one comment of 40 MB", lambda: docx(b"<a><!--" + noise(20_000_000).hex().encode() + b"--></a>")
    )
    yield Hostile("cdata.docx", "40 MB of text", lambda: docx(b"<a><![CDATA[" + noise(20_000_000).hex().encode() + b"]]></a>"))
    yield Hostile(
        "names.docx",
        "a million names",
        lambda: docx(b"<a>" + b"".join(b"<n%x/>" % (n * 7919) for n in range(1_000_000)) + b"</a>"),
    )
    yield Hostile(
        "spaces.docx",
        "a million namespaces",
        lambda: docx(b"<a>" + b"".join(b'<b xmlns:n%d="u"/>' % n for n in range(1_000_000)) + b"</a>"),
    )


def sheets() -> Iterator[Hostile]:
    """Workbooks with more than a person could use."""
    yield Hostile("cells.xlsx", "12 million cells", lambda: xlsx(W + b"<row>" + b"<c/>" * 12_000_000 + b"</row>" + W_END))
    yield Hostile(
        "cells.xlsx",
        "12 million cells under the ratio",
        lambda: padded_xlsx(W + b"<row>" + b"<c/>" * 12_000_000 + b"</row>" + W_END, 600_000),
    )
    yield Hostile(
        "cells.xlsx", "three million cells that do not pack", lambda: xlsx(W + b"<row>" + cells(3_000_000) + b"</row>" + W_END)
    )
    yield Hostile("rows.xlsx", "two million rows", lambda: padded_xlsx(W + b"<row/>" * 2_000_000 + W_END, 200_000))
    yield Hostile(
        "far.xlsx",
        "a cell in the last column of the last row",
        lambda: xlsx(W + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + W_END),
    )
    yield Hostile(
        "far.xlsx",
        "a row numbered beyond all counting",
        lambda: xlsx(W + b'<row r="99999999999999"><c r="A99999999999999"><v>1</v></c></row>' + W_END),
    )
    yield Hostile(
        "dim.xlsx",
        "a dimension of everything",
        lambda: xlsx(W.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>') + W_END),
    )
    yield Hostile(
        "cols.xlsx",
        "a column as wide as a number goes",
        lambda: xlsx(b'<w><cols><col min="1" max="9999999999999999" hidden="1"/></cols></w>'),
    )
    yield Hostile(
        "cols.xlsx", "a column that is no number", lambda: xlsx(b'<w><cols><col min="x" max="y" hidden="1"/></cols></w>')
    )
    yield Hostile(
        "strings.xlsx",
        "two million shared strings",
        lambda: xlsx(xl__sharedStrings=b"<sst>" + b"<si><t>a</t></si>" * 2_000_000 + b"</sst>"),
    )
    yield Hostile("styles.xlsx", "a million styles", lambda: padded_xlsx(b"<w>" + b"<xf/>" * 1_000_000 + b"</w>", 100_000))
    yield Hostile(
        "sheets.xlsx",
        "20,000 sheets",
        lambda: zipped({"xl/workbook.xml": b"<w>" + b'<sheet name="s"/>' * 20_000 + b"</w>", "xl/_rels/workbook.xml.rels": RELS}),
    )
    yield Hostile(
        "loop.xlsx",
        "a sheet that is the workbook",
        lambda: zipped(
            {"xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": RELS.replace(b"worksheets/sheet1", b"worksheets/../workbook")}
        ),
    )
    yield Hostile(
        "repeat.ods",
        "one row repeated a billion times",
        lambda: odf("spreadsheet", b'<t:table t:name="a"><t:table-row t:number-rows-repeated="1000000000"/></t:table>'),
    )
    yield Hostile(
        "cells.ods", "eleven million cells", lambda: odf("spreadsheet", b"<t>" + b"<table-cell/>" * 11_000_000 + b"</t>")
    )
    yield Hostile(
        "cells.ods",
        "three million cells that do not pack",
        lambda: odf(
            "spreadsheet", b"<t><table-row>" + cells(3_000_000, b'<table-cell v="%d">%d</table-cell>') + b"</table-row></t>"
        ),
    )


def pdfs() -> Iterator[Hostile]:
    """PDFs that take for ever, or run."""
    for depth, times in ((4, 10), (8, 10), (11, 12), (30, 2), (200, 10), (3000, 1)):
        yield Hostile("forms.pdf", f"forms {depth} deep, each drawn {times} times", lambda d=depth, t=times: nested_forms(d, t))
    yield Hostile(
        "loop.pdf",
        "a form that draws itself",
        lambda: page(
            b"/F Do",
            resources=b"<</XObject<</F 5 0 R>>>>",
            more=[stream(b"/F Do /F Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>")],
        ),
    )
    for box in (
        b"[0 0 99999999 99999999]",
        b"[0 0 1 99999999]",
        b"[0 0 0 0]",
        b"[0 0 -9 -9]",
        b"[(a) (b) (c) (d)]",
        b"[0 0 1e38 1e38]",
    ):
        yield Hostile("box.pdf", f"a page of {box.decode()}", lambda box=box: page(b"0 0 9 9 re f", box=box))
    yield Hostile("bomb.pdf", "a page that unpacks to 400 MB", lambda: page(stream(b" " * 400_000_000, packed=True)))
    yield Hostile(
        "bombs.pdf",
        "a page that unpacks three times over",
        lambda: page(stream(zlib.compress(zlib.compress(b" " * 300_000_000, 9), 9), b"/Filter[/FlateDecode/FlateDecode]")),
    )
    yield Hostile(
        "filters.pdf",
        "a chain of 5,000 filters",
        lambda: page(stream(b"00" * 99, b"/Filter[" + b"/ASCIIHexDecode" * 5_000 + b"]")),
    )
    yield Hostile(
        "jbig2.pdf", "a JBIG2 of four billion rows", lambda: _pdf_picture(b"/Filter/JBIG2Decode", noise(900), 65_000, 65_000)
    )
    yield Hostile(
        "jpx.pdf",
        "a JPEG 2000 of noise",
        lambda: _pdf_picture(b"/Filter/JPXDecode", b"\0\0\0\x0cjP  \r\n\x87\n" + noise(900), 60_000, 60_000),
    )
    yield Hostile(
        "dct.pdf",
        "a JPEG within that is as large as can be",
        lambda: _pdf_picture(b"/Filter/DCTDecode", picture("jpeg", (1, 1)), 65_000, 65_000),
    )
    yield Hostile(
        "ccitt.pdf",
        "a fax of a million columns",
        lambda: _pdf_picture(
            b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 999999/Rows 999999>>", noise(900), 999_999, 999_999
        ),
    )
    yield Hostile(
        "flate.pdf",
        "a picture that unpacks to 300 MB",
        lambda: _pdf_picture(b"/Filter/FlateDecode", zlib.compress(b"\0" * 300_000_000, 9), 10_000, 30_000),
    )
    yield Hostile("runs.pdf", "run lengths without end", lambda: page(stream(b"\x81 " * 2_000_000, b"/Filter/RunLengthDecode")))
    yield Hostile(
        "objects.pdf",
        "an object stream that unpacks to 300 MB",
        lambda: page(b"f", more=[stream(b"6 0 " + b"[" * 300_000_000, b"/Type/ObjStm/N 1/First 4", packed=True)]),
    )
    yield Hostile("objects.pdf", "1,200,000 objects", lambda: page(b"f", more=[b"null"] * 1_200_000))
    yield Hostile(
        "xref.pdf",
        "a table that follows itself",
        lambda: pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"], tail=b"/Prev 9"),
    )
    yield Hostile("xref.pdf", "a table of nine billion entries", lambda: page(b"f").replace(b"xref\n0 5", b"xref\n0 9999999999"))
    yield Hostile(
        "pages.pdf",
        "pages that are their own children",
        lambda: pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]),
    )
    yield Hostile(
        "pages.pdf",
        "a hundred thousand pages",
        lambda: pdf(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Count 100000/Kids[" + b"3 0 R " * 100_000 + b"]>>",
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
            ]
        ),
    )
    yield Hostile("count.pdf", "two billion pages, it says", lambda: page(b"f").replace(b"/Count 1", b"/Count 2147483647"))
    yield Hostile("deep.pdf", "arrays 100,000 deep", lambda: page(b"f", more=[b"[" * 100_000 + b"]" * 100_000]))
    yield Hostile("deep.pdf", "dictionaries 50,000 deep", lambda: page(b"f", more=[b"<</A" * 50_000 + b" 1" + b">>" * 50_000]))
    yield Hostile("saves.pdf", "ten million saved states", lambda: page(stream(b"q " * 10_000_000, packed=True)))
    yield Hostile(
        "paths.pdf",
        "a path of two million curves",
        lambda: page(stream(b"0 0 m " + b"9 9 99 1 500 800 c 0 0 l " * 1_000_000 + b"S", packed=True)),
    )
    yield Hostile(
        "dashes.pdf", "a line of a billion dashes", lambda: page(b"[.00001] 0 d 0 0 m 595 842 l S 9 w 0 842 m 595 0 l S")
    )
    yield Hostile(
        "pattern.pdf",
        "a pattern of points",
        lambda: page(
            b"/Pattern cs /P scn 0 0 595 842 re f",
            resources=b"<</Pattern<</P 5 0 R>>>>",
            more=[
                stream(
                    b"0 0 1 1 re f",
                    b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 .01 .01]/XStep .01/YStep .01/Resources<<>>",
                )
            ],
        ),
    )
    yield Hostile(
        "shade.pdf",
        "a shading by a function of a million samples",
        lambda: page(
            b"/S sh",
            resources=b"<</Shading<</S<</ShadingType 1/ColorSpace/DeviceGray/Domain[0 9999 0 9999]/Function 5 0 R>>>>>>",
            more=[stream(b"{" + b"dup mul " * 100_000 + b"}", b"/FunctionType 4/Domain[0 9999 0 9999]/Range[0 1]")],
        ),
    )
    yield Hostile(
        "font.pdf",
        "a font of noise",
        lambda: page(
            b"BT /F 99 Tf (aaaa) Tj ET",
            resources=b"<</Font<</F<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor<</Type/FontDescriptor/FontName/A/Flags 4/FontFile2 5 0 R>>>>>>>>",
            more=[stream(b"\0\1\0\0" + noise(200_000))],
        ),
    )
    yield Hostile(
        "type3.pdf",
        "letters that draw themselves",
        lambda: page(
            b"BT /F 9 Tf (" + b"a" * 10_000 + b") Tj ET",
            resources=b"<</Font<</F 5 0 R>>>>",
            more=[
                b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 97/LastChar 97/Widths[9]/Encoding<</Differences[97/a]>>/CharProcs<</a 6 0 R>>/Resources<</Font<</F 5 0 R>>>>>>",
                stream(b"9 0 d0 BT /F 9 Tf (aaaa) Tj ET"),
            ],
        ),
    )
    yield Hostile(
        "script.pdf",
        "a script on opening",
        lambda: pdf(
            [
                b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(x)>>>>",
                b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
            ]
        ),
    )
    yield Hostile(
        "launch.pdf",
        "a program on opening",
        lambda: pdf(
            [
                b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(cmd.exe)>>>>",
                b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
            ]
        ),
    )
    yield Hostile(
        "broken.pdf", "ten megabytes of half an object", lambda: b"%PDF-1.7\n" + b"1 0 obj <<" * 1_000_000 + b"\n%%EOF\n"
    )
    yield Hostile("broken.pdf", "ten megabytes of noise", lambda: b"%PDF-1.7\n" + noise(10_000_000) + b"\n%%EOF\n")


def _pdf_picture(filters: bytes, content: bytes, width: int, height: int) -> bytes:
    extra = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8" % (width, height)
    return page(b"500 0 0 500 0 0 cm /I Do", resources=b"<</XObject<</I 5 0 R>>>>", more=[stream(content, extra + filters)])


def pictures() -> Iterator[Hostile]:
    """Pictures far larger than their files, and pictures that are something else."""
    for width, height in ((65_000, 65_000), (20_000, 20_000), (2_000_000_000, 2_000_000_000), (1, 2_000_000_000), (0, 9)):
        yield Hostile("huge.png", f"{width} by {height}", lambda w=width, h=height: png(w, h, b"\0" * 1_000_000))
    yield Hostile("large.png", "99 million pixels", lambda: png(9_900, 10_000, b"\0" * (9_901 * 10_000)))
    yield Hostile(
        "deep.png", "99 million pixels of eight bytes", lambda: png(9_900, 10_000, b"\0" * (79_201 * 10_000), colour=6, depth=16)
    )
    yield Hostile("laced.png", "interlaced, 90 million pixels", lambda: png(9_000, 10_000, b"\0" * 95_000_000, interlaced=1))
    yield Hostile("bomb.png", "900 MB of rows for a picture of 9 pixels", lambda: png(3, 3, b"\0" * 300_000_000))
    yield Hostile(
        "text.png",
        "a text that unpacks to 300 MB",
        lambda: png(3, 3, b"\0" * 12, more=chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * 300_000_000, 9))),
    )
    yield Hostile(
        "profile.png",
        "a profile that unpacks to 300 MB",
        lambda: png(3, 3, b"\0" * 12, more=chunk(b"iCCP", b"a\0\0" + zlib.compress(b"a" * 300_000_000, 9))),
    )
    yield Hostile("chunks.png", "a million chunks", lambda: png(3, 3, b"\0" * 12, more=chunk(b"tEXt", b"a\0b") * 1_000_000))
    yield Hostile(
        "exif.png",
        "EXIF that points at itself",
        lambda: png(3, 3, b"\0" * 12, more=chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\1\x88\x25\0\4\0\0\0\1\0\0\0\x08\0\0\0\x08")),
    )
    yield Hostile("part.png", "half its pixels", lambda: png(1_000, 1_000, b"\0" * 500_000))
    yield Hostile("huge.jpg", "65,000 by 65,000", lambda: _resized(picture("jpeg"), 65_000, 65_000))
    yield Hostile("large.jpg", "10,000 by 9,900 in 1 MB", lambda: picture("jpeg", (10_000, 9_900)))
    yield Hostile("steps.jpg", "64 million pixels, step by step", lambda: picture("jpeg", (8_000, 8_000), progressive=True))
    for scans in (10, 1_000, 20_000):
        yield Hostile("scans.jpg", f"{scans} scans", lambda scans=scans: many_scans(scans))
    yield Hostile("noise.jpg", "a JPEG of noise", lambda: b"\xff\xd8\xff\xe0" + noise(3_000_000) + b"\xff\xd9")
    for kind in ("gif", "tiff", "webp", "bmp"):
        yield Hostile("other.png", f"a {kind} called a PNG", lambda kind=kind: picture(kind, (3_000, 3_000)))
        yield Hostile(f"other.{kind}", f"a {kind}", lambda kind=kind: picture(kind, (30, 30)))
    yield Hostile("zip.jpg", "a picture and a zip", lambda: picture("jpeg") + docx(b"<w/>"))
    yield Hostile("html.png", "a picture and a web page", lambda: picture("png") + b"<html><script>alert(1)</script>")


def _resized(jpeg: bytes, width: int, height: int) -> bytes:
    frame = jpeg.index(b"\xff\xc0")
    return jpeg[: frame + 5] + struct.pack("!HH", height, width) + jpeg[frame + 9 :]


def texts() -> Iterator[Hostile]:
    """Tables and texts: giant lines, giant cells, packed and deep."""
    yield Hostile("line.csv", "one line of 50 MB", lambda: b"a,b\n" + b"x" * 50_000_000)
    yield Hostile("commas.csv", "one line of 20 million commas", lambda: b"a,b\n" + b"," * 20_000_000)
    yield Hostile("commas.csv", "100,000 lines of 500 commas", lambda: b"a,b\n" + (b"," * 500 + b"\n") * 100_000)
    yield Hostile("quote.csv", "a quote that never ends", lambda: b'a,b\n"' + b"x\n" * 20_000_000)
    yield Hostile("quotes.csv", "40 million quotes", lambda: b"a,b\n" + b'"' * 40_000_000)
    yield Hostile("rows.csv", "20 million rows", lambda: b"a\n" + b"1\n" * 20_000_000)
    yield Hostile("blank.csv", "40 million blank lines", lambda: b"\n" * 40_000_000)
    yield Hostile("nul.csv", "a table of NULs", lambda: b"a,b\n1,2\n" * 9_000 + b"\0" * 20_000_000)
    yield Hostile("utf16.csv", "half a letter", lambda: b"\xff\xfe" + b"a\0,\0" * 5_000_000 + b"\xd8")
    yield Hostile("bad.csv", "20 MB of no encoding", lambda: b"a,b\n" + b"\x81\x8d\x8f\x90\x9d,\n" * 3_000_000)
    yield Hostile("formula.csv", "formulas", lambda: b"a,b\n=cmd|' /C calc'!A0,@SUM(1)\n" * 1_000)
    yield Hostile("gzip.csv", "gzip called a table", lambda: gzip.compress(b"\0" * 200_000_000))
    yield Hostile("text.txt", "one line of 50 MB", lambda: b"x" * 50_000_000)
    yield Hostile("bidi.txt", "letters that turn the line about", lambda: "\u202e".encode() * 5_000_000)
    for name, opening in (("json", b"["), ("geojson", b'{"type":"GeometryCollection","geometries":[')):
        yield Hostile(f"deep.{name}", f"{name} a million deep", lambda o=opening: o * 1_000_000)
        yield Hostile(f"{name}.txt", f"{name} a million deep, called text", lambda o=opening: o * 1_000_000)
    yield Hostile("page.txt", "a web page", lambda: b"<html><script>alert(1)</script>" * 1_000)
    yield Hostile("script.txt", "a script", lambda: b"#!/bin/sh\nrm -rf /\n")
    yield Hostile("run.csv", "a program called a table", lambda: b"MZ" + noise(1_000_000))


def hostile_set() -> list[Hostile]:
    """All of them."""
    return [one for kind in (zips, xml, sheets, pdfs, pictures, texts) for one in kind()]
