"""Parquet: a row a record, by pyarrow, the extra `parquet`."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from cleaner.model import Article, Failure
from cleaner.options import Fields
from cleaner.records.encodings import Unreadable
from cleaner.records.fields import Place, article_of
from cleaner.records.jsonlines import dumps
from cleaner.records.sources import Source, reason
from cleaner.records.tables import Row

ROWS = 256  # that are read at once, and about as many as are cleaned at once


def articles(source: Source, stream: Any, fields: Fields) -> Iterator[Article | Failure]:
    """The article of each row, by row groups."""
    arrow, parquet = _library()
    number = 0
    try:
        with _seekable(source, stream) as file:
            opened = parquet.ParquetFile(file, pre_buffer=False)
            for batch in opened.iter_batches(batch_size=ROWS, use_threads=False):
                for i, values in enumerate(batch.to_pylist()):
                    number += 1
                    name = f"{source.name}#{number}"
                    record = Row(((key, _plain(value)) for key, value in values.items()), (batch, i))
                    yield article_of(record, Place(name, name, source.name, source.folder), fields)
    except (arrow.ArrowException, OSError, ValueError, OverflowError) as error:
        where = f"{source.name}#{number + 1}" if number else source.name
        yield Failure(where, f"not Parquet that can be read: {reason(error).split('. ')[0]}")


def _library() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise Unreadable("Parquet needs pyarrow: pip install 'article-cleaner[parquet]'") from None
    return pyarrow, pyarrow.parquet


@contextmanager
def _seekable(source: Source, stream: Any) -> Iterator[Any]:
    """The file, or a temporary one with its bytes where those come in a stream or compressed."""
    if source.path is not None and source.stream is None and not source.compression:
        yield stream
        return
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stream, file)
        file.seek(0)
        yield file


def _plain(value: Any) -> object:
    """A value as JSON has it."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal | timedelta):
        return str(value)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else str(value)


class Encoder:
    """Records to a Parquet file: rows of one as they were, but for the text; of records of another kind, every column that
    is not of one type as text."""

    def __init__(self, file: io.RawIOBase | Any) -> None:
        self._arrow, self._parquet = _library()
        self._file = file
        self._writer: Any = None
        self._schema: Any = None

    def rows(self, batch: Any, chosen: list[int], name: str, texts: list[str | None]) -> None:
        """Rows of a batch that was read, with these texts in the column of that name."""
        rows = batch.take(self._arrow.array(chosen, self._arrow.int64()))
        at = rows.schema.get_field_index(name)
        column = self._arrow.array(texts, rows.schema.field(at).type)
        self._write(self._arrow.Table.from_batches([rows]).set_column(at, rows.schema.field(at), column))

    def records(self, columns: list[str], records: list[Mapping[str, object]], types: Mapping[str, str]) -> None:
        """Records, with these columns of these types."""
        schema = self._arrow.schema([(name, getattr(self._arrow, types[name])()) for name in columns])
        data = {name: [_typed(record.get(name), types[name]) for record in records] for name in columns}
        self._write(self._arrow.table(data, schema=schema))

    def _write(self, table: Any) -> None:
        if self._writer is None:
            self._writer = self._parquet.ParquetWriter(self._file, table.schema)
            self._schema = table.schema
        elif not table.schema.equals(self._schema):
            raise Unreadable("its columns are not those of the table before it: say -o DIR")
        self._writer.write_table(table)

    def close(self) -> None:
        """End the file."""
        if self._writer is not None:
            self._writer.close()


def type_of(value: object, before: str) -> str:
    """The type of a column, of which a value comes after those of type `before` ("" where there were none)."""
    if value is None:
        return before
    kinds = {bool: "bool_", int: "int64", float: "float64"}
    kind = kinds.get(type(value), "string")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        kind = "string"
    if not before or before == kind:
        return kind
    return "float64" if {before, kind} == {"int64", "float64"} else "string"


def _typed(value: object, kind: str) -> object:
    if value is None or kind != "string":
        return value
    return value.encode(errors="replace").decode() if isinstance(value, str) else dumps({"": value})[5:-1]
