"""What the markup of a page knows of its text: a page in pieces, each with its kind, its links and what it stands in."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

# Never text that a reader sees, or that an article has. What holds a paragraph stays: libxml2 takes what it does not know
# the end of, a <source> or a <picture> without one, for the parent of all that follows.
_UNSEEN = (
    "script",
    "style",
    "svg",
    "noscript",
    "template",
    "iframe",
    "canvas",
    "video",
    "audio",
    "object",
    "embed",
    "map",
    "button",
    "select",
    "textarea",
    "input",
    "datalist",
)
_EMPTY = ("img", "link", "meta", "hr")
_PLAIN = (
    "em",
    "i",
    "u",
    "small",
    "font",
    "mark",
    "ins",
    "abbr",
    "acronym",
    "big",
    "cite",
    "dfn",
    "tt",
    "kbd",
    "samp",
    "var",
    "bdi",
    "bdo",
    "nobr",
    "sub",
    "sup",
)
_UNREAD = (
    "href",
    "src",
    "srcset",
    "alt",
    "title",
    "target",
    "rel",
    "width",
    "height",
    "data-src",
    "data-srcset",
    "sizes",
    "loading",
    "onclick",
    "aria-label",
    "decoding",
    "tabindex",
    "fetchpriority",
    "lang",
    "dir",
    "name",
    "content",
    "property",
)
_AROUND = ("nav", "footer", "aside", "menu", "dialog")
_BOLD = frozenset(["b", "strong"])
_KEPT = frozenset(["br", "script", "head", "body", "title"])
_SILENT = frozenset(["head", "title", "script", "style"])
_VOID = ("source", "track", "wbr", "picture")

_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_KINDS = {
    **dict.fromkeys(_HEADINGS, "heading"),
    "h1": "headline",
    **dict.fromkeys(("li", "dd", "dt"), "item"),
    **dict.fromkeys(("blockquote", "q"), "quote"),
    **dict.fromkeys(("table", "tr"), "table"),
    "figcaption": "caption",
    "caption": "caption",
}
_FINAL = ("headline", "heading", "caption")  # whatever stands in one of these is one
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "td",
        "th",
        "picture",
        "source",
    ]
)

# What the class and id of an element say that it is for: words of them, in lower case.
_HINTS = {
    "related": "related relatedposts recommend recommended recommendations recirc readmore mostread also popular trending"
    " latest teaser teasers outbrain taboola suggested suggestions upnext morefrom",
    "newsletter": "newsletter newsletters subscribe subscription signup optin mailing mailchimp mc hs hbspt",
    "promo": "promo promos promotion sponsor sponsored advert adverts advertisement ad ads banner cta affiliate product"
    " products shop deal deals price pricing buy offer",
    "share": "share shares sharing sharedaddy social socials follow addtoany sharethis",
    "author": "author authors byline bylines bio biography contributor writer profile avatar",
    "caption": "caption captions credit credits figcaption figure photo photos image images img gallery slide"
    " slider slideshow media",
    "date": "date dates datetime timestamp time published publish updated meta metadata",
    "comment": "comment comments disqus reply replies respond review reviews discussion",
    "contents": "toc contents jump anchor",
    "menu": "nav navbar navigation menu breadcrumb breadcrumbs footer sidebar widget widgets pagination pager tag tags"
    " category categories login search",
    "consent": "cookie cookies consent gdpr paywall disclosure disclaimer legal copyright",
    "card": "card cards carousel tile tiles grid listing list",
    "body": "body content prose rich richtext richtextblock articlebody storybody entry post article story",
}
HINTS = (*_HINTS, "header", "bold", "links", "recovered")  # of Block.hints, those that the model looks at
_STANDFIRST = "standfirst dek subheadline subtitle"
_WORDS = {word: name for name, words in (*_HINTS.items(), ("standfirst", _STANDFIRST)) for word in words.split()}
_WORD = re.compile("[A-Z]?[a-z]+")
_TAG_HINTS = {"aside": "menu", "nav": "menu", "footer": "menu", "figure": "caption", "header": "header"}
_FARM = 0.8  # of a block's text in links: a list of links
_LARGEST = 1 / 3  # of the page's text: what holds more is a frame, and its class says nothing about a line of it


class Piece:
    """A run of text between two block borders of a page; `start` and `end` are its place in the page's `solid` text."""

    __slots__ = ("end", "hints", "kind", "links", "start", "text")

    def __init__(self, text: str, kind: str, start: int) -> None:
        self.text = text
        self.kind = kind
        self.links = 0.0
        self.hints: set[str] = set()
        self.start = start
        self.end = start + len(solid(text))


def solid(text: str) -> str:
    """A text without what extraction may change of it: white space and the bars between cells."""
    return "".join(text.replace("|", " ").split())


@lru_cache(maxsize=4096)
def _hints_of(tag: str, names: str) -> tuple[str, ...]:
    words = [word.lower() for word in _WORD.findall(names)]
    words += [first + second for first, second in pairwise(words)]  # most-read, mostRead
    found = {_WORDS[word] for word in words if word in _WORDS}
    if tag in _TAG_HINTS:
        found.add(_TAG_HINTS[tag])
    return tuple(sorted(found))


def prune(tree: Any) -> None:
    """Take out of a page what no reader sees and what stands around the articles of every site, so that nobody has to
    look at it again."""
    from lxml import etree

    etree.strip_tags(tree, *_VOID, *_PLAIN)
    etree.strip_attributes(tree, *_UNREAD)
    etree.strip_elements(tree, *_EMPTY, with_tail=False)
    around = list(tree.iter(*_AROUND))
    paragraphs = len(tree.findall(".//p"))
    if around and 2 * len({p for element in around for p in element.iter("p")}) >= paragraphs:
        around = []  # a site that calls its articles <aside>
    for element in around:
        if (parent := element.getparent()) is not None:
            _drop(element, parent)
    for element in list(tree.iter(*_UNSEEN)):
        if element.tag == "script" and element.get("type") == "application/ld+json":
            continue  # trafilatura's last resort
        if (parent := element.getparent()) is not None and next(element.iter("p", "h1", "article"), None) is None:
            _drop(element, parent)


def _drop(element: Any, parent: Any) -> None:
    """Remove an element and keep the text after it."""
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def pieces(tree: Any) -> list[Piece]:
    """The text of a page in pieces, in the order of the page.

    Takes out of the tree what turned out to hold no text, or hardly any but links: an extractor would only go over it again
    and again.
    """
    from lxml import etree

    found: list[Piece] = []
    parts: list[str] = []
    linked = bold = at = chars = links = bolds = in_links = 0
    kinds = ["paragraph"]
    opened: list[tuple[Any, tuple[str, ...], int, int]] = []
    before_block: list[tuple[int, int, int]] = []
    dropped: list[Any] = []
    ranges: list[tuple[tuple[str, ...], int, int, int]] = []

    def flush() -> None:
        nonlocal linked, bold, at
        text = " ".join("".join(parts).split())
        parts.clear()
        if text:
            piece = Piece(text, kinds[-1], at)
            if linked:
                piece.links = min(1.0, linked / (piece.end - piece.start or 1))
            if bold and bold >= 0.9 * (piece.end - at):
                piece.hints.add("bold")
            at = piece.end
            found.append(piece)
        linked = bold = 0

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        block = tag not in _INLINE
        if block and parts:
            flush()
        if event == "start":
            if block:
                before_block.append((chars, in_links, len(found)))
                kind = kinds[-1]
                kinds.append(kind if kind in _FINAL else _KINDS.get(tag, kind))
            elif tag == "a":
                links += 1
            elif tag in _BOLD:
                bolds += 1
            elif tag == "td":
                parts.append(" ")
            names = f"{element.get('class') or ''} {element.get('id') or ''}"
            if (len(names) > 1 or tag in _TAG_HINTS) and tag not in ("html", "body"):
                hints = _hints_of(tag, names)
                if hints:
                    opened.append((element, hints, len(found), chars))
            text = None if tag in _SILENT else element.text
        else:
            if block:
                kinds.pop()
                chars_before, linked_before, first = before_block.pop()
                is_list = len(found) - first >= 3 and in_links - linked_before >= _FARM * (chars - chars_before)
                if (chars == chars_before or is_list) and tag not in _KEPT:
                    dropped.append(element)
                    for piece in found[first:]:
                        piece.hints.add("links")
            elif tag == "a":
                links -= 1
            elif tag in _BOLD:
                bolds -= 1
            if opened and opened[-1][0] is element:
                _, hints, first, before = opened.pop()
                if chars > before:
                    ranges.append((hints, first, max(len(found), first + 1), chars - before))
            text = element.tail
        if text:
            if not text.isspace():
                parts.append(text)
                count = len(text) - text.count(" ")
                chars += count
                if links:
                    linked += count
                    in_links += count
                if bolds:
                    bold += count
            elif parts:
                parts.append(" ")
    flush()
    for element in reversed(dropped):  # the outer ones first
        if (parent := element.getparent()) is not None:
            _drop(element, parent)
    for hints, first, last, count in ranges:
        if count > _LARGEST * chars:
            hints = ("body",) if "body" in hints else ()
        for piece in found[first:last] if hints else ():
            if 2 * count > piece.end - piece.start:
                piece.hints.update(hints)
    _settle_headline(found, solid(tree.findtext(".//title") or ""))
    return found


def _settle_headline(page: list[Piece], title: str) -> None:
    """Leave one headline, in its place or places: the page's only <h1>, else the heading that its title repeats."""
    of_title = [p for p in page if p.kind in ("headline", "heading") and p.end - p.start >= 10 and solid(p.text) in title]
    headlines = [p for p in page if p.kind == "headline"]
    if len({p.text for p in headlines}) != 1:
        for piece in headlines:
            piece.kind = "heading"
        for piece in of_title:
            if piece.text == of_title[0].text:
                piece.kind = "headline"
