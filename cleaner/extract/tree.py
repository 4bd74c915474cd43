"""A page's tree: parsed, and rid of what is no article's on any page."""

from __future__ import annotations

from typing import Any

from cleaner.extract.tables import AROUND, EMPTY, PLAIN, UNREAD, UNSEEN, VOID


class ExtractionError(Exception):
    """A page that cannot be taken apart; the message is the reason, in one line."""


def parse(html: str) -> Any:
    """The tree of a page, or None. Raises ExtractionError."""
    from lxml import etree
    from lxml.html import HtmlElement, HTMLParser, document_fromstring

    # libxml2 drops what is nested too deep, without a word: 255 levels, or 2,048 where the tree may be huge.
    parser = HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    # lxml.html looks up a class for every element, in Python; nothing here needs one for forms and inputs.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        tree = document_fromstring(html.encode(errors="replace").replace(b"\x00", b""), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ExtractionError("the page is nested too deep")
    return tree


def prune(tree: Any) -> None:
    """Take out of a page what no reader sees and what stands around the articles of every site, so that nobody has to
    look at it again."""
    from lxml import etree

    etree.strip_tags(tree, *VOID, *PLAIN)
    etree.strip_attributes(tree, *UNREAD)
    etree.strip_elements(tree, *EMPTY, with_tail=False)
    around = list(tree.iter(*AROUND))
    paragraphs = len(tree.findall(".//p"))
    if around and 2 * len({p for element in around for p in element.iter("p")}) >= paragraphs:
        around = []  # a site that calls its articles <aside>
    for element in around:
        drop(element)
    for element in list(tree.iter(*UNSEEN)):
        if element.tag == "script" and element.get("type") == "application/ld+json":
            continue  # trafilatura's last resort
        if next(element.iter("p", "h1", "article"), None) is None:
            drop(element)


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
