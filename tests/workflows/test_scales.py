"""The scales of judgement: none, flags, outcomes, one to four, five grades, and nine scored statements."""

import pytest

from tests.workflows.test_methods import GOOD, NAME
from workflows.method import Method
from workflows.methods import check_method, read_method
from workflows.refusals import Refused
from workflows.scoring import Score, score_of

START, END = GOOD.index("[judgement]"), GOOD.index("[accuracy_check]")
STATEMENTS = (
    "assessing needs",
    "supporting people to live healthier lives",
    "equity in experience and outcomes",
    "care provision and continuity",
    "partnerships and communities",
    "safe systems and transitions",
    "safeguarding",
    "governance",
    "learning and improvement",
)
KEYS = tuple(title.replace(" ", "-") for title in STATEMENTS)
NINE_LINES = "".join(
    f'[[lines]]\nkey = "{key}"\ntitle = "{title.capitalize()}"\ntext = "How good?"\n'
    for key, title in zip(KEYS, STATEMENTS, strict=True)
)
POINTS = {"shortfalls": 1, "some": 2, "good": 3, "exceptional": 4}
BANDS = {"inadequate": 9, "requires-improvement": 14, "good-overall": 23, "outstanding": 32}
OPTIONS = [f'[[judgement.options]]\nkey = "{key}"\nlabel = "{key}"\npoints = {points}\n' for key, points in POINTS.items()]
ROWS = [f'[[judgement.bands]]\nkey = "{key}"\nlabel = "{key}"\nleast = {least}\n' for key, least in BANDS.items()]
SCORED = 'kind = "score"\nper = "line"\n' + "".join(OPTIONS + ROWS)


def _with(scale: str, lines: str = "") -> str:
    """The good method with another scale, and with other lines of enquiry."""
    text = GOOD[:START] + "[judgement]\n" + scale + "\n" + GOOD[END:].replace('outcome = "red"\n', "")
    if lines:
        a, b = text.index("[[lines]]"), text.index("[[evidence]]")
        text = text[:a] + lines + text[b:].replace('line = "seen"', f'line = "{KEYS[0]}"')
    return text


def _options(*keys: str, points: bool = False) -> str:
    return "".join(
        f'[[judgement.options]]\nkey = "{key}"\nlabel = "{key}"\n' + (f"points = {n}\n" if points else "")
        for n, key in enumerate(keys, start=1)
    )


def _scored() -> Method:
    return read_method(_with(SCORED, NINE_LINES), NAME)


@pytest.mark.parametrize(
    ("scale", "count"),
    [
        ('kind = "none"', 0),
        ('kind = "flags"\nper = "line"\n' + _options("red", "green"), 2),
        ('kind = "outcomes"\n' + _options("typically-good", "inconsistent", "failing"), 3),
        ('kind = "scale"\nper = "line"\n' + _options("one", "two", "three", "four", points=True), 4),
        ('kind = "grades"\n' + _options("outstanding", "good", "adequate", "requires-improvement", "inadequate"), 5),
    ],
)
def test_each_kind_of_scale_is_read_with_its_options_in_order(scale: str, count: int) -> None:
    judgement = read_method(_with(scale), NAME).judgement
    assert len(judgement.options) == count
    assert judgement.bands == ()
    if judgement.kind == "scale":
        assert [option.points for option in judgement.options] == [1, 2, 3, 4]


# Worked by hand from the published thresholds, nine statements of one to four points, 36 at most: 25-38% inadequate,
# 39-62% requires improvement, 63-87% good, 88% and more outstanding.
BY_HAND = """
 9 | 25 | inadequate
10 | 28 | inadequate
13 | 36 | inadequate
14 | 39 | requires-improvement
18 | 50 | requires-improvement
22 | 61 | requires-improvement
23 | 64 | good-overall
27 | 75 | good-overall
31 | 86 | good-overall
32 | 89 | outstanding
36 | 100 | outstanding
"""


@pytest.mark.parametrize("row", [line for line in BY_HAND.splitlines() if line])
def test_nine_statements_sum_to_a_percentage_and_a_band(row: str) -> None:
    points, percent, band = (cell.strip() for cell in row.split("|"))
    left = int(points) - 9  # one point each, and the rest spread from the first statement on
    each = [1 + min(3, max(0, left - 3 * n)) for n in range(9)]
    by_points = {value: key for key, value in POINTS.items()}
    score = score_of(_scored().judgement, KEYS, {key: by_points[n] for key, n in zip(KEYS, each, strict=True)})
    assert (score.points, score.most, score.percent, score.lacking) == (int(points), 36, int(percent), ())
    assert score.band
    assert score.band.key == band
    assert score.words == f"{points} of 36 points ({percent}%): {band}"


def test_until_every_statement_is_judged_there_is_no_band() -> None:
    given = dict.fromkeys(KEYS[:7], "good")
    score = score_of(_scored().judgement, KEYS, given)
    assert (score.points, score.lacking, score.band) == (21, KEYS[7:], None)
    assert score.words == "21 of 36 points (58%) so far; 2 statements are not judged yet"
    assert score_of(_scored().judgement, KEYS, given | {KEYS[7]: "some"}).words.endswith("1 statement is not judged yet")


def test_half_a_percent_goes_up() -> None:
    assert Score(points=1, most=200, lacking=(), band=None).percent == 1
    assert Score(points=1, most=201, lacking=(), band=None).percent == 0


def test_a_statement_or_a_judgement_the_method_does_not_know_is_refused() -> None:
    with pytest.raises(Refused, match="no statement 'weather'"):
        score_of(_scored().judgement, KEYS, {"weather": "good"})
    with pytest.raises(Refused, match="no judgement 'splendid' on this method’s scale: choose one of shortfalls, some"):
        score_of(_scored().judgement, KEYS, {"safeguarding": "splendid"})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("least = 9\n", "least = 10\n", "let the lowest band begin at 9, and none above 36"),
        ("least = 32", "least = 37", "sum to 9 at least and 36 at most"),
        ("least = 23", "least = 14", "judgement.bands.3.least: least is 14, no more than in the band before"),
        ("least = 32", 'least = "32"', "judgement.bands.4.least: least is '32', of the wrong type; write a whole number"),
        ("points = 3\n", "", "judgement.options.3.points: points is missing"),
        ('per = "line"', 'per = "area"', "judgement.per: each line of enquiry is a scored statement, but per is 'area'"),
        ('key = "outstanding"', 'key = "inadequate"', "judgement.bands.4.key: key 'inadequate' is used twice"),
        ("[[judgement.bands]]", "[[judgement.band]]", "judgement.bands: bands is missing"),
    ],
)
def test_a_faulty_score_is_refused_with_line_and_remedy(old: str, new: str, told: str) -> None:
    count = -1 if "bands]]" in old else 1
    faults = check_method(_with(SCORED.replace(old, new, count), NINE_LINES), NAME)
    assert any(told in fault.sentence for fault in faults), [fault.sentence for fault in faults]
    assert all(fault.line > 1 and fault.remedy for fault in faults)


def test_a_numbered_scale_numbers_each_option_once_and_a_graded_one_takes_no_points() -> None:
    twice = _options("one", "two", points=True).replace("points = 2", "points = 1")
    assert "the points do not run 1, 2, 3" in check_method(_with('kind = "scale"\n' + twice), NAME)[0].sentence
    graded = check_method(_with('kind = "grades"\n' + _options("good", "bad", points=True)), NAME)
    assert "points is not a key known here" in graded[0].sentence


def test_a_follow_up_may_hang_on_a_band() -> None:
    text = _with(SCORED, NINE_LINES) + 'outcome = "inadequate"\n'
    assert read_method(text, NAME).follow_ups[0].outcome == "inadequate"
    (fault,) = check_method(text.replace('outcome = "in', 'outcome = "splendid" #'), NAME)
    assert "there is no judgement 'splendid'" in fault.sentence
