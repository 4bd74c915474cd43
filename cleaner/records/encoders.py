"""Records to bytes, in each of the formats that are written."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Protocol

from cleaner.records import tables
from cleaner.records.encodings import Unreadable
from cleaner.records.jsonlines import dumps, loads
from cleaner.records.sources import Source
from cleaner.records.tables import Dialect, Row, Table

OUTPUTS = ("jsonl", "csv", "parquet", "text")


class Encoder(Protocol):
    """Takes a record after the other, with its article's text; `close` comes last. Both give the bytes that are ready.

    Raises Unreadable where a record does not go with those before it.
    """

    def add(self, record: Mapping[str, object], text: str) -> bytes: ...

    def close(self) -> Iterator[bytes]: ...


def encoder(to: str) -> Encoder:
    """What writes a format, one of OUTPUTS."""
    kinds: dict[str, type[Encoder]] = {"csv": _Csv, "parquet": _Parquet, "text": _Text}
    return kinds.get(to, _Lines)()


def columns(source: Source, to: str) -> object:
    """What the columns of a table are that is written as one of the format `to`, row by row as it comes; None for other
    sources. Nothing of a stream is read for it. Raises Unreadable or OSError."""
    if source.format in ("csv", "tsv"):
        return tables.begun(source).columns if to == "csv" else None
    if source.format != "parquet":
        return None
    if source.stream is not None:
        raise Unreadable("its columns stand at its end")
    from cleaner.records.parquet import schema_of

    schema = schema_of(source)
    return tuple(tables.once(schema.names)) if to == "csv" else schema


def without_rows(source: Source, to: str) -> bytes:
    """What is written of a source without a record: its columns, where it is a table and `to` is one."""
    try:
        if to == "csv" and source.format in ("csv", "tsv"):
            table = tables.begun(source)
            return tables.encoder_of(table).head() if table.columns else b""
        names = columns(source, to)
        if isinstance(names, tuple):
            return tables.Encoder(names, Dialect()).head()
        return b"".join(encoder(to).close()) if names is None else _without_rows(names)
    except (Unreadable, OSError):
        return b""


def _without_rows(schema: Any) -> bytes:
    from cleaner.records.parquet import Writer

    sink = _Sink()
    writer = Writer(sink)
    writer.table(schema.empty_table())
    writer.close()
    return sink.taken()


class _Lines:
    """JSON, a record a line."""

    def add(self, record: Mapping[str, object], text: str) -> bytes:
        return (dumps(record) + "\n").encode()

    def close(self) -> Iterator[bytes]:
        return iter(())


class _Text:
    """The texts alone, each with a form feed at its end."""

    def add(self, record: Mapping[str, object], text: str) -> bytes:
        return (text + "\f").encode(errors="replace")

    def close(self) -> Iterator[bytes]:
        return iter(())


class _Spool:
    """Records that wait until all columns are known, in a file where they are many."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115 (it is read later)
        self.types: dict[str, str] = {}  # of the columns, in the order in which they came

    def add(self, record: Mapping[str, object]) -> None:
        for name, value in record.items():
            self.types[name] = _type_of(value, self.types.get(name, ""))
        self._file.write((dumps(record) + "\n").encode())

    def __iter__(self) -> Iterator[dict[str, object]]:
        self._file.seek(0)
        for line in self._file:
            yield loads(line)


def _type_of(value: object, before: str) -> str:
    """The type of a column, of which a value comes after those of type `before` ("" where there were none)."""
    if value is None:
        return before
    kind = {bool: "bool_", int: "int64", float: "float64"}.get(type(value), "string")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        kind = "string"
    if not before or before == kind:
        return kind
    return "float64" if {before, kind} == {"int64", "float64"} else "string"


class _Csv:
    """Rows of a table as they come, in its dialect; other records when all columns are known."""

    def __init__(self) -> None:
        self._spool = _Spool()
        self._rows: tables.Encoder | None = None
        self._columns: tuple[str, ...] = ()

    def add(self, record: Mapping[str, object], text: str) -> bytes:
        if not isinstance(record, Row):
            self._spool.add(record)
            return b""
        table = record.origin if isinstance(record.origin, Table) else None
        columns = table.columns if table else tuple(record)
        head = b""
        if self._rows is None:
            self._rows = tables.encoder_of(table) if table else tables.Encoder(columns, Dialect())
            self._columns = columns
            head = self._rows.head()
        if columns != self._columns:
            raise Unreadable("its columns are not those of the table before it: say -o DIR")
        return head + self._rows.row(record)

    def close(self) -> Iterator[bytes]:
        if self._spool.types:
            if self._rows is not None:
                raise Unreadable("rows of a table and other records do not go into one table: say -o DIR")
            rows = tables.Encoder(tuple(self._spool.types), Dialect())
            yield rows.head()
            yield from map(rows.row, self._spool)


class _Parquet:
    """Rows of Parquet by the batches that they were read in; other records when all columns are known."""

    def __init__(self) -> None:
        from cleaner.records.parquet import Writer

        self._sink = _Sink()
        self._writer = Writer(self._sink)
        self._spool = _Spool()
        self._batch: Any = None
        self._rows: list[Row] = []

    def add(self, record: Mapping[str, object], text: str) -> bytes:
        if not isinstance(record, Row) or isinstance(record.origin, Table):
            self._spool.add(record)
            return b""
        batch, _ = record.origin
        if batch is not self._batch:
            self._flush()
            self._batch = batch
        self._rows.append(record)
        return self._sink.taken()

    def _flush(self) -> None:
        if self._rows:
            self._writer.rows(self._batch, self._rows)
            self._rows = []

    def close(self) -> Iterator[bytes]:
        self._flush()
        if self._spool.types:
            types = {name: kind or "string" for name, kind in self._spool.types.items()}
            rest = iter(self._spool)
            while some := list(islice(rest, 1000)):
                self._writer.records(types, some)
                yield self._sink.taken()
        self._writer.close()
        yield self._sink.taken()


class _Sink(io.RawIOBase):
    """A file to write to that hands on what was written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._size += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._size

    def taken(self) -> bytes:
        """What was written since this was asked last."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
