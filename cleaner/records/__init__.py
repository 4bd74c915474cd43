"""Articles in and records out: bytes to articles, records to bytes."""

from __future__ import annotations

import codecs
import json
import lzma
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaner import text as texts
from cleaner.model import Article, Failure
from cleaner.records.encodings import Unreadable, binary, decode, encode
from cleaner.records.sources import FORMATS, Source, discover, opened, reason, rereadable

__all__ = [
    "FORMATS",
    "Fields",
    "Line",
    "Source",
    "Unreadable",
    "binary",
    "decode",
    "discover",
    "dumps",
    "encode",
    "loads",
    "output_name",
    "parsed",
    "read",
    "read_lines",
    "reason",
    "rereadable",
    "write_atomically",
]

# One article, or one line of records, may not be larger: what is, is no article, and would fill the memory.
LARGEST = 256 << 20  # bytes, decompressed


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of the record fields that play a part."""

    text: str = "text"
    id: str = "id"
    date: str = "date"


class Line(NamedTuple):
    """A line of records as it stands: `where` names it in messages, `name` is the id of an article without one."""

    data: bytes
    where: str
    name: str
    folder: str


def read(source: Source, fields: Fields) -> Iterator[Article | Failure]:
    """The articles of a source, in order, with a Failure in the place of each that cannot be read.

    HTML comes as an Article whose `html` is set; extract.extract makes the text of it.
    """
    return (parsed(item, fields) if isinstance(item, Line) else item for item in read_lines(source, fields))


def read_lines(source: Source, fields: Fields) -> Iterator[Line | Article | Failure]:
    """The same, but that lines of records come as they stand: `parsed` makes articles of them, wherever that suits."""
    try:
        with opened(source) as stream:
            if source.format == "jsonl":
                if stream.peek(2).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    raise Unreadable("UTF-16: records are read in UTF-8 only")
                yield from _jsonl(source, stream)
            else:
                data = stream.read(LARGEST + 1)
                if len(data) > LARGEST:
                    raise Unreadable(f"larger than {LARGEST >> 20} MB")
                if source.format == "json":
                    yield from _json(source, data, fields)
                else:
                    text, _ = decode(data, html=source.format == "html")
                    article = Article(id=source.name, folder=source.folder)
                    yield replace(article, html=text) if source.format == "html" else replace(article, text=text)
    except EOFError:
        yield Failure(source.name, "the compressed data ends too early")
    except (Unreadable, OSError, lzma.LZMAError, ValueError) as error:
        yield Failure(source.name, reason(error))
    except Exception as error:  # zlib.error and zstandard.ZstdError: naming them would import both
        if type(error).__name__ not in ("error", "ZstdError"):
            raise
        yield Failure(source.name, f"damaged compressed data ({reason(error)})")


def _jsonl(source: Source, stream: Any) -> Iterator[Line | Failure]:
    name, folder = source.name, source.folder
    record_number = 0
    line_number = 0
    while line := stream.readline(LARGEST + 1):
        line_number += 1
        if line_number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if len(line) > LARGEST:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LARGEST)
            record_number += 1
            yield Failure(f"{name}:{line_number}", f"a line larger than {LARGEST >> 20} MB")
        elif not line.isspace():
            record_number += 1
            yield Line(line, f"{name}:{line_number}", f"{name}#{record_number}", folder)


def parsed(line: Line, fields: Fields) -> Article | Failure:
    """The article of a line of records."""
    try:
        record = loads(line.data)
    except Unreadable as error:
        return Failure(line.where, str(error))
    return _article(record, line.where, line.name, line.folder, fields)


def _json(source: Source, data: bytes, fields: Fields) -> Iterator[Article | Failure]:
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        return
    value = loads(data)
    for number, record in enumerate(value if isinstance(value, list) else [value], 1):
        yield _article(record, f"{source.name}#{number}", f"{source.name}#{number}", source.folder, fields)


def loads(data: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises Unreadable."""
    try:
        value = _quickly(data)
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


def _quickly(data: bytes) -> Any:
    """By msgspec, in half the time; what it refuses, json may take (lone surrogates) or says the reason of."""
    try:
        return _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return json.loads(data.decode(), parse_constant=_no_number, parse_float=_finite)


_decode = msgspec.json.Decoder().decode
_DEEPEST = 200  # levels: far from where pickling or writing a record would run out of stack


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST + 1):
        level = [
            inner
            for outer in level
            if type(outer) is dict or type(outer) is list
            for inner in (outer.values() if type(outer) is dict else outer)
        ]
        if not level:
            return False
    return True


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


def _article(record: object, where: str, default_id: str, folder: str, fields: Fields) -> Article | Failure:
    if not isinstance(record, dict):
        return Failure(where, f"not a record but {_kind(record)}")
    text, html = record.get(fields.text), record.get("html")
    for name, value in ((fields.text, text), ("html", html if text is None else None)):
        if value is not None and not isinstance(value, str):
            return Failure(where, f"the field {name!r} is not a string but {_kind(value)}")
    if fields.text not in record and "html" not in record:
        return Failure(where, f"no field {fields.text!r}, and no 'html'")
    given = record.get(fields.id)
    return Article(
        text=text or "",
        html=html if text is None else None,
        id=default_id if given is None or given == "" else given if isinstance(given, str) else json.dumps(given),
        title=_string(record.get("title")),
        date=_date(record.get(fields.date)),
        url=_string(record.get("url")),
        author=_string(record.get("author")),
        site=_string(record.get("site")),
        folder=folder,
        record=record,
    )


def _date(value: object) -> str | None:
    """A date as it stands, with its time of day, if it can be read."""
    return str(value).strip() if texts.date_of(value) else None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _kind(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")


def output_name(source: Source, records: bool) -> str:
    """The name of a source's output in an output tree: the input's full name, with .txt or .jsonl added where needed."""
    wanted = ".jsonl" if records or not source.single else ".txt"
    return source.rel if source.rel.endswith(wanted) else source.rel + wanted


def write_atomically(path: Path, data: Iterable[bytes], mode: int | None = None) -> None:
    """Write a file so that it is there whole or, whatever happens, as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".cleaner-")
    try:
        with open(handle, "wb") as out:
            for piece in data:
                out.write(piece)
        if mode is None:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
