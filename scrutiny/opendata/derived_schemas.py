"""How what the API gives (`place_shapes`, `review_shapes`, `rule_shapes`) is written and told in its OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from marshmallow import Schema, fields


@dataclass(frozen=True, slots=True)
class Share:
    """Beside a number: that it is a share from 0 to 1 of something, or null where nobody was counted."""

    of: str


@cache
def schema_of(shape: type[Any]) -> type[Schema]:
    """The schema of a frozen dataclass: a field for each of its fields."""
    hints = get_type_hints(shape, include_extras=True)
    named = {name: _field(hint, name) for name, hint in hints.items()}
    return Schema.from_dict(named, name=f"{shape.__name__}Out")


def _field(hint: Any, name: str = "") -> fields.Field[Any]:
    """One field by its type, with what is said beside it."""
    hint, *beside = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    parts = [part for part in get_args(hint) if part is not NoneType] if get_origin(hint) is UnionType else [hint]
    options: dict[str, object] = {"data_key": name.removesuffix("_")} if name.endswith("_") else {}
    if len(get_args(hint)) > len(parts) and get_origin(hint) is UnionType:
        options["allow_none"] = True
    for said in beside:
        bounds = {"description": said.of, "minimum": 0, "maximum": 1} if isinstance(said, Share) else {"description": said}
        options["metadata"] = bounds
    return _made(parts[0], options)


def _made(kind: Any, options: Mapping[str, Any]) -> fields.Field[Any]:
    """The field of one type: a list, a table by name, a shape within a shape, or a plain value."""
    if get_origin(kind) is tuple:
        return fields.List(_field(get_args(kind)[0]), **options)
    if get_origin(kind) is Mapping:
        within = get_args(kind)[1]
        return fields.Dict(**options) if within is object else fields.Dict(fields.String(), _field(within), **options)
    if is_dataclass(kind):
        return fields.Nested(schema_of(kind), **options)  # type: ignore[arg-type]  # a dataclass here is never an instance
    return {str: fields.String, int: fields.Integer, float: fields.Float, bool: fields.Boolean}[kind](**options)
