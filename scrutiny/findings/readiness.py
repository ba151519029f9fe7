"""What a finding still lacks before it may be proposed, and where a judgement belongs under a method; pure."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext

from scrutiny.findings.models import Citation, Finding
from workflows.method import Judgement, Method
from workflows.scoring import Score, score_of

#: States in which the words and citations of a finding may change.
OPEN = ("drafted", "proposed")


def takes_judgement(scale: Judgement, overall: bool) -> bool:
    """Whether a finding carries a judgement on this scale: where the scale is the area's, only the overall finding."""
    return bool(scale.options) and (scale.per != "area" or overall)


def may_be_overall(scale: Judgement) -> bool:
    """Whether a method knows one finding that judges the whole area."""
    return bool(scale.options) and scale.per == "area"


def lacks(finding: Finding, scale: Judgement) -> list[str]:
    """What is missing, each as a sentence that says what to do; nothing where it may be proposed."""
    missing = []
    if not finding.text.strip():
        missing.append(gettext("It says nothing yet: write the finding"))
    if not finding.lines:
        missing.append(gettext("Choose at least one line of enquiry"))
    if not finding.citations:
        missing.append(gettext("It rests on no evidence: cite what an agency sent, with the words you rely on"))
    if takes_judgement(scale, finding.overall) and not finding.judgement:
        missing.append(gettext("It gives no %(word)s: choose one on the method’s scale", word=scale.word.lower()))
    return missing


def score_so_far(findings: Iterable[Finding], method: Method) -> Score | None:
    """The sum of scored statements, each line of enquiry judged by its newest finding still standing; None on other scales."""
    if method.judgement.kind != "score":
        return None
    statements = tuple(line.key for line in method.lines)
    scale = {option.key for option in method.judgement.options}  # a finding may carry a judgement of an older edition
    standing = [one for one in findings if one.state != "withdrawn" and one.judgement in scale]
    standing.sort(key=lambda one: one.number)
    given = {line.key: one.judgement for one in standing for line in one.lines if line.key in statements}
    return score_of(method.judgement, statements, given)


def where(citation: Citation) -> str:
    """Where the words stand: 'Plan.pdf, page 3', 'Figures.xlsx, Sheet1!B7', or 'the written answer'."""
    if citation.file is None:
        return gettext("the written answer")
    place = (
        gettext("page %(page)s", page=citation.page)
        if citation.page
        else cell_words(citation.cell, citation.row_head, citation.column_head)
    )
    return f"{citation.file.name}, {place}" if place else citation.file.name


def cell_words(cell: str, row: str, column: str) -> str:
    """A cell by what heads its row and column, which a reader knows it by, and its address: 'B7' where nothing heads it."""
    if row and column:
        return gettext("row “%(row)s”, column “%(column)s” (%(cell)s)", row=row, column=column, cell=cell)
    if row:
        return gettext("row “%(row)s” (%(cell)s)", row=row, cell=cell)
    return gettext("column “%(column)s” (%(cell)s)", column=column, cell=cell) if column else cell
