"""What is wrong with a PDF: the machine-checkable rules of PDF/A-3a and PDF/UA-1, and three they leave out."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from typing import Any

import page
import pikepdf


def faults_of(pdf: bytes) -> list[str]:
    """Every broken rule, in words; an empty list is a file that may be released."""
    found = []
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        found += [f"{failure.rule_id}: {failure.message}" for failure in report.failures]
    with pikepdf.open(io.BytesIO(pdf)) as opened:  # bound to a name, else pikepdf's trees outlive it and crash
        return found + list(_unseen_by_the_validator(opened))


def _unseen_by_the_validator(pdf: pikepdf.Pdf) -> Iterator[str]:
    tags = list(_tags(pdf.Root.StructTreeRoot))
    headings = [kind for kind, _ in tags if kind in ("H1", "H2", "H3", "H4", "H5", "H6")]
    if headings.count("H1") != 1:
        yield f"{headings.count('H1')} first headings (H1)"
    for above, below in itertools.pairwise(headings):
        if int(below[1]) > int(above[1]) + 1:
            yield f"{above} is followed by {below}"
    for kind, element in tags:
        if kind == "Table" and not any(inner == "TH" for inner, _ in _tags(element)):
            yield "a table without headings (TH)"


def _tags(element: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    """Every structure element under this one, in reading order."""
    children: Any = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield str(child.S).removeprefix("/"), child
            yield from _tags(child)
