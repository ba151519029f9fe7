"""What a reader of any format hands to the checks: numbered features with properties and shapes, in the file's own
coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: What a feature says of itself: whatever its publisher wrote there.
Properties = dict[str, object]


@dataclass(slots=True)
class Features:
    """The features of one file in order; `crs` as the file states it, or None. A shape of None is a null or empty one;
    `not_finite` are the numbers of those whose coordinates no shape can be built from."""

    name: str
    crs: str | None = None
    form: str = "geojson"
    numbers: list[int] = field(default_factory=list)
    properties: list[Properties] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)
    kinds: list[str | None] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)
    not_finite: list[int] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(
        self, number: int, properties: Properties, shape: Any, *, kind: str | None = "Polygon", notes: list[str] | None = None
    ) -> None:
        """One more feature; `number` counts from 1 as a person counts the rows of the file."""
        self.numbers.append(number)
        self.properties.append(properties)
        self.shapes.append(shape)
        self.kinds.append(kind)
        self.notes.append(notes or [])

    def columns(self) -> list[str]:
        """Every property name, in the order first met."""
        seen: dict[str, None] = {}
        for properties in self.properties:
            seen.update(dict.fromkeys(properties))
        return list(seen)


def first_few(value: Any, most: int = 60) -> str:
    """The beginning of a text that may be long or hostile, on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def numbered(numbers: list[int], most: int = 10) -> str:
    """Feature numbers as words: 'feature 3', 'features 1, 5 and 6', 'features 1, 2, 3 and 97 more'."""
    if len(numbers) == 1:
        return f"feature {numbers[0]}"
    if len(numbers) > most:
        return f"features {', '.join(map(str, numbers[:most]))} and {len(numbers) - most} more"
    return f"features {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
