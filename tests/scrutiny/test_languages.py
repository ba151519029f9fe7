"""Days, lists and letters in the language of whoever reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import flask_babel
import pytest
from babel.support import Translations
from flask_babel import gettext, lazy_gettext, ngettext

from scrutiny import formats
from scrutiny.correspondence.wording import worded
from scrutiny.languages import speaking

AT = datetime(2026, 9, 1, 13, 5, tzinfo=UTC)


class Reversed(Translations):
    """A catalogue that says every text, marked."""

    def ugettext(self, message: str) -> str:
        """The text, marked."""
        return f"[{message}]"

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        """The text of a number, marked."""
        return f"[{singular if number == 1 else plural}]"


@pytest.mark.usefixtures("context")
def test_a_day_is_said_in_the_language_spoken() -> None:
    assert formats.day(date(2026, 11, 27)) == "Friday 27 November 2026"
    with speaking("cy"):
        assert formats.day(date(2026, 11, 27)) == "Dydd Gwener 27 Tachwedd 2026"
    assert formats.short_day(date(2026, 9, 1)) == "Tue 1 Sep 2026"
    with speaking("cy"):
        assert formats.short_day(date(2026, 9, 1)) == "Maw 1 Medi 2026"


def test_a_day_is_said_in_english_where_nobody_speaks() -> None:
    assert formats.day(date(2026, 11, 27)) == "Friday 27 November 2026"
    assert formats.moment(AT) == "1 September 2026 at 2:05pm"
    assert formats.listed(["A", "B", "C"]) == "A, B and C"


@pytest.mark.usefixtures("context")
def test_an_unknown_language_is_taken_for_english() -> None:
    with speaking("xx"):
        assert formats.day(date(2026, 11, 27)) == "Friday 27 November 2026"


@pytest.mark.usefixtures("context")
def test_texts_come_from_the_catalogue_of_the_language_and_of_that_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(flask_babel.get_babel().instance.domain_instance.cache, ("cy", "messages"), Reversed())
    later = lazy_gettext("Save")
    with speaking("cy"):
        assert formats.moment(AT) == "[1 Medi 2026 at 2:05pm]"
        assert formats.listed(["A", "B"]) == "[A and B]"
        assert [gettext("Save"), str(later), ngettext("%(num)s item", "%(num)s items", 2)] == ["[Save]", "[Save]", "[2 items]"]
    assert [gettext("Save"), str(later), ngettext("%(num)s item", "%(num)s items", 2)] == ["Save", "Save", "2 items"]
    assert "1 September 2026 at 2:05pm" in worded("sign_in", "en", name="Olwen", public_url="", secret="x", expires_at=AT)[1]
    assert "[1 Medi 2026 at 2:05pm]" in worded("sign_in", "cy", name="Olwen", public_url="", secret="x", expires_at=AT)[1]
