"""Parquet: a row a record, by pyarrow, the extra `parquet`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from cleaner.model import Article, Failure
from cleaner.options import Fields
from cleaner.records.encodings import Unreadable
from cleaner.records.fields import Reader
from cleaner.records.jsonlines import dumps
from cleaner.records.sources import Source, opened, reason
from cleaner.records.tables import Row, once

ROWS = 256  # that are read at once, and about as many as are cleaned at once


def articles(source: Source, stream: Any, fields: Fields) -> Iterator[Article | Failure]:
    """The article of each row, by row groups."""
    arrow, parquet = _library()
    reader = Reader(source.name, source.folder, fields)
    number = 0
    try:
        with _seekable(source, stream) as file:
            opened = parquet.ParquetFile(file, pre_buffer=False)
            for batch in opened.iter_batches(batch_size=ROWS, use_threads=False):
                names = list(once(batch.schema.names))
                for at, values in enumerate(zip(*map(_values, batch.columns), strict=True)):
                    number += 1
                    yield reader.article(Row.of(zip(names, values, strict=True), (batch, at)), number)
    except (arrow.ArrowException, OSError, ValueError, OverflowError) as error:
        where = reader.name(number + 1) if number else source.name
        yield Failure(where, f"not Parquet that can be read: {reason(error).split('. ')[0]}")


def schema_of(source: Source) -> Any:
    """The schema of a file. Raises Unreadable, whatever may be wrong with it."""
    _, parquet = _library()
    try:
        with opened(source) as stream, _seekable(source, stream) as file:
            return parquet.ParquetFile(file).schema_arrow
    except Exception as error:
        raise Unreadable(reason(error)) from None


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
    if source.file is not None and source.stream is None and not source.compression:
        yield stream
        return
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stream, file)
        file.seek(0)
        yield file


def _values(column: Any) -> list[Any]:
    """The values of a column as JSON has them; as text where Python has none such (nanoseconds)."""
    try:
        values: list[Any] = column.to_pylist()
    except (ValueError, OverflowError):
        values = column.cast("string").to_pylist()
    return values if _PLAIN.issuperset(map(type, values)) else [_plain(value) for value in values]


_PLAIN = frozenset((str, int, bool, type(None)))


def _plain(value: Any) -> object:
    """A value as JSON has it."""
    if type(value) in _PLAIN:
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


class Writer:
    """A Parquet file. Raises Unreadable where something has other columns than what came before it."""

    def __init__(self, file: Any) -> None:
        self._arrow, self._parquet = _library()
        self._file = file
        self._writer: Any = None
        self._schema: Any = None

    def rows(self, batch: Any, rows: Sequence[Row]) -> None:
        """Rows of a batch that was read, as they were but for the cells that have changed."""
        chosen = self._arrow.array([row.origin[1] for row in rows], self._arrow.int64())
        table = self._arrow.Table.from_batches([batch.take(chosen)])
        for name in {row.changed for row in rows} - {""}:
            at = list(once(table.schema.names)).index(name)
            kept = table.column(at).to_pylist()
            cells = [row[name] if row.changed == name else was for row, was in zip(rows, kept, strict=True)]
            kind = table.schema.field(at)
            table = table.set_column(at, kind, self._arrow.array(cells, kind.type))
        self.table(table)

    def records(self, types: Mapping[str, str], records: Sequence[Mapping[str, object]]) -> None:
        """Records, with columns of these names and types."""
        schema = self._arrow.schema([(name, getattr(self._arrow, kind)()) for name, kind in types.items()])
        data = {name: [_typed(record.get(name), kind) for record in records] for name, kind in types.items()}
        self.table(self._arrow.table(data, schema=schema))

    def table(self, table: Any) -> None:
        """A table as it is."""
        if self._writer is None:
            self._writer = self._parquet.ParquetWriter(self._file, table.schema)
            self._schema = table.schema
        elif not table.schema.equals(self._schema):
            raise Unreadable("its columns are not those of the table before it: say -o DIR")
        self._writer.write_table(table)

    def close(self) -> None:
        """End the file; one without rows has no columns."""
        if self._writer is None:
            self.table(self._arrow.table({}))
        self._writer.close()


def _typed(value: object, kind: str) -> object:
    if value is None or kind != "string":
        return value
    return value.encode(errors="replace").decode() if isinstance(value, str) else dumps({"": value})[5:-1]
