"""A method's scale of judgement: read with a default for what is missing, and what each kind of scale needs, fault by fault."""

from functools import partial

from workflows.method import JUDGEMENTS, POINTED, Band, Judgement, Option
from workflows.powers import confidence_of
from workflows.reading import Table, no_twins
from workflows.scoring import bounds_of


def read_judgement(table: Table, lines: int) -> Judgement:
    """The scale of a method that has so many lines of enquiry; faults gather in the document.

    A kind of scale not known here is read as plain grades where it has options, as no grade where it has none.
    """
    kind = table.choice("kind", JUDGEMENTS)
    scale = Judgement(
        kind=kind if kind in JUDGEMENTS else "grades" if table.data.get("options") else "none",
        per=table.choice("per", ("area", "agency", "line"), "area", otherwise="area"),
        options=table.each("options", partial(_option, pointed=kind in POINTED)),
        bands=_bands(table) if kind == "score" else (),
        confidence=confidence_of(table),
    )
    if kind == "none" and scale.options:
        table.fault("options", "there is no grade, yet options are listed", "take them out or change kind")
    if kind in JUDGEMENTS and kind != "none" and len(scale.options) < 2:
        table.fault("kind", f"a judgement of kind {kind} has fewer than two options", "head each [[judgement.options]]")
    if kind == "scale" and sorted(option.points for option in scale.options) != list(range(1, len(scale.options) + 1)):
        table.fault("options", "the points do not run 1, 2, 3 and so on", "give each option its own number, from 1 up")
    if kind == "score" and scale.options and scale.bands:
        _check_score(table, scale, lines)
    return scale


def _option(table: Table, pointed: bool) -> Option:
    """One judgement that may be given; points only where the scale is numbered or scored."""
    points = table.number("points") if pointed else 0
    return Option(table.key(), table.text("label", otherwise=str(table.data.get("key", ""))), table.text("text", ""), points)


def _bands(table: Table) -> tuple[Band, ...]:
    """The grades of a sum of points, in rising order."""
    tables = table.tables("bands", needed=True)
    bands: list[Band] = []
    for row in tables:
        band = Band(row.key(), row.text("label"), row.number("least"))
        if bands and band.least <= bands[-1].least:
            row.fault("least", f"least is {band.least}, no more than in the band before", "list the bands from the lowest sum up")
        bands.append(band)
        row.close()
    no_twins(tables)
    return tuple(bands)


def _check_score(table: Table, scale: Judgement, lines: int) -> None:
    """Scored statements: each line of enquiry is one, and every sum they can reach has a band."""
    if scale.per != "line":
        table.fault("per", f"each line of enquiry is a scored statement, but per is {scale.per!r}", 'write per = "line"')
    least, most = bounds_of(scale, lines)
    if scale.bands[0].least != least or scale.bands[-1].least > most:
        problem = f"the {lines} lines of enquiry sum to {least} at least and {most} at most, and the bands do not fit that"
        table.fault("bands", problem, f"let the lowest band begin at {least}, and none above {most}")
