"""A PDF somebody sent, looked into without showing it: whole, unlocked, and with nothing in it that runs or hides."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

import pikepdf

from workflows.refusals import Refused

# Ends that are right have %%EOF in the last kilobyte (ISO 32000-1, 7.5.5); twice that forgives a mail gateway's padding.
TAIL = 2048
RUNS = {
    "/JavaScript": "carries a script (JavaScript)",
    "/Launch": "starts another program",
    "/SubmitForm": "sends what is typed in it elsewhere",
    "/ImportData": "reads other files when it is opened",
    "/GoToE": "opens a file hidden inside it",
    "/RichMediaExecute": "plays an embedded program",
}
MOST_PAGES, MOST_OBJECTS = 20_000, 1_000_000
# Drawing programs nest a handful of forms; each level can multiply the work of the one below.
MOST_NESTED = 12
Key = tuple[int, int]
PRINT_AGAIN = "Print it to a new PDF and send that."


def inspect_pdf(file: IO[bytes], size: int) -> tuple[int, tuple[str, ...]]:
    """The number of pages, and warnings. Refusals are sentences without their subject."""
    file.seek(max(size - TAIL, 0))
    if b"%%EOF" not in file.read(TAIL):
        raise Refused("is cut short: its end is missing. Send it again.")
    if zipfile.is_zipfile(file):
        raise Refused(f"is a PDF and a zip file in one. {PRINT_AGAIN}")
    file.seek(0)
    try:
        with pikepdf.open(cast(BinaryIO, file)) as pdf:  # bound to a name: pikepdf's views crash once their Pdf is gone
            return _looked_through(pdf)
    except pikepdf.PasswordError:
        raise Refused("is protected with a password. Save it without one and send that.") from None
    except (pikepdf.PdfError, ValueError, RecursionError, TypeError, OSError):
        raise Refused(f"is damaged and cannot be read. {PRINT_AGAIN}") from None


def _looked_through(pdf: pikepdf.Pdf) -> tuple[int, tuple[str, ...]]:
    if pdf.is_encrypted:
        raise Refused(f"is protected (encrypted), so others could not search or keep it. {PRINT_AGAIN}")
    if not len(pdf.pages):
        raise Refused("has no pages. Open it to see, and send it again.")
    if len(pdf.pages) > MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
        raise Refused(f"holds more than {MOST_PAGES:,} pages or {MOST_OBJECTS:,} objects. Send it in parts.")
    within: dict[Key, list[Key]] = {}
    for node in _dictionaries(pdf):
        _refuse_what_runs(node)
        if node.is_indirect and isinstance(node, pikepdf.Stream) and node.get("/Subtype") == "/Form":
            within[node.objgen] = _drawn_by(node)
    _refuse_deep_forms(within)
    warnings = []
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        warnings.append("It is an interactive form: others may see an empty page. Print it to a new PDF to be sure.")
    return len(pdf.pages), tuple(warnings)


def _refuse_what_runs(node: pikepdf.Object) -> None:
    """Refuse actions that run, and files within the file; a destination to open at, which most PDFs have, is harmless."""
    keys = node.keys()
    if "/JS" in keys:
        raise Refused(f"{RUNS['/JavaScript']}. {PRINT_AGAIN}")
    if "/S" in keys and (does := RUNS.get(str(node["/S"]))):
        raise Refused(f"{does}. {PRINT_AGAIN}")
    if "/EF" in keys or "/EmbeddedFiles" in keys or "/RichMediaContent" in keys:
        raise Refused("has other files inside it. Send those files by themselves, and a PDF without them.")


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
    raise Refused(f"has drawings within drawings, more than {MOST_NESTED} deep. {PRINT_AGAIN}")


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
