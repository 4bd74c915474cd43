"""A page's tree: parsed, and rid of what is no article's on any page."""

from __future__ import annotations

import re
from typing import Any

from cleaner.extract.tables import AROUND, EMPTY, PLAIN, UNREAD, UNSEEN, VOID

_LEAST_TEXT = 200  # characters outside links: an <aside> with so many may be part of the article, or be all of it
_DEEPEST = 200  # levels of a page that had to be flattened
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
# Without content, or often without an end: no level of their own.
_NEVER_DEEP = frozenset(b"br img hr input meta link area base col embed source track wbr p li dt dd td th tr option".split())


class ExtractionError(Exception):
    """A page that cannot be taken apart; the message is the reason, in one line."""


def parse(html: str) -> Any:
    """The tree of a page, or None. Raises ExtractionError."""
    data = html.encode(errors="replace").replace(b"\x00", b"")
    tree, whole = _parsed(data)
    if not whole:
        # libxml2 drops what is nested too deep, without a word: 255 levels, or 2,048 where the tree may be huge.
        tree, whole = _parsed(_flattened(data))
    if not whole:
        raise ExtractionError("the page is nested too deep")
    return tree


def _parsed(data: bytes) -> tuple[Any, bool]:
    """The tree of a page, or None, and whether all of the page is in it."""
    from lxml import etree
    from lxml.html import HtmlElement, HTMLParser, document_fromstring

    parser = HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    # lxml.html looks up a class for every element, in Python; nothing here needs one for forms and inputs.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        tree = document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError):
        tree = None
    return tree, not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _flattened(data: bytes) -> bytes:
    """A page without the tags that are nested too deep; their text stays."""
    depth, at = 0, 0
    parts = []
    for tag in _TAG.finditer(data):
        if tag[2].lower() in _NEVER_DEEP:
            continue
        depth += -1 if tag[1] else 1
        if depth >= _DEEPEST if tag[1] else depth > _DEEPEST:
            parts.append(data[at : tag.start()])
            at = tag.end()
        depth = max(0, depth)
    return b" ".join([*parts, data[at:]])


def prune(tree: Any) -> None:
    """Take out of a page what no reader sees and what stands around the articles of every site, so that nobody has to
    look at it again."""
    from lxml import etree

    etree.strip_tags(tree, *VOID, *PLAIN)
    etree.strip_attributes(tree, *UNREAD)
    etree.strip_elements(tree, *EMPTY, with_tail=False)
    for element in tree.xpath("//span[@aria-hidden='true']"):
        drop(element)  # a drop cap, an icon: what reads aloud is given it again
    for element in list(tree.iter(*AROUND)):
        if _chars(element) - sum(map(_chars, element.iter("a"))) < _LEAST_TEXT:
            drop(element)
    for element in list(tree.iter(*UNSEEN)):
        if element.tag == "script" and element.get("type") == "application/ld+json":
            continue  # trafilatura's last resort
        if next(element.iter("p", "h1", "article"), None) is None:
            drop(element)


def _chars(element: Any) -> int:
    """How much text an element has, without blank lines."""
    return sum(len(text) for text in element.itertext() if not text.isspace())


def drop(element: Any) -> None:
    """Remove an element, unless it is the root, and keep the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
