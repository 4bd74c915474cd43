"""What an input is: formats by suffix and by bytes, and what is none that articles are read from."""

from __future__ import annotations

import codecs
import csv
import json
import re

from cleaner.records.encodings import Unreadable, binary
from cleaner.records.fields import HTML_NAMES, TEXT_NAMES

FORMATS = ("text", "html", "jsonl", "json", "csv", "tsv", "parquet", "warc", "feed", "mail")
XML = "xml"  # which may be a feed; nothing else of it is read
BY_SUFFIX = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".warc": "warc",
    ".wet": "warc",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".xml": XML,
    ".eml": "mail",
    ".mbox": "mail",
    ".mht": "mail",
    ".mhtml": "mail",
}

# What cannot be read as articles: how its bytes begin, what it is, and what to do instead.
_PDF = "a PDF: make text of it first (pdftotext FILE)"
_OFFICE = "an office file: save it as text or HTML first"
_BOOK = "an e-book: convert it to text or HTML first"
_ARCHIVE = "an archive: unpack it first, and name the folder"
_PICTURE = "a picture: there is no text in it to clean"
_MEDIA = "a recording: there is no text in it to clean"
_DATABASE = "a database: export its table as CSV or JSON lines first"
_REFUSED = [
    (re.compile(rb"%PDF-"), _PDF),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf"), _OFFICE),
    (re.compile(rb"7z\xbc\xaf|Rar!\x1a|(?s:.{257})ustar|PK\x03\x04|PK\x05\x06|MSCF\0"), _ARCHIVE),
    (re.compile(rb"\x89PNG|GIF8|\xff\xd8\xff|RIFF(?s:....)WEBP|II\*\0|MM\0\*|BM(?s:....)\0\0\0\0|8BPS"), _PICTURE),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]|OggS|fLaC|RIFF|(?s:....)ftyp|\x1aE\xdf\xa3|\0\0\x01[\xba\xb3]|FLV\x01"), _MEDIA),
    (re.compile(rb"SQLite format 3\0"), _DATABASE),
]
# What a ZIP is, by names of files within it.
_ZIPPED = [
    (re.compile(rb"mimetypeapplication/epub"), _BOOK),
    (re.compile(rb"word/|xl/|ppt/|\[Content_Types\]\.xml|mimetypeapplication/vnd"), _OFFICE),
]
_ZIP_SUFFIXES = {".docx": _OFFICE, ".xlsx": _OFFICE, ".pptx": _OFFICE, ".odt": _OFFICE, ".ods": _OFFICE, ".epub": _BOOK}

_PARQUET = b"PAR1"
_WARC = re.compile(rb"WARC/\d")
_FEED = re.compile(rb"<(?:rss|(?:\w+:)?feed|rdf:RDF)[\s>]", re.IGNORECASE)
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')
_MAIL = re.compile(rb"(?:From [^\n]*\n)?(?:[A-Za-z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?(?:\n|$)")
_MAIL_FIELD = re.compile(rb"^(?:from|mime-version|message-id|received|return-path|snapshot-content-location):", re.I | re.M)
_HTML = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body|meta|title|article|div|p)\b")
_COLUMN = re.compile(r"\w[\w .:/#-]{0,40}")


def sniff(head: bytes, suffix: str = "") -> str:
    """The format of an input, by its first bytes. Raises Unreadable where they are nothing that articles are read from."""
    if head.startswith(_PARQUET):
        return "parquet"
    if _WARC.match(head):  # before anything that its records hold
        return "warc"
    _refuse(head, suffix)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "replace").encode(errors="replace")
    head = head.removeprefix(codecs.BOM_UTF8).lstrip()
    start = head[:4096]
    if re.match(rb'\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})', start):
        return "feed" if _JSON_FEED.search(start) else _json(head)
    if re.match(rb"\[\s*(?:\{|\])", start):
        return "json"
    if start.startswith(b"<"):
        return "feed" if _is_feed(start) else "html" if _HTML.search(start) else "text"
    if _is_mail(head):
        return "mail"
    return _table(head) or "text"


def checked(known: str, head: bytes, told: bool) -> str:
    """The format that a suffix says, or the user `told`, where the first bytes do not say that it is another one; "" where
    they are to be asked. Raises Unreadable where they cannot be that."""
    if known in ("parquet", "warc"):
        if not (head.startswith(_PARQUET) if known == "parquet" else _WARC.match(head.lstrip())):
            _refuse(head, "")
            raise Unreadable(f"not a {'Parquet' if known == 'parquet' else 'WARC'} file")
        return known
    if known:
        _refuse(head, "", known == "mail")
    if known == XML:
        if not _is_feed(head.removeprefix(codecs.BOM_UTF8).lstrip()[:4096]):
            raise Unreadable("XML that is no feed")
        return "feed"
    return "feed" if known == "json" and not told and _JSON_FEED.search(head[:4096]) else known


def _refuse(head: bytes, suffix: str, eight_bits: bool = False) -> None:
    for beginning, what in _REFUSED:
        if beginning.match(head) and (binary(head) or what == _OFFICE):
            if head.startswith(b"PK"):
                inside = (said for pattern, said in _ZIPPED if pattern.search(head))
                what = _ZIP_SUFFIXES.get(suffix) or next(inside, what)
            raise Unreadable(what)
    if not eight_bits and binary(head):
        raise Unreadable("not a text file")


def _json(head: bytes) -> str:
    lines = head.split(b"\n", 2)
    if len(lines) == 1 or lines[1].startswith(b"{"):  # one line is the same in both formats
        return "jsonl"
    try:
        json.loads(lines[0])
    except (ValueError, RecursionError):
        return "json"
    return "jsonl"


def _is_feed(start: bytes) -> bool:
    """Whether the first element of an XML text is a feed's."""
    start = re.sub(rb"(?s)<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?[^>]*>", b"", start).lstrip()
    return bool(_FEED.match(start))


def _is_mail(head: bytes) -> bool:
    """Whether a text begins with the header of a mail: several fields, and some that only mails have."""
    found = _MAIL.match(head)
    return bool(found and len({name.lower() for name in _MAIL_FIELD.findall(found[0])}) > 1)


def _table(head: bytes) -> str:
    """Whether the first line names columns, one of which has a name that texts go by: "csv" or "tsv", else ""."""
    first = head.split(b"\n", 1)[0].decode(errors="replace").strip()
    for delimiter, format in (("\t", "tsv"), (",", "csv"), (";", "csv"), ("|", "csv")):
        names = next(csv.reader([first], delimiter=delimiter), [])
        if len(set(names)) == len(names) > 1 and all(_COLUMN.fullmatch(name) for name in names):
            known = TEXT_NAMES | HTML_NAMES
            return format if any(name.lower() in known for name in names) else ""
    return ""
