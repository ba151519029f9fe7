"""Figures typed one a line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scrutiny.evidence.figures import faults_in, read_figures


@pytest.mark.parametrize(
    ("line", "label", "number", "unit"),
    [
        ("Referrals: 1,204 children", "Referrals", "1204", "children"),
        ("Spend in 2025-26: £3.2 million", "Spend in 2025-26", "3.2", "£ million"),
        ("Change: -4.5 %", "Change", "-4.5", "%"),
        ("Waiting: 0", "Waiting", "0", ""),
        ("Year 2025: boys: 12", "Year 2025: boys", "12", ""),
    ],
)
def test_a_line_is_a_label_a_number_and_a_unit(line, label, number, unit):
    figure = read_figures(line)[0]
    assert (figure.label, figure.number, figure.unit) == (label, Decimal(number), unit)


def test_every_line_at_fault_is_named_and_blank_ones_are_passed_over():
    faults = faults_in("Good: 1\n\nno colon here\n: 4\nBad: lots\nTwo: 1.2.3")
    assert [fault.split(":")[0] for fault in faults] == ["Line 3", "Line 4", "Line 5", "Line 6"]
    assert "like 'Referrals in the year: 1,204 children'" in faults[0]
