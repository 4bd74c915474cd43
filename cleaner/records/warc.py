"""Captures of pages, WARC, and of their texts, WET: by fastwarc, the extra `warc`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from cleaner.model import Article, Failure, Remark
from cleaner.options import Fields
from cleaner.records.encodings import LARGEST, Unreadable, decode
from cleaner.records.fields import Reader
from cleaner.records.sources import Source, reason

_READ = ("text/html", "application/xhtml+xml", "text/plain")
SKIPPED = "captures of which records were skipped"


def articles(source: Source, stream: Any, fields: Fields) -> Iterator[Article | Failure]:
    """The article of each response that is a page or a text, and of each conversion; the others are counted, in a remark on
    the last one, or instead of it."""
    try:
        from fastwarc.warc import WarcRecordType
    except ImportError:
        raise Unreadable("reading WARC needs fastwarc: pip install 'article-cleaner[warc]'") from None
    kinds = {int(getattr(WarcRecordType, name)): name for name in ("response", "conversion", "request", "metadata")}
    skipped: Counter[str] = Counter()
    last: Article | Failure | None = None
    reader = Reader(source.name, source.folder, fields)
    number = 0
    given: Any = stream if stream.seekable() else _Told(stream)
    for record in _records(given):
        kind = kinds.get(int(record.record_type)) or str(record.headers.get("WARC-Type") or "record of no type").lower()
        what = _no_article(record) if kind == "response" else "" if kind == "conversion" else kind[:40]
        if what:
            skipped[what] += 1
            continue
        if last:
            yield last
        number += 1
        try:
            last = reader.article(_as_record(record, kind == "response", fields), number)
        except (Unreadable, OSError, ValueError) as error:
            last = Failure(reader.name(number), reason(error))
    counts = "records skipped: " + ", ".join(f"{count:,} {what}" for what, count in skipped.most_common())
    if isinstance(last, Article) and skipped:
        last = replace(last, remarks=(*last.remarks, Remark(SKIPPED, counts)))
    if last:
        yield last
    elif skipped:
        yield Failure(source.name, f"no page in it; {counts}", left_out=True)
    else:
        raise Unreadable("no records of a WARC in it")


def _records(stream: Any) -> Iterator[Any]:
    """The records of a stream. Raises Unreadable where the parser gives up."""
    from fastwarc.warc import ArchiveIterator

    # A stream of our own is decompressed already.
    found = iter(ArchiveIterator(stream, parse_http=True, auto_decode="all", stream_detect=False))
    while True:
        try:
            record = next(found, None)
        except BaseException as error:  # a panic of the parser's is none of Python's usual exceptions
            if type(error).__name__ != "PanicException":
                raise
            raise Unreadable("not WARC that can be read: the parser gave up") from None
        if record is None:
            return
        yield record


class _Told:
    """A pipe that can tell how far it has been read, without which fastwarc reads none."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Some bytes more."""
        data: bytes = self._stream.read(size)
        self._at += len(data)
        return data

    def tell(self) -> int:
        """How many there have been."""
        return self._at


def _no_article(record: Any) -> str:
    """What a response is that has no article in it; "" for the others."""
    if not record.is_http:
        return "response not of HTTP"
    status = record.http_headers.status_code if record.http_headers else None
    if status is None or not 200 <= status < 300:
        return f"response of status {status}" if status else "response without a status"
    content = (record.http_content_type or "text/html").lower()
    return "" if content in _READ else f"response of {content[:40]}"


def _as_record(record: Any, is_response: bool, fields: Fields) -> dict[str, object]:
    found: dict[str, object] = {}
    if date := record.record_date:
        found[fields.date] = date.isoformat()
    if address := record.headers.get("WARC-Target-URI"):
        found[fields.url] = address
    is_page = is_response and record.http_content_type != "text/plain"
    charset = record.http_charset if record.is_http else None
    found["html" if is_page else fields.text] = _text(_payload(record.reader), charset, is_page)
    return found


def _payload(reader: Any) -> bytes:
    pieces = []
    size = 0
    while piece := reader.read(_PIECE):  # it makes room for all that it is asked for
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise Unreadable(f"larger than {LARGEST >> 20} MB")
    return b"".join(pieces)


_PIECE = 64 << 10  # bytes


def _text(data: bytes, charset: str | None, is_page: bool) -> str:
    """The text of a response, by the encoding that HTTP names where that reads it all, as browsers go by it first."""
    if charset and charset.lower() not in ("utf-8", "iso-8859-1"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data, html=is_page).text
