"""Bytes to text and back."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import NamedTuple

SNIFF = 64 << 10  # bytes that are looked at to find out what an input is
# One article, or one line of records, may not be larger: what is, is no article, and would fill the memory.
LARGEST = 256 << 20  # bytes, decompressed


def in_megabytes(size: int) -> str:
    """A size for messages."""
    return f"{size / (1 << 20):.3g} MB"


class Unreadable(Exception):
    """An input that cannot be read; the message is the reason, in one line."""


# Byte order marks, by the encodings that `decode` names where there is one; the longer ones first.
_MARKS = {
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
_ALL_MARKS = tuple(_MARKS.values())
# Where Python is stricter than browsers are: letters that the encoding has gained since, tried next.
_WIDER = {"euc_jp": "euc_jisx0213", "iso2022_jp": "iso2022_jp_3", "gbk": "gb18030"}
_DECLARED = re.compile(rb"(?i)<(?:meta|\?xml)[^>]{0,200}(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.-]{2,30})")
_HEAD = 4096  # bytes in which a page declares its encoding
# Python's names for what is no encoding of a page.
_NO_ENCODINGS = frozenset(["unicode-escape", "raw-unicode-escape", "idna", "punycode", "utf-7", "undefined", "mbcs", "oem"])
_FEW = 0.005  # the share of its bytes beyond ASCII that an encoding may be unable to read and still be the right one
_SURE = 9  # signs of several bytes that are right in UTF-8, to one that is not: hardly any other text has one
_ODD = 0.05  # the share of bytes beyond ASCII up to which a Western text is likelier than an exotic guess


class Decoded(NamedTuple):
    """A text, the encoding that gives its bytes back, and how many signs could not be read and were replaced."""

    text: str
    encoding: str
    replaced: int = 0


_BARE = " without a mark"  # after the name of an encoding that `decode` would look for the mark of


def encode(text: str, encoding: str, errors: str = "strict") -> bytes:
    """The bytes of a text in an encoding that `decode` named, with the byte order mark that it had."""
    encoding, bare, _ = encoding.partition(_BARE)
    if encoding == "utf-8-sig":
        return text.encode(encoding, errors)
    return (b"" if bare else _MARKS.get(encoding, b"")) + text.encode(encoding, errors)


def decode(data: bytes, html: bool = False) -> Decoded:
    """The text of bytes.

    By byte order mark; then UTF-8, where all of it is that; then what a page declares, as browsers read such labels
    (https://encoding.spec.whatwg.org: latin1 is windows-1252, gb2312 is gbk); then by charset-normalizer's guess; with
    signs replaced only where nothing reads it whole. Raises Unreadable where the bytes are no text.
    """
    if data.startswith(_ALL_MARKS):
        for name, mark in _MARKS.items():
            if data.startswith(mark) and (name[:6] != "utf-32" or len(data) % 4 == 0):
                return _lossy(data[len(mark) :], name, name)
    if data.find(b"\0", 0, SNIFF) < 0 and b"\x1b" not in data and not _is_file(data[:_HEAD]):
        with suppress(UnicodeDecodeError):
            return Decoded(data.decode(), "utf-8")  # as nearly all are; the rest may take longer
    if wide := _without_mark(data):
        return _lossy(data, wide, wide + _BARE)
    if binary(data):
        raise Unreadable("not a text file")
    names = _declared(data) if html else []
    if b"\x1b$" in data:  # seven bits, and UTF-8 would take it for ASCII
        names.append("iso2022_jp")
    else:
        names.insert(0, "utf-8")
    for name in names:
        if found := _whole(data, name):
            return found
    high = len(data.translate(None, bytes(range(128))))
    for name in names:
        lossy = _lossy(data, name, name)
        right = sum(not char.isascii() for char in lossy.text) - lossy.replaced if name == "utf-8" else 0
        if lossy.replaced <= max(_FEW * high, right / _SURE):
            return lossy
    # Western pages are commonest by far, and a guess from a few odd bytes is often an exotic one.
    if high < _ODD * len(data) and (found := _whole(data, "cp1252")):
        return found
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is not None:
        return Decoded(data.decode(best.encoding), best.encoding)
    if not html:
        raise Unreadable("not text in any known encoding")
    return min((_lossy(data, name, name) for name in names), key=lambda found: found.replaced)


def _whole(data: bytes, name: str) -> Decoded | None:
    """The text, where the encoding reads all of it."""
    for one in (name, _WIDER.get(name)):
        try:
            if one:
                return Decoded(data.decode(one), one)
        except UnicodeDecodeError:
            pass
    return None


def _lossy(data: bytes, name: str, called: str) -> Decoded:
    try:
        return Decoded(data.decode(name), called)
    except UnicodeDecodeError:
        text = data.decode(name, "replace")
        return Decoded(text, called, text.count("\ufffd"))


def _declared(data: bytes) -> list[str]:
    """What a page declares itself to be in: Python's name for it, where it is one that a page can be in."""
    found = _DECLARED.search(data[:_HEAD])
    if not found:
        return []
    label = found[1].decode()
    import webencodings

    if known := webencodings.lookup(label):
        name = known.codec_info.name
        # A page that can say so in ASCII is not in UTF-16; the other two are no encodings of text.
        return {"utf-16-le": [], "utf-16-be": [], "replacement": [], "x-user-defined": ["cp1252"]}.get(name, [name])
    try:
        name = codecs.lookup(label).name
        readable = name not in _NO_ENCODINGS and found[0].decode(name) == found[0].decode("ascii")
    except (LookupError, UnicodeError, ValueError):
        return []
    return [name] if readable else []


def _without_mark(data: bytes) -> str:
    """UTF-16 whose mark is missing, by where the zeros of its ASCII stand; "" where it is not that."""
    head = data[:SNIFF]
    if b"\0" not in head:
        return ""
    zeros = [head[i::2].count(0) for i in (0, 1)]
    if len(head) % 2 or min(zeros) > len(head) / 100 or max(zeros) < len(head) / 5:
        return ""
    name = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return ""
    return name


def binary(data: bytes) -> bool:
    """Whether bytes are no text in any encoding that is read here."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) or _without_mark(data[:SNIFF]):
        return False
    head = data[:SNIFF]
    return b"\x00" in head or _is_file(head)


def _is_file(head: bytes) -> bool:
    """Whether bytes without zeros begin a file that is no text."""
    return len(head.translate(None, _NO_CONTROLS)) > len(head) / 50 or head.startswith(_FILES)


_FILES = (b"%PDF-", b"\x89PNG", b"PK\x03\x04", b"GIF8")


# Texts have the others: white space, and the escapes of what goes to a terminal or is written in seven bits.
_NO_CONTROLS = bytes([*range(0x09, 0x0E), *range(0x19, 0x100)])
