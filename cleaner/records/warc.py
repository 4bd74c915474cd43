"""Captures of pages, WARC, and of their texts, WET: by fastwarc, the extra `warc`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cleaner.model import Article, Failure, Remark
from cleaner.options import Fields
from cleaner.records.encodings import LARGEST, Unreadable, decode
from cleaner.records.fields import Place, article_of
from cleaner.records.sources import Source, reason

_PAGES = ("text/html", "application/xhtml+xml")
SKIPPED = "captures of which records were skipped"


def articles(source: Source, stream: Any, fields: Fields) -> Iterator[Article | Failure]:
    """The article of each response that is a page or a text, and of each conversion; the others are counted, in a remark on
    the last one."""
    skipped: Counter[str] = Counter()
    last: Article | Failure | None = None
    folder = source.folder
    number = 0
    for record in _records(source, stream):
        what = _skipped(record)
        if what:
            skipped[what] += 1
            continue
        if last:
            yield last
        number += 1
        name = f"{source.name}#{number}"
        try:
            last = article_of(_as_record(record, fields), Place(name, name, source.name, folder), fields)
        except (Unreadable, OSError, ValueError) as error:
            last = Failure(name, reason(error))
    if isinstance(last, Article) and skipped:
        counts = ", ".join(f"{count:,} {what}" for what, count in skipped.most_common())
        last = replace(last, remarks=(*last.remarks, Remark(SKIPPED, f"records skipped: {counts}")))
    if last:
        yield last


def _records(source: Source, stream: Any) -> Iterator[Any]:
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError:
        raise Unreadable("reading WARC needs fastwarc: pip install 'article-cleaner[warc]'") from None
    begun = False
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
            break
        begun = True
        yield record
    if not begun:
        raise Unreadable("no records of a WARC in it")


def _skipped(record: Any) -> str:
    """What a record is that has no article in it; "" for the others."""
    kind = _kind(record)
    if kind == "conversion":
        return ""
    if kind != "response":
        return kind[:40]
    if not record.is_http:
        return "response not of HTTP"
    status = record.http_headers.status_code if record.http_headers else None
    if status is None or not 200 <= status < 300:
        return f"response of status {status}"
    content = (record.http_content_type or "text/html").lower()
    return "" if content in (*_PAGES, "text/plain") else f"response of {content[:40]}"


def _kind(record: Any) -> str:
    return str(record.headers.get("WARC-Type") or "record of no type").lower()


def _as_record(record: Any, fields: Fields) -> dict[str, object]:
    data = record.reader.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unreadable(f"larger than {LARGEST >> 20} MB")
    is_page = _kind(record) == "response" and record.http_content_type != "text/plain"
    date = record.record_date
    found: dict[str, object] = {
        fields.date: date.isoformat() if date else None,
        fields.url: record.headers.get("WARC-Target-URI"),
    }
    found = {key: value for key, value in found.items() if value}
    found["html" if is_page else fields.text] = _text(data, record.http_charset if record.is_http else None, is_page)
    return found


def _text(data: bytes, charset: str | None, is_page: bool) -> str:
    """The text of a response, by the encoding that HTTP names where that reads it all, as browsers go by it first."""
    if charset and charset.lower() not in ("utf-8", "iso-8859-1"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data, html=is_page).text
