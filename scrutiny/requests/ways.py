"""The ways in which an answer may come, other than through the pages of its agency: the one table of them."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext, lazy_gettext

from scrutiny.formats import mid_sentence
from workflows.labels import labels

EMAIL = "email"
#: How an answer may come: what is stored, and how it is called.
CAME_BY = labels(
    {
        EMAIL: lazy_gettext("By email"),
        "post": lazy_gettext("By post"),
        "telephone": lazy_gettext("By telephone"),
        "meeting": lazy_gettext("At a meeting"),
    }
)


def init_app(app: Flask) -> None:
    """Give templates a way as it stands within a sentence: `'post' | came_by` is 'by post'; and all of them."""
    app.jinja_env.filters["came_by"] = within
    app.jinja_env.globals["ways_to_come"] = all_ways


def within(key: str) -> str:
    """A way as it stands within a sentence: by post."""
    return mid_sentence(str(CAME_BY[key]))


def all_ways() -> str:
    """All of them within a sentence: by email, by post, by telephone or at a meeting."""
    *most, last = [within(key) for key in CAME_BY]
    return gettext("%(most)s or %(last)s", most=", ".join(most), last=last)
