"""Tables of text, CSV and TSV: dialect and encoding are found out, rows become articles, and go back in the same dialect."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from msgspec.structs import replace

from cleaner.dates import day_first
from cleaner.model import Article, Failure, Remark
from cleaner.options import Fields
from cleaner.records.encodings import SNIFF, decode, encode
from cleaner.records.fields import REPLACED, Reader
from cleaner.records.jsonlines import dumps
from cleaner.records.sources import Source, opened, peeked

LARGEST_CELL = 64 << 20  # code points; an opening quote too many would make one cell of all that follows
_DELIMITERS = ",;\t|"
_SAMPLE = 200  # rows by which a dialect is found out


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written."""

    delimiter: str = ","
    quote: str = '"'  # "" where quotes are signs like any other
    escape: str = ""  # before a quote, where they are not doubled
    all_quoted: bool = False
    line_end: str = "\n"
    encoding: str = "utf-8"  # as encodings.decode names it

    def told(self) -> dict[str, Any]:
        """The same as the csv module is told it."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote or None,
            "escapechar": self.escape or None,
            "doublequote": not self.escape,
            "quoting": csv.QUOTE_NONE if not self.quote else csv.QUOTE_ALL if self.all_quoted else csv.QUOTE_MINIMAL,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """What the rows of a table share: its dialect, and its columns as the first row names them."""

    dialect: Dialect
    columns: tuple[str, ...]
    keys: tuple[str, ...]  # the same, but each only once
    tabs: bool = False  # whether it is called TSV, which CSV is not


class Row(dict[str, object]):
    """A row as a record, that knows its table (of Parquet, its batch and its place in it) and can be written as it was.
    `changed` is the column whose cell is not as it was read."""

    __slots__ = ("changed", "origin")
    changed: str
    origin: Any

    @classmethod
    def of(cls, cells: Any, origin: Any, changed: str = "") -> Row:
        """A row of these names and values."""
        row = cls(cells)  # an __init__ would take twice as long
        row.origin, row.changed = origin, changed
        return row

    def __reduce__(self) -> tuple[type, tuple[dict[str, object]]]:
        return dict, (dict(self),)  # to a worker goes what the row says


def articles(source: Source, stream: Any, fields: Fields) -> Iterator[Article | Failure]:
    """The article of each row below the first, which names the columns."""
    csv.field_size_limit(LARGEST_CELL)
    head = bytes(stream.peek(SNIFF)[:SNIFF])
    encoding, sure = _encoding(source, head)
    dialect = _dialect(_text(head, encoding), encoding, source.format)
    lines = _Lines(stream, encoding)
    rows = csv.reader(lines.each(), **dialect.told())
    try:
        columns = tuple(next(rows, ()))
        if not columns:
            return
        table = Table(dialect, columns, tuple(once(columns)), source.format == "tsv")
        # Where the text may be in either, an empty cell is none.
        either = fields.text if "html" in columns and fields.text in columns else ""
        reader = Reader(source.name, source.folder, fields, _day_first(source, table, fields))
        number = 0
        wide, line = len(columns), rows.line_num + 1
        for cells in rows:
            if cells:
                number += 1
                if lines.ended:  # csv takes the end of the file for the end of the cell
                    yield Failure(reader.where(number, line), "the file ends within a quoted cell that begins here")
                    return
                keys = table.keys if len(cells) <= wide else _more(table.keys, len(cells))
                row = Row.of(zip(keys, cells, strict=False), table)
                if either and not row.get(either, ""):
                    row[either] = None
                article = reader.article(row, number, line)
                if not sure and "\ufffd" in "".join(cells) and isinstance(article, Article):
                    article = replace(article, remarks=(*article.remarks, Remark(REPLACED, "signs could not be read")))
                yield article
            line = rows.line_num + 1
    except csv.Error as error:
        yield Failure(f"{source.name}:{rows.line_num}", f"not a table that can be read: {error}")
    finally:
        lines.close()


def begun(source: Source) -> Table:
    """How a table is written, and its columns; nothing of a stream is read for it."""
    with opened(source) as stream:
        head = peeked(stream, SNIFF)
    encoding = _encoding_of(head)
    text = _text(head, encoding)
    dialect = _dialect(text, encoding, source.format)
    columns = tuple(next(csv.reader(io.StringIO(text, newline=""), **dialect.told()), ()))
    return Table(dialect, columns, tuple(once(columns)), source.format == "tsv")


class _Lines:
    """The lines of a stream, decoded; `ended` says that they were asked for more than there are."""

    def __init__(self, stream: Any, encoding: str) -> None:
        name = encoding.partition(" ")[0]
        self._wrapper = io.TextIOWrapper(stream, "utf-8" if name == "utf-8-sig" else name, "replace", newline="")
        self.ended = False

    def each(self) -> Iterator[str]:
        """The lines; no Python is run for one of them."""
        return chain((self._wrapper.readline().removeprefix("\ufeff"),), self._wrapper, self._end())

    def _end(self) -> Iterator[str]:
        self.ended = True
        return
        yield

    def close(self) -> None:
        """Leave the stream to whom it belongs."""
        self._wrapper.detach()


def _more(keys: Sequence[str], wide: int) -> Sequence[str]:
    """The keys of the cells of a row of more cells than there are columns: those that no column is named for are counted."""
    return (*once([*keys, *(f"column {number}" for number in range(len(keys) + 1, wide + 1))]),)


def once(names: Iterable[str]) -> Iterator[str]:
    """Names, with those that were there before told apart."""
    taken: set[str] = set()
    repeated: Counter[str] = Counter()
    for name in names:
        one = name
        while one in taken:
            repeated[name] += 1
            one = f"{name}~{repeated[name] + 1}"
        taken.add(one)
        yield one


def _encoding(source: Source, head: bytes) -> tuple[str, bool]:
    """The encoding of a table, and whether it reads all of it for certain: UTF-8 where all of it is that, which is looked
    through where it can be read twice; else that of what is no UTF-8."""
    encoding = _encoding_of(head)
    if encoding not in ("utf-8", "ascii") or source.file is None or source.stream is not None:
        return encoding, False
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened(source) as stream:
        while data := stream.read(SNIFF):
            try:
                decoder.decode(data)
            except UnicodeDecodeError as error:
                low = max(0, error.start - SNIFF // 2)
                odd = error.object[low : error.start + SNIFF // 2]
                lines = [line for line in odd.splitlines(True)[1:-1] if not line.isascii()]
                return decode(b"".join(lines) or odd).encoding, False
    return encoding, True


def _encoding_of(head: bytes) -> str:
    whole_lines = head[: head.rfind(b"\n") + 1] or head
    return decode(whole_lines if b"\0" not in whole_lines else head[: len(head) // 4 * 4]).encoding


def _text(head: bytes, encoding: str) -> str:
    return head.decode(encoding.partition(" ")[0], "ignore").removeprefix("\ufeff")


def _dialect(sample: str, encoding: str, format: str) -> Dialect:
    """The dialect in which the first rows of a table have the same number of cells."""
    lines = list(io.StringIO(sample, newline=""))
    if len(sample) > SNIFF // 8 and len(lines) > 1:
        lines.pop()  # it may have been cut
    delimiters = "\t" if format == "tsv" else _DELIMITERS
    best, most = Dialect(delimiters[0]), 0.0
    for delimiter in delimiters:
        for quote, escape in (('"', ""), ('"', "\\"), ("'", ""), ("", "")):
            # Others than the usual quotes, and backslashes before them, only where there are such: prose has apostrophes.
            if (escape and '\\"' not in sample) or (quote == "'" and not sample.startswith("'")):
                continue
            tried = Dialect(delimiter, quote, escape)
            if (found := _fits(lines, tried)) > most:
                best, most = tried, found
    first = lines[0] if lines else ""
    line_end = next((end for end in ("\r\n", "\n", "\r") if first.endswith(end)), "\n")
    quoted = bool(best.quote) and _all_quoted(first, best)
    return Dialect(best.delimiter, best.quote, best.escape, quoted, line_end, encoding)


def _fits(lines: Sequence[str], dialect: Dialect) -> float:
    """How well a dialect fits, from 0: by the share of rows with as many cells as the first, and how many those are."""
    rows = csv.reader(lines, **dialect.told())
    counts: list[int] = []
    loose = 0
    try:
        for _, row in zip(range(_SAMPLE), rows, strict=False):
            if row:
                counts.append(len(row))
                quote = dialect.quote or '"'
                loose += any(cell.startswith(quote) or cell.endswith(quote) for cell in row)
    except csv.Error:
        pass
    if len(counts) > 1 and counts[-1] != counts[0]:
        counts.pop()  # it may have been cut
    if not counts or counts[0] < 2:
        return 0.0
    alike = sum(count == counts[0] for count in counts) / len(counts) - 0.05 * _is_odd(lines, dialect)
    return alike - 0.5 * loose / len(counts) + min(counts[0], 50) / 1000


def _is_odd(lines: Sequence[str], dialect: Dialect) -> bool:
    """Whether something stands behind a closing quote, which shows that it closes nothing."""
    try:
        for _ in zip(range(_SAMPLE), csv.reader(lines, strict=True, **dialect.told()), strict=False):
            pass
    except csv.Error as error:
        return "expected after" in str(error)
    return False


def _all_quoted(line: str, dialect: Dialect) -> bool:
    """Whether every cell of a row of names stands in quotes."""
    names = next(csv.reader([line], **dialect.told()), [])
    written = io.StringIO()
    csv.writer(written, **{**dialect.told(), "quoting": csv.QUOTE_ALL}, lineterminator="").writerow(names)
    return written.getvalue() == line.rstrip("\r\n")


def _day_first(source: Source, table: Table, fields: Fields) -> bool | None:
    """Whether dates such as 1/4/19 put the day first, by those of the first rows that tell."""
    if fields.date not in table.columns or source.file is None or source.stream is not None:
        return None
    at = table.columns.index(fields.date)
    with opened(source) as stream:
        lines = _Lines(stream, table.dialect.encoding)
        try:
            rows = csv.reader(lines.each(), **table.dialect.told())
            return day_first(row[at] for _, row in zip(range(_DATED), rows, strict=False) if len(row) > at)
        except csv.Error:
            return None
        finally:
            lines.close()


_DATED = 1000  # rows


def encoder_of(table: Table) -> Encoder:
    """What writes rows of a table as CSV, in its dialect where it has one of CSV."""
    return Encoder(table.columns, Dialect() if table.tabs else table.dialect)


class Encoder:
    """Rows to bytes, in the dialect of their table; of records of another kind to plain CSV with these columns."""

    def __init__(self, columns: Sequence[str], dialect: Dialect) -> None:
        self.keys = tuple(once(columns))
        self._columns, self._dialect = columns, dialect
        self._buffer = io.StringIO()
        told = {**dialect.told(), "lineterminator": dialect.line_end}
        self._writer = csv.writer(self._buffer, **told)
        self._quoting = csv.writer(self._buffer, **{**told, "quoting": csv.QUOTE_ALL}) if dialect.quote else self._writer
        self._spaces = {ord(sign): " " for sign in f"\r\n{dialect.delimiter}"}
        self._mark = encode("", dialect.encoding)

    def head(self) -> bytes:
        """The names of the columns, behind the encoding's mark."""
        return self._mark + self._row(self._columns)

    def row(self, record: Mapping[str, object]) -> bytes:
        """A record's values, in the order of the columns."""
        cells = [record.get(key) for key in self.keys]
        if isinstance(record, Row):  # as many as it had
            cells = list(record.values())
        return self._row([_cell(value) for value in cells])

    def _row(self, cells: Sequence[str]) -> bytes:
        writer = self._writer
        if not self._dialect.quote:  # what ends a row, or a cell, could not be told from what is in one
            cells = [cell.translate(self._spaces) for cell in cells]
        elif any("\r" in cell or "\n" in cell for cell in cells):  # csv quotes one of them for its own line end's sake alone
            writer = self._quoting
        self._buffer.seek(0)
        self._buffer.truncate()
        writer.writerow(cells)
        return encode(self._buffer.getvalue(), self._dialect.encoding, "replace")[len(self._mark) :]


def _cell(value: object) -> str:
    """A value as a cell: a string as it is, nothing where there is none, and else as JSON."""
    return value if isinstance(value, str) else "" if value is None else dumps({"": value})[5:-1]
