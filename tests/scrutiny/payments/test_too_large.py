"""Amounts and numbers that nothing holds: a row is left out with its reason, a sum and a command end in a sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.file_reading.raw_tables import read_raw_file
from scrutiny.number_formats.formats import BUILT_IN, shown
from scrutiny.spend_files.reading import read_spend_file
from scrutiny.spend_files.records import Reading, Why
from scrutiny.spend_files.words import why_words
from tests.hostile.test_hostile_sheets import book
from tests.scrutiny.payments.test_loading import load as load
from tests.scrutiny.payments.test_pages import chosen, send
from workflows.refusals import Refused

HEADER = "Supplier,Date,Amount\n"
FINE = "".join(f"Acme {at} Ltd,13/04/2024,{at}.25\n" for at in range(1, 10))
TOO_LARGE = ("12345678901234567890", "-12345678901234567890.00", "1E99", "9" * 40, "(" + "9" * 60 + ".00)", "1000000000000")


@pytest.mark.parametrize("amount", TOO_LARGE)
def test_a_row_whose_amount_is_too_large_is_left_out(
    cast: SimpleNamespace, signed_in: Callable[..., FlaskClient], load: Callable[..., Any], amount: str
) -> None:
    """It ended the page and the command in a traceback, or the whole file was refused."""
    content = f"{HEADER}{FINE}Bob Ltd,14/04/2024,{amount}\n"
    status, said, err = load(content)
    assert (status, said["loaded"], [one["row"] for one in said["skipped"]]) == (0, 9, [11]), err
    assert "is too large to be an amount." in said["skipped"][0]["why"]
    page = send(signed_in("officer"), cast.ashby_council, content.encode())
    form = chosen(header_row="1", supplier="1", date="2", amount="3", load="1")
    done = signed_in("officer").post(page, data=form, follow_redirects=True)
    assert done.status_code == 200
    assert "9 payments loaded, £47.25" in done.text


def test_an_amount_that_its_title_makes_too_large_is_left_out_and_so_is_a_total() -> None:
    content = f"Supplier,Date,Amount £m\n{FINE}Bob Ltd,14/04/2024,1000000.00\n,Total,99999999999.00\n"
    found = read_spend_file(io.BytesIO(content.encode()), Reading(), date(2026, 11, 30))
    assert (found.scale, len(found.payments), found.stated_pence) == (1_000_000, 9, None)
    assert str(why_words(found.skipped[0])) == "“1000000.00” is too large to be an amount."
    assert found.skipped[0].why is Why.TOO_LARGE


def test_sums_that_nobody_spends_are_refused_and_nothing_is_kept(load: Callable[..., Any]) -> None:
    content = HEADER + "".join(f"Acme {at} Ltd,13/04/2024,9000000000{at:02}.25\n" for at in range(12))
    status, _, err = load(content)
    assert (status, "add up to more than £10,000,000,000,000" in err) == (1, True), err


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e308", "-1e308", "1e400", "5e-324"])
def test_a_workbook_with_a_number_that_is_none_is_read(number: str) -> None:
    rows = "<row>" + "".join(f'<c t="str"><v>{title}</v></c>' for title in ("Supplier", "Date", "Amount")) + "</row>"
    for amount in ("1.25", "2.25", "3.25", number):
        rows += f'<row><c t="str"><v>Acme</v></c><c t="str"><v>13/04/2024</v></c><c><v>{amount}</v></c></row>'
    found = read_spend_file(io.BytesIO(book(rows.encode()).getvalue()), Reading(), date(2026, 11, 30))
    assert found.pence == 675
    assert all(shown(1e308, code) for code in BUILT_IN.values())


@pytest.mark.parametrize("scale", ["-1", "7", "9" * 20])
def test_a_scale_that_is_none_is_told(load: Callable[..., Any], scale: str) -> None:
    status, _, err = load(HEADER + FINE, "--map", f'{{"amount": "Amount", "scale": {scale}}}')
    assert (status, "scale is 1, 1000 or 1000000" in err) == (1, True), err


def test_a_zip_in_a_zip_is_called_so() -> None:
    """1,500 deep it was called protected with a password; a workbook in a zip is read as ever."""
    content = (HEADER + FINE).encode()
    for depth in range(1, 4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as parts:
            parts.writestr("april.csv", content)
        content = out.getvalue()
        if depth > 1:
            with pytest.raises(Refused, match="holds another zip file"):
                read_raw_file(content)
        else:
            assert len(read_raw_file(content).sheets[0].rows) == 10


def numbered(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command that takes a whole number, called with one that no column holds."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from numbered(inner, *path, name)
        return
    for one in command.params:
        if isinstance(one.type, click.types.IntParamType) and not getattr(one, "is_flag", False):
            large = "9" * 20
            yield (*path, *([one.opts[0], large] if isinstance(one, click.Option) else [large]))


def test_no_command_takes_a_number_that_no_column_holds(app: Flask) -> None:
    """Each says so: none asks the database for it."""
    with app.app_context():
        calls = [call for name in app.cli.commands for call in numbered(app.cli.commands[name], name)]
    assert {("ledger", "publish", "9" * 20), ("ledger", "withdraw", "9" * 20)} <= set(calls)
    for call in calls:
        done = app.test_cli_runner().invoke(args=list(call))
        assert done.exit_code == 2, (call, done.output)
        assert isinstance(done.exception, SystemExit), (call, done.exception)
    done = app.test_cli_runner().invoke(args=["ledger", "publish", "9" * 20])
    assert "is not in the range" in done.output
