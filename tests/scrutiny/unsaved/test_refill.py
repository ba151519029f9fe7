"""What was typed goes back into its boxes, whatever kind they are, and nothing else of the page changes."""

from __future__ import annotations

from scrutiny.posted_words import Posted
from scrutiny.unsaved.refill import refill

PAGE = """<!doctype html>
<html><body><main id="main-content">
<form method="post" action="/other"><input name="text" value="other"></form>
<form method="post" novalidate>
<input type="hidden" name="csrf_token" value="fresh"><input type="hidden" name="version" value="7">
<textarea name="text" rows="3">
as saved</textarea>
<input name="day" value=""><input name="day" value=""><input name="day" value="">
<input type="radio" name="marking" value="open" checked><input type="radio" name="marking" value="exempt">
<input type="checkbox" name="items" value="1" checked><input type="checkbox" name="items" value="2">
<select name="to"><option value="a" selected>A &amp; B</option><option value="b">B</option></select>
<input type="password" name="word"><input type="file" name="files">
<button name="then" value="next">Save</button>
</form></main></body></html>"""


def test_every_kind_of_box_holds_what_was_typed() -> None:
    typed = (
        ("csrf_token", "stale"),
        ("version", "6"),
        ("text", "<b>1,000 words</b> & more"),
        ("day", "31"),
        ("day", "13"),
        ("day", "2026"),
        ("marking", "exempt"),
        ("items", "2"),
        ("to", "b"),
        ("word", "hidden"),
        ("then", "list"),
    )
    done = refill(PAGE, "/items/1", "/items/1", Posted(typed))
    assert (done.found, done.changed, done.left) == (True, ("text", "day", "marking", "items", "to"), ())
    assert (done.moved, done.stood) == (True, (("text", "as saved"),)), "what another saved since is said beside it"
    for wanted in (
        'name="csrf_token" value="fresh"',
        'name="version" value="7"',  # the old one would be refused at every try
        "&lt;b&gt;1,000 words&lt;/b&gt; &amp; more</textarea>",
        'value="31"',
        'value="13"',
        'value="2026"',
        '<input type="radio" name="marking" value="open">',
        '<input type="radio" name="marking" value="exempt" checked>',
        '<input type="checkbox" name="items" value="1">',
        '<input type="checkbox" name="items" value="2" checked>',
        '<option value="a">A &amp; B</option>',
        '<option value="b" selected>',
        '<input name="text" value="other">',
        '<input type="password" name="word">',
    ):
        assert wanted in done.page, wanted


def test_the_rest_of_a_page_stays_as_it_is() -> None:
    page = '<!doctype html>\n<!-- a --><svg viewBox="0 0 1 1"><path D="m0"/></svg>'
    page += '<p a=b>&nbsp;&#39;&copy; <br/></p><script>a < b && "</p>"</script>'
    form = '<form method=post><input name="a" value="x"></form>'
    assert (
        refill(page + form, "/p", "/p", Posted((("a", "y"),))).page
        == page + '<form method=post><input name="a" value="y"></form>'
    )


def test_words_without_a_box_are_given_back_apart() -> None:
    done = refill(PAGE, "/items/1", "/items/1", Posted((("text", "a"), ("row-9", "added by a script"))))
    assert done.left == (("row-9", "added by a script"),)
    assert refill(PAGE, "/items/1", "/elsewhere", Posted((("text", "a"),))).left == (("text", "a"),)


def test_of_forms_to_one_address_the_one_that_was_sent_is_filled() -> None:
    page = "".join(
        f'<form method="post"><input type="hidden" name="about" value="{n}"><textarea name="why"></textarea></form>'
        for n in (1, 2)
    )
    done = refill(page, "/p", "/p", Posted((("about", "2"), ("why", "mine"))))
    assert done.page.index("mine") > done.page.index('value="2"')


def test_a_form_that_holds_the_same_already_is_not_changed() -> None:
    done = refill(PAGE, "/items/1", "/items/1", Posted((("text", "as saved"), ("marking", "open"), ("items", "1"), ("to", "a"))))
    assert (done.found, done.changed) == (True, ())


def test_a_form_that_is_about_something_else_is_not_filled() -> None:
    page = '<form method="post"><input type="hidden" name="about" value="1"><textarea name="why"></textarea></form>'
    done = refill(page, "/p", "/p", Posted((("about", "2"), ("why", "mine"))))
    assert (done.found, done.page) == (False, page)


def test_a_box_ticked_for_what_has_changed_is_not_ticked_again() -> None:
    part = '<input type="hidden" name="version_{0}" value="2"><input type="checkbox" name="read_{0}" value="y">'
    page = f'<form method="post">{part.format(1)}{part.format(12)}<textarea name="why_12"></textarea></form>'
    typed = (("version_1", "2"), ("read_1", "y"), ("version_12", "1"), ("read_12", "y"), ("why_12", "Name the year"))
    done = refill(page, "/p", "/p", Posted(typed))
    assert 'name="read_1" value="y" checked' in done.page
    assert 'name="read_12" value="y">' in done.page
    assert "Name the year" in done.page
