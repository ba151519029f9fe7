"""What pages say of a data set: its licence, how often it comes, and how late it is."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from scrutiny.datasets.known import Dataset
from scrutiny.datasets.licences import licence_title
from scrutiny.formats import day, number
from workflows.frequency import FREQUENCIES


def licence_words(dataset: Dataset) -> str:
    """Under which licence it may be used."""
    return licence_title(dataset.licence) if dataset.licence else gettext("The source names no licence")


def punctual_words(dataset: Dataset) -> str:
    """Declared against actual: how often figures come, when the next are expected, and how late they are."""
    if dataset.punctual is None:
        return ""
    often = FREQUENCIES[dataset.punctual.frequency]
    if dataset.punctual.is_late:
        late = gettext(
            "%(often)s. We expected to publish the next figures here by %(day)s",
            often=often,
            day=day(dataset.punctual.expected_on),
        )
        return f"{late} {ngettext('(%(num)d day ago).', '(%(num)d days ago).', dataset.punctual.days_late)}"
    return gettext("%(often)s. The next figures are expected by %(day)s.", often=often, day=day(dataset.punctual.expected_on))


def size_words(count: int, rows: int) -> str:
    """How large a table is."""
    return ngettext(
        "%(rows)s row, %(bytes)s bytes", "%(rows)s rows, %(bytes)s bytes", rows, rows=number(rows), bytes=number(count)
    )


def catalogue_words(datasets: list[Dataset]) -> str:
    """How many data sets there are, and of how many the next figures are late."""
    late = sum(one.punctual is not None and one.punctual.is_late for one in datasets)
    told = ngettext("%(num)d data set.", "%(num)d data sets.", len(datasets))
    if not late:
        return told
    said = ngettext(
        "We have not published the next figures of %(num)d yet, though we expected to.",
        "We have not published the next figures of %(num)d yet, though we expected to.",
        late,
    )
    return f"{told} {said}"
