"""A page's tree, walked once: its text in blocks, each with its kind, its links and what it stands in."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

from cleaner.extract.tables import BOLD, FINAL, HINT_OF_TAG, HINT_OF_WORD, INLINE, KEPT, KINDS, ROOTS, SILENT
from cleaner.extract.tree import drop

_WORD = re.compile("[A-Z]?[a-z]+")
_FARM = 0.8  # of a block's text in links: a list of links
_LARGEST = 1 / 3  # of the page's text: what holds more is a frame, and its class says nothing about a line of it


class TextBlock:
    """The text between two block borders of a page; `start` and `end` are its place in the page's squashed text."""

    __slots__ = ("end", "hints", "kind", "links", "start", "text")

    def __init__(self, text: str, kind: str, start: int) -> None:
        self.text = text
        self.kind = kind
        self.links = 0.0
        self.hints: set[str] = set()
        self.start = start
        self.end = start + len(squash(text))


def squash(text: str) -> str:
    """A text without what extraction may change of it: white space and the bars between cells."""
    return "".join(text.replace("|", " ").split())


def blocks_of(tree: Any) -> list[TextBlock]:
    """The text of a page in blocks, in the order of the page.

    Takes out of the tree what turned out to hold no text, or hardly any but links: an extractor would only go over it again
    and again.
    """
    walker = PageWalker()
    walker.walk(tree)
    for element in reversed(walker.dropped):  # the outer ones first
        drop(element)
    walker.hint()
    _settle_headline(walker.blocks, squash(tree.findtext(".//title") or ""))
    return walker.blocks


class PageWalker:
    """What has been met of a page: an element `open`s and `close`s, and there is `text` in it and after it."""

    __slots__ = (
        "_bold_chars",
        "_borders",
        "_chars",
        "_hinted",
        "_in_bold",
        "_in_links",
        "_kinds",
        "_linked_chars",
        "_parts",
        "_ranges",
        "_squashed",
        "_total_linked",
        "blocks",
        "dropped",
    )

    def __init__(self) -> None:
        self.blocks: list[TextBlock] = []
        self.dropped: list[Any] = []  # elements without text, and lists of links
        self._squashed = 0  # the length of the squashed text of all blocks
        # The block that is being read, and how many of its characters are links and bold.
        self._parts: list[str] = []
        self._linked_chars = self._bold_chars = 0
        # The page up to here: its characters, without spaces, and those of them in links.
        self._chars = self._total_linked = 0
        # The elements that are open: links, bold ones; the kind of block that each block element makes, and what there was
        # of the page before it; those whose class or tag says something, with the number of blocks and characters before.
        self._in_links = self._in_bold = 0
        self._kinds = ["paragraph"]
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

    def open(self, element: Any) -> None:
        """An element begins, and the text in it."""
        tag = element.tag
        if tag not in INLINE:
            if self._parts:
                self.end_block()
            self._borders.append((self._chars, self._total_linked, len(self.blocks)))
            kind = self._kinds[-1]
            self._kinds.append(kind if kind in FINAL else KINDS.get(tag, kind))
        elif tag == "a":
            self._in_links += 1
        elif tag in BOLD:
            self._in_bold += 1
        elif tag == "td":
            self._parts.append(" ")
        of_class, of_id = element.get("class"), element.get("id")
        speaks = (of_class or of_id or tag in HINT_OF_TAG) and tag not in ROOTS
        if speaks and (hints := _hints_of(tag, of_class or "", of_id or "")):
            self._hinted.append((element, hints, len(self.blocks), self._chars))
        if (text := element.text) and tag not in SILENT:
            self.text(text)

    def close(self, element: Any) -> None:
        """An element ends, and the text after it begins."""
        tag = element.tag
        if tag not in INLINE:
            if self._parts:
                self.end_block()
            self._kinds.pop()
            chars, linked, first = self._borders.pop()
            is_list = len(self.blocks) - first >= 3 and self._total_linked - linked >= _FARM * (self._chars - chars)
            if (self._chars == chars or is_list) and tag not in KEPT:
                self.dropped.append(element)
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
                self._parts.append(" ")
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
        text = " ".join("".join(self._parts).split())
        self._parts.clear()
        if text:
            start = self._squashed
            block = TextBlock(text, self._kinds[-1], start)
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


@lru_cache(maxsize=4096)
def _hints_of(tag: str, of_class: str, of_id: str) -> tuple[str, ...]:
    """What an element's tag, and the words of its class and id, say that it is for."""
    words = [word.lower() for word in _WORD.findall(f"{of_class} {of_id}")]
    words += [first + second for first, second in pairwise(words)]  # most-read, mostRead
    found = {HINT_OF_WORD[word] for word in words if word in HINT_OF_WORD}
    if tag in HINT_OF_TAG:
        found.add(HINT_OF_TAG[tag])
    return tuple(sorted(found))


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
