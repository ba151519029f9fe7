"""The languages of letters and pages: the catalogue of each, the one spoken now, and those a person may choose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from flask import Flask, has_app_context
from flask_babel import Babel, force_locale, get_locale

#: A language as people and letters keep it, and the locale whose catalogue and calendar it uses.
LOCALES = {"en": "en_GB", "cy": "cy"}
#: What each calls itself.
NAMES = {"en": "English", "cy": "Cymraeg"}
#: The languages every letter exists in; a test holds this against the catalogues. Only these can be chosen.
LETTERS_IN = ("en",)
BRITISH = Locale.parse("en_GB")

babel = Babel()


def init_app(app: Flask, root: Path) -> None:
    """Give templates `_()`, `ngettext()` and `{% trans %}`, with the catalogues under translations/."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", LOCALES["en"])
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/London")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(root / "translations"))
    babel.init_app(app)


def tag_of(language: str) -> str:
    """The tag of a language as emails and pages name it: 'en-GB', 'cy'; one unknown is taken for English."""
    return LOCALES.get(language, LOCALES["en"]).replace("_", "-")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it, `gettext`, days and plurals are those of a language; one unknown is taken for English."""
    with force_locale(LOCALES.get(language, LOCALES["en"])):
        yield


def locale_now() -> Locale:
    """The locale spoken now; British English where nothing says otherwise."""
    return (get_locale() if has_app_context() else None) or BRITISH


def day_in_words(value: date, english: str, others: str) -> str:
    """A day by strftime's pattern in English, by Babel's pattern in any other language."""
    locale = locale_now()
    return value.strftime(english) if locale.language == "en" else str(format_date(value, others, locale=locale))
