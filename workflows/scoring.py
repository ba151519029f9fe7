"""Scored statements: the points of every statement summed, and the sum given a band. Whole numbers throughout."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.method import Band, Judgement
from workflows.refusals import Refused


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of points given so far; the band is known only when every statement is judged.

    The sum is what is kept: a share rounded to whole percent may fall on either side of a published threshold
    (22 of 36 is 61.1, 23 is 63.9), so bands are stated as sums and the percent is only ever shown.
    """

    points: int
    most: int
    lacking: tuple[str, ...]  # statements not judged yet
    band: Band | None

    @property
    def percent(self) -> int:
        """The share of the most that could be given, in whole percent, a half going up."""
        return (200 * self.points + self.most) // (2 * self.most) if self.most else 0

    @property
    def words(self) -> str:
        """The score in a sentence."""
        told = f"{self.points} of {self.most} points ({self.percent}%)"
        if not self.lacking:
            return f"{told}: {self.band.label}" if self.band else told
        left = len(self.lacking)
        return f"{told} so far; {left} {'statement is' if left == 1 else 'statements are'} not judged yet"


def bounds_of(scale: Judgement, statements: int) -> tuple[int, int]:
    """The least and the most points so many statements can sum to."""
    points = [option.points for option in scale.options]
    return statements * min(points, default=0), statements * max(points, default=0)


def band_of(scale: Judgement, points: int) -> Band | None:
    """The band a sum of points falls in; None where it lies below the lowest, which no method checked here leaves open."""
    return next((band for band in reversed(scale.bands) if band.least <= points), None)


def score_of(scale: Judgement, statements: tuple[str, ...], given: Mapping[str, str]) -> Score:
    """The score of judgements given (statement to option), and the statements that still lack one.

    Refuses a statement or a judgement the method does not know.
    """
    points = {option.key: option.points for option in scale.options}
    for statement, option in given.items():
        if statement not in statements:
            raise Refused("There is no statement %(statement)s in this method", statement=repr(statement))
        if option not in points:
            raise Refused(
                "There is no judgement %(option)s on this method’s scale: choose one of %(points)s",
                option=repr(option),
                points=", ".join(points),
            )
    total = sum(points[option] for option in given.values())
    lacking = tuple(statement for statement in statements if statement not in given)
    most = bounds_of(scale, len(statements))[1]
    return Score(total, most, lacking, None if lacking else band_of(scale, total))
