"""Methods sent through a page or command: read strictly, kept as they came, and put over those of the files once taken up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from flask_babel import gettext

from scrutiny.rules.files import Rules, method_order
from scrutiny.text_files import text_of
from workflows.methods import check_method, read_method
from workflows.reading import Faulty
from workflows.refusals import Refused
from workflows.toml_texts import toml_of


def read_text(content: bytes, sent_as: str) -> tuple[str, str]:
    """The text of a method that was sent, and the name its file has: its key and version. Refused where it is not text."""
    try:
        text = text_of(content)
    except UnicodeDecodeError:
        raise Refused(gettext("%(file)s is not text in UTF-8. Save it as UTF-8 and send it again", file=sent_as)) from None
    if "\x00" in text:
        raise Refused(gettext("%(file)s is not a text file. Send the method’s .toml file", file=sent_as))
    try:
        root = toml_of(text)
    except (ValueError, RecursionError):
        root = {}  # the strict reader says what is wrong, under the name it was sent by
    key, version = root.get("method"), root.get("version")
    named = f"{key}-{version}.toml" if isinstance(key, str) and isinstance(version, str) else ""
    return text, named if named and "/" not in named and len(named) <= 120 else PurePath(sent_as).name[:120]


def check_text(rules: Rules, text: str, name: str) -> None:
    """Faulty, with every fault and its line, where a method cannot be used; Refused where it is no newer than what is here."""
    if faults := check_method(text, name, agency_kinds=rules.agency_kinds, powers=[power.key for power in rules.powers]):
        raise Faulty(faults)
    method = read_method(text, name)
    newest = rules.methods.get(method.key)
    if newest is not None and newest.digest == method.digest:
        raise Refused(gettext("Version %(version)s of “%(title)s” is in use already", version=newest.version, title=newest.title))
    if newest is not None and method_order(method) <= method_order(newest):
        raise Refused(
            gettext(
                "Version %(version)s of “%(title)s” is here already. Change the version to %(next)s or later",
                version=newest.version,
                title=newest.title,
                next=f"{newest.year}.{newest.number + 1}",
            )
        )


def with_methods(started: Rules, texts: Mapping[str, str]) -> Rules:
    """The rules with methods that were taken up, by file name; one that cannot be read any more is left out."""
    if not texts:
        return started
    methods, known = dict(started.methods), dict(started.texts)
    for name, text in texts.items():
        try:
            method = read_method(text, name)
        except Faulty:
            continue  # said to administrators by queries.damaged_texts
        known.setdefault(name, text)
        if method.key not in methods or method_order(method) > method_order(methods[method.key]):
            methods[method.key], known[method.key] = method, text
    return replace(started, methods=methods, texts=known)
