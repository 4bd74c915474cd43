"""JSON, in lines and whole: records to articles and back."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from cleaner.dates import day_first
from cleaner.model import Article, Failure
from cleaner.options import Fields
from cleaner.records.encodings import SNIFF, Unreadable, in_megabytes
from cleaner.records.fields import Reader
from cleaner.records.sources import Source, opened, reason


class Line(msgspec.Struct, frozen=True):
    """A line of records as it stands, the input's `number`th record, on its `line`th line."""

    data: bytes
    number: int
    line: int
    reader: Reader


def lines(source: Source, stream: Any, fields: Fields) -> Iterator[Line | Failure]:
    """The records of JSON lines, as they stand."""
    if stream.peek(2).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("UTF-16: records are read in UTF-8 only")
    reader = Reader(source.name, source.folder, fields, _day_first(source))
    record_number = 0
    largest = source.largest
    for line_number, line in enumerate(iter(partial(stream.readline, largest + 1), b""), 1):
        if line_number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if len(line) > largest:
            while line and not line.endswith(b"\n"):
                line = stream.readline(largest)
            record_number += 1
            yield Failure(f"{source.name}:{line_number}", f"a line larger than {in_megabytes(largest)}")
        elif not line.isspace():
            record_number += 1
            yield Line(line, record_number, line_number, reader)


def parsed(item: Line) -> Article | Failure:
    """The article of a line of records."""
    try:
        record = loads(item.data)
    except Unreadable as error:
        return Failure(item.reader.where(item.number, item.line), str(error))
    return item.reader.article(record, item.number, item.line)


def whole(source: Source, data: bytes, fields: Fields) -> Iterator[Article | Failure]:
    """The articles of one record, or of an array of them."""
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        return
    value = loads(data)
    rows = value if isinstance(value, list) else [value]
    order = day_first(str(row.get(fields.date)) for row in rows if isinstance(row, dict))
    reader = Reader(source.name, source.folder, fields, order)
    for number, record in enumerate(rows, 1):
        yield reader.article(record, number)


def _day_first(source: Source) -> bool | None:
    """Whether the dates such as 1/4/19 of a file of lines put the day first, by those of its dates that tell; the file is
    looked through only where it begins with such dates."""
    if source.file is None or source.stream is not None:
        return None
    with opened(source) as stream:
        found = _SLASHED.findall(stream.read(SNIFF))
        if found and day_first(map(bytes.decode, found)) is None:
            for line in stream:
                found += _SLASHED.findall(line)
                if len(found) > _ENOUGH:
                    break
    return day_first(map(bytes.decode, found))


_SLASHED = re.compile(rb'"(\d\d?[/-]\d\d?[/-](?:\d{4}|\d\d))(?!\d)')  # a string that begins so
_ENOUGH = 1000  # dates


def loads(data: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises Unreadable."""
    try:
        try:
            value = _decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            # It has taken half of json's time. What it refuses, json may take (lone surrogates) or says the reason of.
            value = json.loads(data.decode(), parse_constant=_no_number, parse_float=_finite)
        deep = _is_deep(value)
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8: {error.reason}") from None
    except RecursionError:
        deep = True
    except ValueError as error:
        raise Unreadable(f"not JSON: {reason(error)}") from None
    if deep:
        raise Unreadable(f"not JSON that can be read: nested more than {_DEEPEST} levels deep")
    return value


_decode = msgspec.json.Decoder().decode
_DEEPEST = 200  # levels: far from where pickling or writing a record would run out of stack


_NESTED = frozenset((dict, list))


def _is_deep(value: Any) -> bool:
    if type(value) is dict and _NESTED.isdisjoint(map(type, value.values())):  # as good as all are
        return False
    level: list[Any] = [[value]]
    for _ in range(_DEEPEST + 1):
        level = [
            inner.values() if type(inner) is dict else inner for outer in level for inner in outer if type(inner) in _NESTED
        ]
        if not level:
            return False
    return any(level)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number that JSON has")


def _finite(number: str) -> float:
    """A number; what would be read as infinite could not be written again."""
    value = float(number)
    if value in (float("inf"), float("-inf")):
        raise ValueError("Out of range float values are not JSON compliant")
    return value


def dumps(record: Mapping[str, object]) -> str:
    """A record as one line of JSON, without the line feed."""
    line = _encode(record)
    if not line.isascii():
        try:
            line.encode()
        except UnicodeEncodeError:  # a lone surrogate came in as an escape, and can go out as nothing else
            return json.dumps(record)
    return line


_encode = json.JSONEncoder(ensure_ascii=False).encode
