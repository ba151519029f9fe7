"""What the plainest program makes of a published file, to hold the reader against."""

from __future__ import annotations

import csv
import gzip
import io
from decimal import Decimal
from pathlib import Path

#: The column of each file that holds its amounts, as a person finds who reads it; Darlington's and London's names differ.
AMOUNTS = ("Net Amount", "Net amount", "Amount", "Net", "Invoice Line Value (net of VAT)", "Total (excludes VAT)")


def own_sum(path: Path) -> tuple[int, int]:
    """The rows and pence of a file as the plainest program reads it: its rows with an amount, and their sum."""
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    column = next(name for name in AMOUNTS if name in rows[0])
    texts = [row[column].replace(",", "").strip() for row in rows if (row[column] or "").strip()]
    values = [-Decimal(one.strip("()")) if one.startswith("(") else Decimal(one) for one in texts]
    return len(values), int(sum(values) * 100)
