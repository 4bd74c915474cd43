"""A page's tree, walked once: its text in blocks, each with its kind, its links and what it stands in."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

from cleaner.extract.tables import BOLD, CELLS, FINAL, HINT_OF_TAG, HINT_OF_WORD, INLINE, KINDS, LAYS_OUT, ROOTS, SILENT

_WORD = re.compile("[A-Z]?[a-z]+")
_NAME = re.compile("[A-Z]?[a-z]+|[A-Z]{2,}")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_FARM = 0.8  # of a block's text in links: a list of links
_LARGEST = 1 / 3  # of the page's text: what holds more is a frame, and its class says nothing about a line of it


class TextBlock:
    """The text between two block borders of a page; `start` and `end` are its place in the page's squashed text."""

    __slots__ = ("element", "end", "hints", "kind", "links", "start", "text")

    def __init__(self, text: str, kind: str, start: int, element: int = 0) -> None:
        self.text = text
        self.kind = kind
        self.element = element
        self.links = 0.0
        self.hints: set[str] = set()
        self.start = start
        self.end = start + len(squash(text))


class Elements:
    """The block elements of a page in the order in which they open, the page itself as the first: of each its parent's
    number, its depth, its tag, its names (class, id and role), and its blocks from `first` up to `last`."""

    __slots__ = ("depth", "first", "last", "names", "parent", "tag")

    def __init__(self) -> None:
        self.parent, self.depth, self.tag, self.names, self.first, self.last = [0], [0], [""], [""], [0], [0]

    def open(self, parent: int, tag: str, names: str, first: int) -> int:
        """Add an element; its number comes back."""
        self.parent.append(parent)
        self.depth.append(self.depth[parent] + 1)
        self.tag.append(tag)
        self.names.append(names)
        self.first.append(first)
        self.last.append(first)
        return len(self.parent) - 1


def squash(text: str) -> str:
    """A text without what extraction may change of it: white space and the bars between cells."""
    return "".join(text.replace("|", " ").split())


def walked(tree: Any) -> PageWalker:
    """The text of a page in blocks, in the order of the page, and the elements that they stand in."""
    walker = PageWalker()
    walker.walk(tree)
    walker.hint()
    _settle_headline(walker.blocks, squash(walker.title))
    return walker


class PageWalker:
    """What has been met of a page: an element `open`s and `close`s, and there is `text` in it and after it."""

    __slots__ = (
        "_bold_chars",
        "_borders",
        "_chars",
        "_frames",
        "_hinted",
        "_in_bold",
        "_in_links",
        "_in_pre",
        "_kinds",
        "_linked_chars",
        "_open",
        "_parts",
        "_ranges",
        "_squashed",
        "_total_linked",
        "blocks",
        "elements",
        "title",
    )

    def __init__(self) -> None:
        self.blocks: list[TextBlock] = []
        self.elements = Elements()
        self.title = ""
        self._squashed = 0  # the length of the squashed text of all blocks
        # The block that is being read, and how many of its characters are links and bold.
        self._parts: list[str] = []
        self._linked_chars = self._bold_chars = 0
        # The page up to here: its characters, without spaces, and those of them in links.
        self._chars = self._total_linked = 0
        # The elements that are open: links, bold ones; the kind of block that each block element makes, and what there was
        # of the page before it; those whose class or tag says something, with the number of blocks and characters before.
        self._in_links = self._in_bold = self._in_pre = 0
        self._kinds = ["paragraph"]
        self._open = [0]
        self._frames: set[Any] = set()  # cells of tables that lay out the page
        self._borders: list[tuple[int, int, int]] = []
        self._hinted: list[tuple[Any, tuple[str, ...], int, int]] = []
        # What closed elements say: hints, the first block and the last that they are about, and how many characters.
        self._ranges: list[tuple[tuple[str, ...], int, int, int]] = []

    def walk(self, tree: Any) -> None:
        from lxml import etree

        start, end = self.open, self.close
        for event, element in etree.iterwalk(tree, events=("start", "end")):
            if event == "start":
                start(element)
            else:
                end(element)
        self.end_block()
        self.elements.last[0] = len(self.blocks)
        self.title = tree.findtext(".//title") or ""

    def open(self, element: Any) -> None:
        """An element begins, and the text in it."""
        tag, get = element.tag, element.get
        names = " ".join(filter(None, (get("class"), get("id"), get("itemprop"), get("role"))))
        if ((style := get("style")) and _HIDDEN.search(style)) or get("hidden") is not None:
            names += " is-hidden"
        cell = tag in CELLS
        if tag not in INLINE or (cell and next(element.iter(*LAYS_OUT), None) is not None):
            if self._parts:
                self.end_block()
            self._borders.append((self._chars, self._total_linked, len(self.blocks)))
            kind = self._kinds[-1]
            if cell:  # of a table that lays out the page
                self._frames.add(element)
                kind = "paragraph" if kind == "table" else kind
            self._kinds.append(kind if kind in FINAL else KINDS.get(tag, kind))
            self._in_pre += tag == "pre"
            self._open.append(self.elements.open(self._open[-1], tag, names, len(self.blocks)))
        elif tag == "a":
            self._in_links += 1
        elif tag in BOLD:
            self._in_bold += 1
        elif cell and self._parts:
            self._parts.append(" | ")
        if (names or tag in HINT_OF_TAG) and tag not in ROOTS and (hints := _hints_of(tag, names)):
            self._hinted.append((element, hints, len(self.blocks), self._chars))
        if (text := element.text) and tag not in SILENT:
            self.text(text)

    def close(self, element: Any) -> None:
        """An element ends, and the text after it begins."""
        tag = element.tag
        if tag not in INLINE or (tag in CELLS and element in self._frames):
            if self._parts:
                self.end_block()
            self._kinds.pop()
            self._in_pre -= tag == "pre"
            self.elements.last[self._open.pop()] = len(self.blocks)
            chars, linked, first = self._borders.pop()
            if len(self.blocks) - first >= 3 and self._total_linked - linked >= _FARM * (self._chars - chars):
                for block in self.blocks[first:]:
                    block.hints.add("links")
        elif tag == "a":
            self._in_links -= 1
        elif tag in BOLD:
            self._in_bold -= 1
        if self._hinted and self._hinted[-1][0] is element:
            _, hints, first, before = self._hinted.pop()
            if self._chars > before:
                self._ranges.append((hints, first, max(len(self.blocks), first + 1), self._chars - before))
        if text := element.tail:
            self.text(text)

    def text(self, text: str) -> None:
        """Text is met."""
        if text.isspace():
            if self._parts:
                self._parts.append(text if self._in_pre else " ")
            return
        self._parts.append(text)
        count = len(text) - text.count(" ")
        self._chars += count
        if self._in_links:
            self._linked_chars += count
            self._total_linked += count
        if self._in_bold:
            self._bold_chars += count

    def end_block(self) -> None:
        """A block border is met: what has been read since the last one is a block, unless it is blank."""
        text = "".join(self._parts)
        text = _lines_of(text) if self._in_pre else " ".join(text.split()).strip(" |")
        self._parts.clear()
        if text:
            start = self._squashed
            block = TextBlock(text, self._kinds[-1], start, self._open[-1])
            if self._linked_chars:
                block.links = min(1.0, self._linked_chars / (block.end - start or 1))
            if self._bold_chars and self._bold_chars >= 0.9 * (block.end - start):
                block.hints.add("bold")
            self._squashed = block.end
            self.blocks.append(block)
        self._linked_chars = self._bold_chars = 0

    def hint(self) -> None:
        """Give each block the hints of the elements around it, now that it is known how large the page is."""
        for hints, first, last, count in self._ranges:
            if count > _LARGEST * self._chars:
                hints = ("body",) if "body" in hints else ()
            for block in self.blocks[first:last] if hints else ():
                if 2 * count > block.end - block.start:
                    block.hints.update(hints)


def _lines_of(text: str) -> str:
    """A text that is set as it stands, in lines, without the blank ones around it."""
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[0]:
        del lines[0]
    return "\n".join(lines).strip()


@lru_cache(maxsize=4096)
def _hints_of(tag: str, names: str) -> tuple[str, ...]:
    """What an element's tag and the words of its names say that it is for."""
    words = [word.lower() for word in _WORD.findall(names)]
    words += [first + second for first, second in pairwise(words)]  # most-read, mostRead
    found = {HINT_OF_WORD[word] for word in words if word in HINT_OF_WORD}
    if tag in HINT_OF_TAG:
        found.add(HINT_OF_TAG[tag])
    return tuple(sorted(found))


@lru_cache(maxsize=8192)
def words_of(names: str) -> tuple[str, ...]:
    """The words of an element's names, in lower case."""
    return tuple(word.lower() for word in _NAME.findall(names))


def _settle_headline(page: list[TextBlock], title: str) -> None:
    """Leave one headline, in its place or places: the page's only <h1>, else the heading that its title repeats."""
    of_title = [b for b in page if b.kind in ("headline", "heading") and b.end - b.start >= 10 and squash(b.text) in title]
    headlines = [block for block in page if block.kind == "headline"]
    if len({block.text for block in headlines}) != 1:
        for block in headlines:
            block.kind = "heading"
        for block in of_title:
            if block.text == of_title[0].text:
                block.kind = "headline"
