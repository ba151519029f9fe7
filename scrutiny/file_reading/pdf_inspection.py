"""A PDF somebody sent, looked into without showing it: whole, unlocked, and with nothing in it that runs or hides."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, cast

import pikepdf

from scrutiny.file_reading.file_warnings import FileWarning, Kind
from workflows.refusals import Refused, Sentence

# Ends that are right have %%EOF in the last kilobyte (ISO 32000-1, 7.5.5), before what archives pad a file with.
TAIL = 2048
PADDING = b"\x00\t\n\x0c\r \x1a"
RUNS = {
    "/JavaScript": Sentence("carries a script (JavaScript)"),
    "/Launch": Sentence("starts another program"),
    "/SubmitForm": Sentence("sends what is typed in it elsewhere"),
    "/ImportData": Sentence("reads other files when it is opened"),
    "/GoToE": Sentence("opens a file hidden inside it"),
    "/RichMediaExecute": Sentence("plays an embedded program"),
}
MOST_PAGES, MOST_OBJECTS = 20_000, 1_000_000
# Drawing programs nest a handful of forms; each level can multiply the work of the one below.
MOST_NESTED = 12
MOST_NAMED = 3
#: Annotations that are no notes: their contents are an alternative text, or what stands in a field (ISO 32000-1, 12.5.6).
NO_NOTES = ("/Link", "/Widget", "/Screen", "/PrinterMark", "/TrapNet", "/Watermark", "/3D", "/Movie", "/Sound")
Key = tuple[int, int]
#: Looks at a file within the file, by its name and bytes; raises Refused where it may not be handed on.
Check = Callable[[str, bytes], object]
PRINT_AGAIN = Sentence("Print it to a new PDF and send that.")
PIECE = 65_536


def inspect_pdf(file: IO[bytes], size: int, check: Check) -> tuple[int, tuple[FileWarning, ...]]:
    """The number of pages, and warnings. Refusals are sentences without their subject. `check` looks at files inside it."""
    end = _end_of_content(file, size)
    file.seek(max(end - TAIL, 0))
    if b"%%EOF" not in file.read(end - file.tell()):
        if _has_an_end(file):
            raise Refused("has something else after its end. %(print_again)s", print_again=PRINT_AGAIN)
        raise Refused(
            "is cut short: its end is missing. Send it again. If it opens on your computer, print it to a new PDF and send that."
        )
    if zipfile.is_zipfile(file):
        raise Refused("is a PDF and a zip file in one. %(print_again)s", print_again=PRINT_AGAIN)
    file.seek(0)
    try:
        with pikepdf.open(cast(BinaryIO, file)) as pdf:  # bound to a name: pikepdf's views crash once their Pdf is gone
            return _looked_through(pdf, check)
    except pikepdf.PasswordError:
        raise Refused("is protected with a password. Save it without one and send that.") from None
    except (pikepdf.PdfError, ValueError, RecursionError, TypeError, OSError):
        raise Refused("is damaged and cannot be read. %(print_again)s", print_again=PRINT_AGAIN) from None


def _end_of_content(file: IO[bytes], size: int) -> int:
    """Where a file ends without the noughts and blanks it is padded with."""
    end = size
    while end > 0:
        start = max(end - PIECE, 0)
        file.seek(start)
        piece = file.read(end - start).rstrip(PADDING)
        end = start + len(piece)
        if piece:
            break
    return end


def _has_an_end(file: IO[bytes]) -> bool:
    """Whether the mark of a PDF's end stands anywhere in the file."""
    file.seek(0)
    before = b""
    while piece := file.read(PIECE):
        if b"%%EOF" in before + piece:
            return True
        before = piece[-4:]
    return False


def _looked_through(pdf: pikepdf.Pdf, check: Check) -> tuple[int, tuple[FileWarning, ...]]:
    if pdf.is_encrypted:
        raise Refused("is protected (encrypted), so others could not search or keep it. %(print_again)s", print_again=PRINT_AGAIN)
    if not len(pdf.pages):
        raise Refused("has no pages. Open it to see, and send it again.")
    if len(pdf.pages) > MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
        raise Refused(
            "holds more than %(most_pages)s pages or %(most_objects)s objects. Send it in parts.",
            most_pages=f"{MOST_PAGES:,}",
            most_objects=f"{MOST_OBJECTS:,}",
        )
    within: dict[Key, list[Key]] = {}
    inside: dict[str, None] = {}
    notes = redactions = 0
    for node in _dictionaries(pdf):
        _refuse_what_runs(node)
        notes += _is_note(node)
        redactions += node.get("/Subtype") == "/Redact"
        inside |= dict.fromkeys(_files_in(node, check))
        if node.is_indirect and isinstance(node, pikepdf.Stream) and node.get("/Subtype") == "/Form":
            within[node.objgen] = _drawn_by(node)
    _refuse_deep_forms(within)
    warnings = [FileWarning(Kind.FILES_INSIDE, _told(list(inside)))] if inside else []
    if notes:
        noun = "a note" if notes == 1 else f"{notes:,} notes"
        warnings.append(FileWarning(Kind.COMMENTS, f"It has {noun} on its pages."))
    if redactions:
        words = "Parts are marked to be redacted, but what stands there can still be read."
        warnings.append(FileWarning(Kind.HIDDEN_TEXT, words))
    if _has_hidden_layers(pdf):
        warnings.append(FileWarning(Kind.HIDDEN_TEXT, "It has layers that are not shown."))
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        words = "It is an interactive form: others may see an empty page. Print it to a new PDF to be sure."
        warnings.append(FileWarning(Kind.INTERACTIVE_FORM, words))
    return len(pdf.pages), tuple(warnings)


def _is_note(node: pikepdf.Object) -> bool:
    """Whether this is an annotation with words of its own."""
    if "/Rect" not in node.keys() or str(node.get("/Subtype", "")) in NO_NOTES:  # noqa: SIM118  a pikepdf object is no mapping
        return False
    return any(isinstance(words := node.get(key), pikepdf.String) and str(words).strip() for key in ("/Contents", "/RC"))


def _has_hidden_layers(pdf: pikepdf.Pdf) -> bool:
    """Whether a layer is off when the file is opened."""
    layers = pdf.Root.get("/OCProperties")
    shown = layers.get("/D") if isinstance(layers, pikepdf.Dictionary) else None
    if not isinstance(shown, pikepdf.Dictionary):
        return False
    off = shown.get("/OFF")
    return str(shown.get("/BaseState", "")) == "/OFF" or (isinstance(off, pikepdf.Array) and len(off) > 0)


def _refuse_what_runs(node: pikepdf.Object) -> None:
    """Refuse actions and films that run; a destination to open at, which most PDFs have, is harmless."""
    keys = node.keys()
    if "/JS" in keys:
        raise Refused("%(runs)s. %(print_again)s", runs=RUNS["/JavaScript"], print_again=PRINT_AGAIN)
    if "/S" in keys and (does := RUNS.get(str(node["/S"]))):
        raise Refused("%(does)s. %(print_again)s", does=does, print_again=PRINT_AGAIN)
    if "/RichMediaContent" in keys:
        raise Refused("has a film or program inside it. %(print_again)s", print_again=PRINT_AGAIN)


def _files_in(node: pikepdf.Object, check: Check) -> Iterator[str]:
    """The names of the files that a PDF carries here, as reports and invoices do (PDF/A-3); each is looked at by itself."""
    held = node.get("/EF")
    if not isinstance(held, pikepdf.Dictionary):
        return
    name = str(node.get("/UF") or node.get("/F") or "a file")
    for _, stream in held.items():
        if not isinstance(stream, pikepdf.Stream):
            continue
        try:
            check(name, stream.read_bytes())
        except Refused:
            raise Refused(
                "has a file inside it that cannot be taken (%(name)s). %(print_again)s", name=name[:80], print_again=PRINT_AGAIN
            ) from None
        yield name[:80]


def _told(names: list[str]) -> str:
    """Which files a PDF carries, as its sender should know."""
    listed = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
    return f"It has other files inside it: {listed}. Whoever opens it can read them."


def _drawn_by(form: pikepdf.Object) -> list[Key]:
    """The objects that a form may draw within itself."""
    resources = form.get("/Resources")
    named = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    return [value.objgen for _, value in named.items()] if isinstance(named, pikepdf.Dictionary) else []


def _refuse_deep_forms(within: dict[Key, list[Key]]) -> None:
    """Refuse forms within forms beyond use: each may be drawn many times in the next, so that a page takes for ever."""
    level = dict.fromkeys(within, 0)
    for _ in range(MOST_NESTED):
        deeper = {key: max((level[inner] + 1 for inner in inners if inner in level), default=0) for key, inners in within.items()}
        if deeper == level:
            return
        level = deeper
    raise Refused(
        "has drawings within drawings, more than %(most_nested)s deep. %(print_again)s",
        most_nested=MOST_NESTED,
        print_again=PRINT_AGAIN,
    )


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary in the file, whether an object of its own or written inside another."""
    for thing in pdf.objects:
        waiting = [thing]
        while waiting:
            node = waiting.pop()
            if isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
                yield node
                # Indirect values come by themselves, as objects of their own.
                waiting += [value for _, value in node.items() if _is_written_here(value)]
            elif isinstance(node, pikepdf.Array):
                waiting += [value for value in node if _is_written_here(value)]


def _is_written_here(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect
