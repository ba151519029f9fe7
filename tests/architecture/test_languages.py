"""Every text a person reads can be said in another language; what cannot yet is on a list that may only shrink."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import Environment, nodes

from scrutiny.languages import LETTERS_IN, LOCALES
from setup.catalogues import catalogue, gather

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
#: Templates with text not yet marked for translation. A file that moves takes its line with it; nothing is ever added.
LIST = Path(__file__).with_name("not_extracted.txt")
#: What components are given to be read by a person.
READ = {"text", "html", "label", "hint", "heading", "titleText", "visuallyHiddenText", "ariaLabel", "caption"}
GETTEXT = {"gettext", "ngettext", "pgettext", "npgettext", "_"}
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")


def _bare_data(environment: Environment, source: str) -> str:
    """The text that stands in a template outside {% trans %}, without tags, attributes and what stands in expressions."""
    kept, inside, block = [], False, ""
    for _, kind, value in environment.lex(source):
        if kind == "block_begin":
            block = ""
        elif kind == "name" and not block:
            block = value
            inside = (inside or value == "trans") and value != "endtrans"
        elif kind == "data" and not inside:
            kept.append(value)
        elif kind == "variable_begin":
            kept.append("0")
    html = re.sub(r"<(style|script)\b.*?</\1>|<!--.*?-->", " ", "".join(kept), flags=re.DOTALL)
    return re.sub(r"<[^>]*>|&[a-z]+;", " ", html)


def _bare_constants(tree: nodes.Node) -> Iterator[str]:
    """The text that a component is given without its having passed gettext."""
    for pair in tree.find_all(nodes.Pair):
        if isinstance(pair.key, nodes.Const) and pair.key.value in READ:
            yield from _constants(pair.value)


def _constants(node: nodes.Node) -> Iterator[str]:
    """Written-out text in an expression, but for what gettext, filters and subscripts are given."""
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, nodes.CondExpr):
        yield from _constants(node.expr1)
        if node.expr2 is not None:
            yield from _constants(node.expr2)
    elif isinstance(node, nodes.Concat | nodes.Or | nodes.Add):
        for child in node.iter_child_nodes():
            yield from _constants(child)


def _not_extracted(app: Flask) -> set[str]:
    """The templates that hold text which no catalogue can hold."""
    found = set()
    for path in sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]):
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".txt":
            source = source.removeprefix("Subject: ")
        constants = _bare_constants(app.jinja_env.parse(source))
        if WORD.search(_bare_data(app.jinja_env, source)) or any(WORD.search(text) for text in constants):
            found.add(str(path.relative_to(TEMPLATES)))
    return found


def test_the_list_of_templates_without_translation_only_shrinks(the_app: Flask) -> None:
    """New pages and letters are marked from the first; a page marked leaves the list."""
    listed, found = set(LIST.read_text(encoding="utf-8").split()), _not_extracted(the_app)
    new = sorted(found - listed)
    assert not new, (
        f"mark the text of these with {{% trans %}} or _(); if one has only moved, move its line in {LIST.name}: {new}"
    )
    done = sorted(listed - found)
    assert not done, f"these have no unmarked text any more, or are gone; take their lines out of {LIST.name}: {done}"


def _said_by(script: str) -> list[str]:
    """The text written out in a script that reads like words for people."""
    code = re.sub(r"^\s*//.*$|\s//\s.*$", "", script, flags=re.MULTILINE)
    texts = re.findall(r""""[^"\n]*"|'[^'\n]*'|`[^`]*`""", code)
    return [text for text in texts if re.search(r"[A-Z][a-z]+ [a-z]|[a-z]{2,} [a-z]{2,}[^\"'`]*[.:…?!]", text)]


def test_scripts_say_only_what_the_page_hands_them() -> None:
    """Words in a script are in no catalogue: whoever reads Welsh was told in English that nothing had been kept."""
    scripts = sorted((ROOT / "scrutiny" / "static").glob("*.js"))
    assert {path.name: said for path in scripts if (said := _said_by(path.read_text(encoding="utf-8")))} == {}
    assert _said_by('say("Not kept: the line broke");\nsay(`${name} is too large.`, "beforeunload"); // It is said.') == [
        '"Not kept: the line broke"',
        "`${name} is too large.`",
    ]


def test_what_is_translated_is_still_said_and_fills_the_same_gaps() -> None:
    """A translation of a text that has changed would never be shown, one that names another value would fail."""
    texts = gather()
    translated = [
        (str(locale), message)
        for locale in LOCALES.values()
        for message in catalogue(locale)
        if message.id and any(message.string if isinstance(message.string, tuple) else [message.string])
    ]
    no_longer_said = [(locale, one.id) for locale, one in translated if texts.get(one.id, one.context) is None]
    assert no_longer_said == []
    assert [(locale, one.id) for locale, one in translated if list(one.check(texts))] == []


def test_a_language_is_offered_only_where_every_letter_exists_in_it() -> None:
    """Whoever chose Welsh was written to in English."""
    said = [str(path.relative_to(ROOT)) for path in (TEMPLATES / "letters").rglob("*.txt")]
    letters = [message for message in gather(only="templates/letters/") if message.id]
    whole = {
        language
        for language, locale in LOCALES.items()
        if language == "en"
        or (letters and all(m.id in catalogue(locale) and catalogue(locale).get(m.id, m.context).string for m in letters))
    }
    assert said
    assert set(LETTERS_IN) == whole


def test_unmarked_text_is_seen_and_marked_text_is_not(the_app: Flask) -> None:
    """The list rests on this reader."""
    bare = '<p class="govuk-body">Save {{ _("it") }}</p>{{ button({"text": "Send" if x else _("Go")}) }}'
    marked = (
        '<p class="big">{{ _("Save") }}{% trans n=n %}One{% pluralize %}{{ n }} all{% endtrans %}</p>{{ b({"text": _("Go")}) }}'
    )
    assert WORD.search(_bare_data(the_app.jinja_env, bare))
    assert list(_bare_constants(the_app.jinja_env.parse(bare))) == ["Send"]
    assert not WORD.search(_bare_data(the_app.jinja_env, marked))
    assert not list(_bare_constants(the_app.jinja_env.parse(marked)))


def test_templates_translate_what_is_written_in_them_and_nothing_else() -> None:
    """`_()` in a template takes what it is given for markup that is safe, and for a format: a value goes through a filter."""
    sources = {path: path.read_text(encoding="utf-8") for path in [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]}
    of_values = re.compile(r"""(?<![\w.])(?:_|gettext|ngettext)\((?!\s*["'])""")
    assert [str(path.relative_to(TEMPLATES)) for path, source in sources.items() if of_values.search(source)] == []
    assert of_values.search("{{ _(one.why) }}")
    assert not of_values.search('{{ _("Say %(why)s", why=one.why) }}')
