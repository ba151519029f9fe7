"""A PDF somebody sent, looked into without showing it: whole, unlocked, and with nothing in it that runs or hides."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

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
PRINT_AGAIN = "Print it to a new PDF and send that."


def inspect_pdf(content: bytes) -> tuple[int, tuple[str, ...]]:
    """The number of pages, and warnings. Refusals are sentences without their subject."""
    if not re.search(rb"%%EOF\s*", content[-TAIL:]):
        raise Refused("is cut short: its end is missing. Send it again.")
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(f"is a PDF and a zip file in one. {PRINT_AGAIN}")
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:  # bound to a name: pikepdf's views crash once their Pdf is gone
            return _looked_through(pdf)
    except pikepdf.PasswordError:
        raise Refused("is protected with a password. Save it without one and send that.") from None
    except (pikepdf.PdfError, ValueError, RecursionError):
        raise Refused(f"is damaged and cannot be read. {PRINT_AGAIN}") from None


def _looked_through(pdf: pikepdf.Pdf) -> tuple[int, tuple[str, ...]]:
    if pdf.is_encrypted:
        raise Refused(f"is protected (encrypted), so others could not search or keep it. {PRINT_AGAIN}")
    if not len(pdf.pages):
        raise Refused("has no pages. Open it to see, and send it again.")
    for node in _dictionaries(pdf):
        _refuse_what_runs(node)
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
