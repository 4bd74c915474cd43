"""Bytes to text and back."""

from __future__ import annotations

import codecs
import re

SNIFF = 64 << 10  # bytes that are looked at to find out what an input is


class Unreadable(Exception):
    """An input that cannot be read; the message is the reason, in one line."""


# Byte order marks, by the encodings that `decode` names where there is one.
_MARKS = {"utf-8-sig": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a text in an encoding that `decode` named, with the byte order mark that it had."""
    if encoding == "utf-8-sig":
        return text.encode(encoding)
    return _MARKS.get(encoding, b"") + text.encode(encoding)


def decode(data: bytes, html: bool = False) -> tuple[str, str]:
    """The text of bytes, and the encoding that gives the same bytes back.

    By byte order mark, then UTF-8, then what a page declares, then by charset-normalizer's guess. Raises Unreadable
    where the bytes are no text.
    """
    for name, mark in _MARKS.items():
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name), name
            except UnicodeDecodeError as error:
                raise Unreadable(f"not text: broken {name}: {error.reason}") from None
    if binary(data):
        raise Unreadable("not a text file")
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = (
        re.search(rb"(?i)<(?:meta|\?xml)[^>]{0,200}(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,30})", data[:4096])
        if html
        else None
    )
    names = [declared[1].decode()] if declared else []
    # Western pages are commonest by far, and a guess from a few odd bytes is often an exotic one.
    high = data.translate(None, bytes(range(128)))
    if len(high) < len(data) / 20:
        names.append("cp1252")
    for name in names:
        try:
            return data.decode(name), name
        except (UnicodeDecodeError, LookupError):
            pass
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        if html:
            return data.decode(errors="replace"), "utf-8"
        raise Unreadable("not text in any known encoding")
    return data.decode(best.encoding), best.encoding


def binary(data: bytes) -> bool:
    """Whether bytes are no text in any encoding that is read here."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    head = data[:SNIFF]
    controls = len(head) - len(
        head.translate(None, b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18")
    )
    return b"\x00" in head or controls > len(head) / 50 or head.startswith((b"%PDF-", b"\x89PNG", b"PK\x03\x04", b"GIF8"))
