"""Feeds: RSS, Atom and JSON Feed. An entry is an article, with its id, title, date, author and link.

XML is read by libxml2 entry after entry, broken as feeds are. It is shown no entity: behind the first fault it would drop
all that follow, the five of XML too, and those of HTML (&nbsp;) are such faults. They are put back afterwards.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cleaner.model import Article, Failure
from cleaner.options import Fields
from cleaner.records.encodings import LARGEST, SNIFF, Unreadable, decode
from cleaner.records.fields import Reader, as_page
from cleaner.records.jsonlines import loads
from cleaner.records.sources import Source

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CORE = ("", "{http://purl.org/rss/1.0/}", "{http://my.netscape.com/rdf/simple/0.9/}", "{http://backend.userland.com/rss2}")
_DC = "{http://purl.org/dc/elements/1.1/}"
_ATOM = ("{http://www.w3.org/2005/Atom}", "{http://purl.org/atom/ns#}")
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")


def articles(source: Source, stream: Any, fields: Fields) -> Iterator[Article | Failure]:
    """The article of each entry."""
    first = bytes(stream.peek(64)[:64]).lstrip(b"\xef\xbb\xbf \t\r\n")
    reader = Reader(source.name, source.folder, fields)
    entries = _of_json(stream) if first.startswith((b"{", b"[")) else _of_xml(stream)
    for number, entry in enumerate(entries, 1):
        yield reader.article(_record(entry, fields), number)


def _record(entry: Mapping[str, str | None], fields: Fields) -> dict[str, object]:
    """An entry as a record, its text a page of its own where it has markup."""
    text = entry.get("content") or entry.get("summary") or ""
    markup = entry.get("markup")
    page = markup == "always" or (markup != "never" and ("<" in text or "&" in text) and _MARKUP.search(text))
    title = entry.get("title")
    record: dict[str, object] = {
        fields.id: entry.get("id"),
        fields.title: title and " ".join(html.unescape(title).split()),  # it is HTML more often than not
        fields.date: entry.get("date"),
        "author": entry.get("author"),
        fields.url: entry.get("link"),
    }
    record = {key: value for key, value in record.items() if value}
    record["html" if page else fields.text] = as_page(text) if page else text
    return record


def _of_xml(stream: Any) -> Iterator[dict[str, str | None]]:
    from lxml import etree

    tags = [f"{core}item" for core in _CORE] + [f"{atom}entry" for atom in _ATOM]
    parser = etree.XMLPullParser(
        events=("end",), tag=tags, recover=True, encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False
    )
    fault = ""
    try:
        for piece in _mended(stream):
            parser.feed(piece)
            for _, element in parser.read_events():
                yield _atom(element) if element.tag.startswith(_ATOM) else _rss(element)
                element.clear()
                while element.getprevious() is not None:  # what was read would stay in the memory
                    del element.getparent()[0]
        parser.close()
        log = parser.feed_error_log
        fault = log[-1].message if len(log) and log[-1].type_name in _ENDINGS else ""
    except etree.XMLSyntaxError as error:
        fault = str(error.msg)
    if fault:
        raise Unreadable(f"the feed breaks off: {fault}")


_ENDINGS = {f"ERR_{what}" for what in ("TAG_NOT_FINISHED", "CDATA_NOT_FINISHED", "GT_REQUIRED", "DOCUMENT_EMPTY")}


def _mended(stream: Any) -> Iterator[bytes]:
    """The text of a feed in UTF-8, in pieces, without its XML declaration and the signs that XML cannot hold, and with a
    mark for each ampersand that is none in CDATA."""
    encoding = decode(bytes(stream.peek(SNIFF)[:SNIFF]), html=True).encoding.partition(" ")[0]
    wrapper = io.TextIOWrapper(stream, encoding.removesuffix("-sig"), "replace", newline="\n")
    rest, inside, begun = b"", False, False
    try:
        while more := wrapper.read(SNIFF):
            text = more.encode(errors="replace").translate(None, _CONTROLS)
            if b"\xef" in text:
                for sign in _NO_SIGNS:
                    text = text.replace(sign, b"")
            if not begun:
                text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.decode().lstrip("\ufeff")).lstrip().encode()
                begun = True
            text = rest + text
            while True:
                marker = b"]]>" if inside else b"<![CDATA["
                at = text.find(marker)
                end = at + len(marker) if at >= 0 else max(0, len(text) - len(marker) + 1)  # it may be cut
                yield text[:end] if inside else text[:end].replace(b"&", _MARK.encode())
                text = text[end:]
                if at < 0:
                    break
                inside = not inside
            rest = text
        yield rest if inside else rest.replace(b"&", _MARK.encode())
    finally:
        wrapper.detach()


_MARK = "\ufdd0"  # a sign that no text has, for an ampersand
_WRITTEN = "&#xFDD0;"  # as libxml2 writes it as HTML
# What XML cannot hold (https://www.w3.org/TR/xml/#charsets), and the mark itself.
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_NO_SIGNS = [sign.encode() for sign in (_MARK, "\ufffe", "\uffff")]  # all begin with EF
_OF_XML = re.compile(f"{_MARK}(amp|lt|gt|quot|apos|#\\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}});")


def _unmarked(text: str) -> str:
    """The text as XML means it: its entities read, and those that XML has not left as they stand."""
    if _MARK not in text:
        return text
    return _OF_XML.sub(lambda found: html.unescape(f"&{found[1]};"), text).replace(_MARK, "&")


def _rss(item: Any) -> dict[str, str | None]:
    entry: dict[str, str | None] = {}
    for child in item:
        part = _RSS_PARTS.get(child.tag)  # a comment or an entity has a function for a tag
        if part and not entry.get(part):
            text = entry[part] = _text(child)
            if part == "id" and text and text.startswith("http") and child.get("isPermaLink", "true") == "true":
                entry["permalink"] = text
    entry["link"] = entry.get("link") or entry.get("permalink")
    return entry


_CORE_PARTS = {
    "description": "summary",
    "title": "title",
    "link": "link",
    "guid": "id",
    "pubDate": "date",
    "author": "author",
}
_RSS_PARTS = {_CONTENT: "content", f"{_DC}date": "date", f"{_DC}creator": "author"} | {
    f"{core}{name}": part for core in _CORE for name, part in _CORE_PARTS.items()
}


def _atom(element: Any) -> dict[str, str | None]:
    entry: dict[str, str | None] = {}
    for child in element:
        tag = child.tag
        if not isinstance(tag, str):
            continue
        name = tag.removeprefix(next((atom for atom in _ATOM if tag.startswith(atom)), "{"))
        if name in ("content", "summary") and (name == "content" or "content" not in entry) and (text := _text(child)):
            entry[name] = text
            kind = child.get("type", "text")
            entry["markup"] = "never" if kind in ("text", "text/plain") else "always"
        elif name == "link" and child.get("rel", "alternate") == "alternate":
            entry.setdefault("link", _unmarked(child.get("href", "")))
        elif name == "author":
            names = (part for part in child if isinstance(part.tag, str) and part.tag.endswith("}name"))
            entry.setdefault("author", next((_text(part) for part in names), None))
        elif name in ("id", "title"):
            entry.setdefault(name, _text(child))
        elif name in ("published", "issued"):
            entry["date"] = _text(child)
        elif name in ("updated", "modified"):
            entry.setdefault("updated", _text(child))
    entry["date"] = entry.get("date") or entry.get("updated")
    return entry


def _text(element: Any) -> str | None:
    """The text of an element; markup within it is written out as HTML."""
    if not len(element):
        return _unmarked(element.text or "").strip() or None
    from lxml import etree

    inside = "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)
    inside = _PREFIX.sub(r"\1", inside)
    return (html.escape(element.text or "", quote=False) + inside).replace(_WRITTEN, "&").replace(_MARK, "&").strip() or None


_PREFIX = re.compile(r"(</?)\w+:(?=\w)")  # of a name space, which is none in HTML


def _of_json(stream: Any) -> Iterator[dict[str, str | None]]:
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unreadable(f"larger than {LARGEST >> 20} MB")
    feed = loads(data.removeprefix(b"\xef\xbb\xbf"))
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise Unreadable("not a JSON Feed: it has no items")
    for item in items:
        item = item if isinstance(item, dict) else {}
        authors: Any = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
        html = _string(item.get("content_html"))
        yield {
            "id": _string(item.get("id")),
            "title": _string(item.get("title")),
            "link": _string(item.get("url")) or _string(item.get("external_url")),
            "date": _string(item.get("date_published")) or _string(item.get("date_modified")),
            "author": next((_string(author.get("name")) for author in authors if isinstance(author, dict)), None),
            "content": html or _string(item.get("content_text")),
            "summary": _string(item.get("summary")),
            "markup": "always" if html else "never",
        }


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else None
