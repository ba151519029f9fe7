"""Pictures are well-formed, named first, safe with strangers' words, and the same bytes twice."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from scrutiny.charts import PARTS, Stack, stacked
from scrutiny.pictures import Phase, Shape, boundary_map, timetable, told_apart
from scrutiny.svg import TONES

SVG = "{http://www.w3.org/2000/svg}"
SQUARE = [(0.0, 0.0), (10_000.0, 0.0), (10_000.0, 10_000.0), (0.0, 10_000.0), (0.0, 0.0)]
EAST = [(x + 10_000, y) for x, y in SQUARE]


@pytest.mark.parametrize("columns", [1, 2, 3, 5])
def test_parts_that_touch_have_different_tones(columns: int) -> None:
    """Bricks, each row shifted by half of one: the fifth part touches the first, which had its tone."""
    bricks = []
    for row in range(5):
        for column in range(columns):
            left, low = 10 * column + 5 * (row % 2), 10 * row
            corners = [(left + dx, low + dy) for dx, dy in ((0, 0), (5, 0), (10, 0), (10, 10), (5, 10), (0, 10), (0, 0))]
            bricks.append([[(float(x), float(y)) for x, y in corners]])
    tones = told_apart(bricks)
    corners_of = [set(brick[0]) for brick in bricks]
    touching = [(i, j) for i in range(len(bricks)) for j in range(i) if corners_of[i] & corners_of[j]]
    assert touching
    assert not [(i, j) for i, j in touching if tones[i] == tones[j]]
    assert told_apart(bricks) == tones, "the same tones on every machine"


def test_more_parts_than_tones_can_tell_apart_are_drawn_all_the_same() -> None:
    """Six wedges round one point: all touch there, and there are four tones."""
    wedges = [[[(0.0, 0.0), (float(n), 1.0), (float(n), 2.0), (0.0, 0.0)]] for n in range(6)]
    assert len(told_apart(wedges)) == 6
    assert set(told_apart(wedges)) == {"one", "two", "three", "four"}
    assert told_apart([]) == []


def a_map(**more: str) -> str:
    shapes = [
        Shape(
            [SQUARE], "West <script>alert(1)</script>", "one", href="/areas/1?a=1&b=2", label="West & wild", label_at=(5e3, 5e3)
        ),
        Shape([EAST], "East", "two", **more),
        Shape([SQUARE, EAST], "The place", "place"),
    ]
    return str(boundary_map(shapes, title='Who answers in "Ashby" & around'))


def a_timetable() -> str:
    phases = [
        Phase("Set-up", date(2026, 11, 2), date(2026, 11, 8), "done"),
        Phase("Fieldwork", date(2026, 11, 9), date(2027, 1, 8)),
        Phase("Release", date(2027, 1, 28), date(2027, 1, 28), "two"),
    ]
    return str(timetable(phases, title="Timetable", today=date(2026, 11, 22), holidays=[date(2026, 12, 25), date(2030, 1, 1)]))


def stacks() -> str:
    rows = [Stack("West & <b>wild</b>", [3.0, 1.0, 0.5], "£4.5 million"), Stack("East", [2.0, -1.0, 0.0], "£1.0 million")]
    return str(stacked(rows, ["Education", "Health", "Housing"], title="Who spends what"))


@pytest.mark.parametrize("make", [a_map, a_timetable, stacks])
def test_a_picture_is_well_formed_named_first_and_without_styles(make: object) -> None:
    made = make()
    tree = ElementTree.fromstring(made)
    assert tree[0].tag == f"{SVG}title"
    assert tree.attrib["aria-labelledby"] == tree[0].attrib["id"]
    assert "style" not in made
    assert made == make()


def test_names_from_files_stay_text() -> None:
    made = a_map()
    assert "<script" not in made
    assert "West &amp; wild" in made


def test_the_north_is_up_and_holes_are_drawn_even_odd() -> None:
    tree = ElementTree.fromstring(str(boundary_map([Shape([SQUARE], "A square", "one")], title="One")))
    path = tree.find(f".//{SVG}path[@class='area']")
    assert path is not None
    assert path.attrib["fill-rule"] == "evenodd"
    heights = [float(pair.split()[1]) for pair in path.attrib["d"].strip("MZ").split("L")]
    assert heights[0] > heights[2]


def test_what_leads_somewhere_can_be_reached_by_keyboard_and_is_named() -> None:
    tree = ElementTree.fromstring(a_map())
    links = tree.findall(f".//{SVG}a")
    assert [link.attrib["href"] for link in links] == ["/areas/1?a=1&b=2"]
    assert links[0].attrib["aria-label"].startswith("West")
    assert tree.attrib["role"] == "group"
    assert ElementTree.fromstring(a_timetable()).attrib["role"] == "img"


def test_tones_differ_in_hatching_not_in_colour_alone() -> None:
    assert "<pattern" in a_map()
    assert "url(#" in a_map()


def test_a_timetable_marks_today_and_only_the_holidays_within_it() -> None:
    made = a_timetable()
    assert "Today" in made
    assert "Holiday: 25 December 2026" in made
    assert "2030" not in made
    assert "Fieldwork: 9 November 2026 to 8 January 2027" in made
    assert "Release: 28 January 2027<" in made


def test_nothing_to_draw_is_nothing() -> None:
    assert boundary_map([], title="Empty") == ""
    assert timetable([], title="Empty") == ""


def test_parts_of_a_bar_are_told_apart_in_black_and_white_and_never_run_below_nothing() -> None:
    """Each carries the letter of its series; the longest bar fills the width, and an amount below nothing has no length."""
    made = stacks()
    assert "West &amp; &lt;b&gt;wild" in made
    assert [f">{letter}<" in made for letter in "ABC"] == [True, True, True]
    boxes = [box for box in ElementTree.fromstring(made).iter(f"{SVG}rect") if box.attrib.get("stroke")]
    bars = [float(box.attrib["width"]) for box in boxes[3:]]
    assert sum(bars[:3]) == pytest.approx(418, abs=0.2)
    assert len(bars) == 4
    assert len({(TONES[tone][1], TONES[tone][0]) for tone in PARTS}) == len(PARTS)
    assert stacked([], ["A"], title="Empty") == ""


def test_a_long_name_never_runs_into_its_number() -> None:
    name = "NHS Cambridgeshire and Peterborough Integrated Care Board"
    made = str(stacked([Stack(name, [1.0], "£750.1 million")], ["Health"], title="Long"))
    assert ">NHS Cambridgeshire and Peterborough…<" in made
    assert f"{name}: Health" in made, "said in whole where there is room for it"
