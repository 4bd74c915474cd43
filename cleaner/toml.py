"""Users' TOML files: read, and taken for one of our types."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from cleaner.text import did_you_mean

T = TypeVar("T")

_PLACE = re.compile(r" - at `\$\.(\w+)")  # in msgspec's messages
_FIELD = re.compile(r"required field `(\w+)`")


class RuleError(ValueError):
    """Rules or settings that cannot be used; the message names the file, the rule and the fault in one line."""


def read(path: Path) -> dict[str, Any]:
    """A user's TOML file. Raises RuleError where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:  # a number of 5,000 digits, brackets 5,000 deep
        reason = str(error.strerror).lower() if isinstance(error, OSError) else f"not TOML that can be read: {error}"
        raise RuleError(f"{path}: {reason}") from None


def converted(kind: type[T], table: Mapping[str, Any], name: str) -> T:
    """The dataclass that a table states. Raises RuleError, with `name`, for an unknown key, a key that is missing, or a
    value of another type than the dataclass's, or none of its words."""
    hints = _hints(kind)  # type: ignore[arg-type]
    unknown = sorted(table.keys() - hints.keys())
    if unknown:
        known = f"; the keys are {', '.join(sorted(hints))}" if len(hints) < _FEW else ""
        raise RuleError(f"{name}: unknown key {unknown[0]!r}{did_you_mean(unknown[0], hints)}{known}")
    try:
        return msgspec.convert(dict(table), kind)
    except msgspec.ValidationError as error:
        place, field = _PLACE.search(str(error)), _FIELD.search(str(error))
        fault = f"{place[1]!r} must be {_wanted(hints[place[1]])}" if place else f"{field and field[1]!r} is missing"
        raise RuleError(f"{name}: {fault}") from None


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _wanted(hint: Any) -> str:
    """What a type asks for, in words."""
    inner = get_args(hint)
    if get_origin(hint) is Literal:
        return f"one of {', '.join(word for word in inner if word)}"
    if get_origin(hint) in (tuple, list):
        return f"an array of {_MANY.get(inner[0]) or _wanted(inner[0]).removeprefix('one of ')}"
    return _ONE.get(inner[0] if inner else hint, "something else")


_ONE = {str: "a string", bool: "true or false", int: "a whole number"}
_MANY = {str: "strings", dict[str, Any]: "tables"}
_FEW = 10  # keys: more are not named in a message
