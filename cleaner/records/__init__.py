"""Articles in and records out: bytes to articles, records to bytes."""

from __future__ import annotations

import lzma
import os
import tempfile
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from cleaner.model import Article, Failure, Remark
from cleaner.options import Fields
from cleaner.records.encoders import OUTPUTS, columns, encoder, without_rows
from cleaner.records.encodings import LARGEST, Unreadable, binary, decode, encode, in_megabytes
from cleaner.records.fields import DATES, HTML_NAMES, REPLACED
from cleaner.records.jsonlines import Line, dumps, lines, loads, parsed, whole
from cleaner.records.sniffing import FORMATS
from cleaner.records.sourcelist import SourceList
from cleaner.records.sources import Source, address_beside, discover, opened, opened_raw, reason, rereadable, stat_of
from cleaner.records.tables import Row

__all__ = [
    "DATES",
    "FORMATS",
    "HTML_NAMES",
    "LARGEST",
    "OUTPUTS",
    "Fields",
    "Line",
    "Row",
    "Source",
    "SourceList",
    "Unreadable",
    "address_beside",
    "binary",
    "columns",
    "decode",
    "discover",
    "dumps",
    "encode",
    "encoder",
    "in_megabytes",
    "loads",
    "opened_raw",
    "output_name",
    "parsed",
    "read",
    "read_lines",
    "reason",
    "rereadable",
    "stat_of",
    "without_rows",
    "write_atomically",
]


def read(source: Source, fields: Fields) -> Iterator[Article | Failure]:
    """The articles of a source, in order, with a Failure in the place of each that cannot be read.

    HTML comes as an Article whose `html` is set; extract.extract makes the text of it.
    """
    return (parsed(item) if isinstance(item, Line) else item for item in read_lines(source, fields))


def read_lines(source: Source, fields: Fields) -> Iterator[Line | Article | Failure]:
    """The same, but that lines of records come as they stand: `parsed` makes articles of them, wherever that suits."""
    try:
        with opened(source) as stream:
            if source.format == "jsonl":
                yield from lines(source, stream, fields)
            elif source.format == "json":
                yield from whole(source, _all(stream, source.largest), fields)
            elif source.format in _READERS:
                yield from import_module(f"cleaner.records.{_READERS[source.format]}").articles(source, stream, fields)
            else:
                yield _single(source, _all(stream, source.largest))
    except EOFError:
        yield Failure(source.name, "the compressed data ends too early")
    except (Unreadable, OSError, lzma.LZMAError, ValueError) as error:
        # What the system says may be otherwise the next time; what a decompressor says has no number.
        yield Failure(source.name, reason(error), lost=getattr(error, "errno", None) is not None)
    except Exception as error:  # zlib.error and zstandard.ZstdError: naming them would import both
        if type(error).__name__ not in ("error", "ZstdError"):
            raise
        yield Failure(source.name, f"damaged compressed data ({reason(error)})")


# The modules of the formats that are not text, HTML or JSON; each is loaded when it is read for the first time.
_READERS = {"csv": "tables", "tsv": "tables", "parquet": "parquet", "warc": "warc", "feed": "feeds", "mail": "mail"}


def _all(stream: Any, largest: int) -> bytes:
    data: bytes = stream.read(largest + 1)
    if len(data) > largest:
        raise Unreadable(f"larger than {in_megabytes(largest)}")
    return data


def _single(source: Source, data: bytes) -> Article:
    """The article of an input that is one text, or one page."""
    page = source.format == "html"
    text, _, replaced = decode(data, html=page)
    many = "signs could not be read and were" if replaced > 1 else "sign could not be read and was"
    remarks = (Remark(REPLACED, f"{replaced} {many} replaced"),) if replaced else ()
    if page:
        return Article(html=text, url=address_beside(source), id=source.name, folder=source.folder, remarks=remarks)
    return Article(text, id=source.name, folder=source.folder, remarks=remarks)


def output_name(source: Source, to: str = "") -> str:
    """The name of a source's output in an output tree: the input's full name, with the suffix of the format `to` added where
    the name has another; text of texts and pages, and lines of records, unless told."""
    wanted = _SUFFIX[to or ("text" if source.single else "jsonl")]
    return source.rel if source.rel.endswith(wanted) else source.rel + wanted


_SUFFIX = {"text": ".txt", "jsonl": ".jsonl", "csv": ".csv", "parquet": ".parquet"}


def write_atomically(path: Path, data: Iterable[bytes], mode: int | None = None, beside: Path | None = None) -> None:
    """Write a file so that it is there whole or, whatever happens, as it was before. While it is written it stands in its
    own folder, or where `beside` says, on the same file system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=beside or path.parent, prefix=".cleaner-")
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
    except BaseException as error:
        os.unlink(name)
        if isinstance(error, OSError) and error.errno and error.filename is None:  # a full disk says no name
            error.filename = str(path)
        raise
