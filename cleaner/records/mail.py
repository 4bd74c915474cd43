"""Saved mail: a mail, a page that a browser saved as one file (MHTML), or a mailbox. One mail is one record."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

from cleaner.model import Article, Failure
from cleaner.options import Fields
from cleaner.records.encodings import LARGEST, Unreadable, decode
from cleaner.records.fields import Reader
from cleaner.records.sources import Source, reason

_FROM = b"From "  # begins a mail of a mailbox, behind an empty line
_QUOTED = re.compile(rb"(?m)^>(>*From )")
_DEEPEST = 50  # parts within parts
_BOUNDARY = re.compile(rb"(?i)boundary\s*=")


def articles(source: Source, stream: Any, fields: Fields) -> Iterator[Article | Failure]:
    """The article of each mail: its HTML where it has some, else its text."""
    reader = Reader(source.name, source.folder, fields)
    for number, data in enumerate(_mails(stream), 1):
        try:
            record = _record(data, fields)
        except Unreadable as error:
            yield Failure(reader.name(number), reason(error))
        except (LookupError, ValueError, TypeError, AttributeError, IndexError, RecursionError, AssertionError) as error:
            # What the standard library raises on broken headers; it is meant to raise nothing.
            yield Failure(reader.name(number), f"not a mail that can be read ({reason(error)})")
        else:
            yield reader.article(record, number)


def _mails(stream: Any) -> Iterator[bytes]:
    """The bytes of each mail of a mailbox; anything else is one mail."""
    if bytes(stream.peek(len(_FROM))[: len(_FROM)]) != _FROM:
        yield _limited(stream.read(LARGEST + 1))
        return
    lines: list[bytes] = []
    size, blank = 0, True
    for line in stream:
        if blank and line.startswith(_FROM) and lines:
            yield _QUOTED.sub(rb"\1", b"".join(lines))
            lines, size = [], 0
        blank = line in (b"\n", b"\r\n")
        size += len(line)
        if size > LARGEST:
            raise Unreadable(f"a mail larger than {LARGEST >> 20} MB")
        lines.append(line)
    if lines:
        yield _QUOTED.sub(rb"\1", b"".join(lines))


def _limited(data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise Unreadable(f"larger than {LARGEST >> 20} MB")
    return data


def _record(data: bytes, fields: Fields) -> dict[str, object]:
    if len(_BOUNDARY.findall(data)) > _MOST_PARTS:
        raise Unreadable("a mail of too many parts")
    mail = email.message_from_bytes(data, policy=_POLICY)
    assert isinstance(mail, EmailMessage)
    page, text = _parts(mail)
    part = page or text
    if part is None:
        raise Unreadable("a mail without a text")
    known: dict[str, object] = {
        fields.id: _header(mail, "Message-ID").strip("<> "),
        fields.title: _header(mail, "Subject"),
        fields.date: _header(mail, "Date"),
        "author": re.sub(r"^\W*Saved by .*", "", _header(mail, "From")),
        fields.url: _header(mail, "Snapshot-Content-Location") or _header(part, "Content-Location"),
    }
    record = {key: value for key, value in known.items() if value}
    record["html" if page else fields.text] = _content(part, page is not None)
    return record


_POLICY = email.policy.default.clone(raise_on_defect=False)
_MOST_PARTS = 500


def _parts(mail: EmailMessage) -> tuple[EmailMessage | None, EmailMessage | None]:
    """The first part that is a page, and the first that is plain text: attachments are neither."""
    found: dict[str, EmailMessage] = {}
    todo: list[tuple[Any, int]] = [(mail, 0)]
    while todo:
        part, depth = todo.pop(0)
        if part.is_multipart():
            if part.get_content_type() != "message/rfc822" and depth < _DEEPEST:
                todo = [(inner, depth + 1) for inner in part.get_payload()] + todo
        elif not _attached(part):
            found.setdefault(part.get_content_type(), part)
    return found.get("text/html") or found.get("application/xhtml+xml"), found.get("text/plain")


def _attached(part: EmailMessage) -> bool:
    return _header(part, "Content-Disposition").lower().startswith("attachment")


def _header(part: EmailMessage, name: str) -> str:
    """A header's text, on one line; "" where there is none or where it is too broken to be read."""
    try:
        return " ".join(str(part.get(name) or "").split())
    except (LookupError, ValueError, TypeError, AttributeError, IndexError, RecursionError, AssertionError):
        return ""


def _content(part: EmailMessage, is_page: bool) -> str:
    """The text of a part, by the encoding that its header names where that reads it."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    charset = part.get_content_charset()
    if charset:
        try:
            return data.decode(charset).replace("\r\n", "\n")
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data, html=is_page).text.replace("\r\n", "\n")
