"""The lines of an extracted text, found again in the page: what markup each has, and what the extractor passed over."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from msgspec.structs import replace

from cleaner.extract.walker import TextBlock, squash
from cleaner.model import Article, Block
from cleaner.text import is_unspaced

# What markup says of a block that trafilatura passed over and that hence stays out.
_FOREIGN = frozenset(["author", "caption", "consent", "date", "header", "links", "menu", "newsletter", "related", "share"])
_PROSE = 12  # words
_LEAST_FOUND = 150  # words: below that an extraction may have failed
_MOST_LOST = 300  # words of prose that may be passed over, however little was extracted


class ExtractedLine:
    """A line of the text to be, and the blocks of the page that it was made of: from `first` on, up to `last`."""

    __slots__ = ("first", "kind", "last", "recovered", "text")

    def __init__(self, text: str, kind: str, first: int = -1, last: int = -1, recovered: bool = False) -> None:
        self.text, self.kind, self.first, self.last, self.recovered = text, kind, first, last, recovered


def matched(text: str, page: Sequence[TextBlock]) -> list[ExtractedLine]:
    """The lines of an extracted text, with the blocks of the page that each has come from."""
    whole = "".join(squash(block.text) for block in page)
    starts = [block.start for block in page]
    found = []
    at = 0
    for line in text.split("\n"):
        line = line.strip()
        bare = line.removeprefix("- ")
        key = squash(bare)
        if not key:
            continue
        kind = "table" if line.startswith("|") else "item" if bare is not line else "paragraph"
        place = whole.find(key, at)
        if place < 0:
            place = whole.find(key)
        if place < 0:
            found.append(ExtractedLine(line, kind))
            continue
        at = place + len(key)
        found.append(ExtractedLine(line, kind, bisect_right(starts, place) - 1, bisect_left(starts, at)))
    return found


def rescued(text: str, page: Sequence[TextBlock]) -> list[ExtractedLine]:
    """The lines of a page of which hardly anything was extracted, straight from its blocks; none where enough was."""
    fit = [i for i, block in enumerate(page) if _is_fit(block) and "comment" not in block.hints]
    prose = [i for i in fit if _is_prose(page[i])]
    words = sum(page[i].text.count(" ") + 1 for i in prose)
    extracted = len(text.split())
    if words < max(_MOST_LOST, 4 * extracted) or extracted > _LEAST_FOUND:
        return []
    return [
        ExtractedLine(page[i].text, page[i].kind, i, i + 1, recovered=True)
        for i in fit
        if prose[0] <= i <= prose[-1] or page[i].kind == "headline"
    ]


def _is_fit(block: TextBlock) -> bool:
    """Whether a block that was not extracted may be the article's all the same."""
    return block.links < 0.5 and block.kind != "caption" and not block.hints & _FOREIGN


def recovered(lines: Sequence[ExtractedLine], page: Sequence[TextBlock]) -> list[ExtractedLine]:
    """The lines, with what stands between two of them in the page and was passed over, where it looks like the article's.

    trafilatura loses subheadings and whole paragraphs that are not marked up as it expects.
    """
    taken = bytearray(len(page))
    for line in lines:
        if line.first >= 0:
            taken[line.first : line.last] = b"\x01" * (line.last - line.first)
    # An extractor that fell back on another way may have cut its lines elsewhere: nothing is to be said twice.
    said = squash("".join(line.text for line in lines))
    found: list[ExtractedLine] = []
    at = -1
    for line in lines:
        if 0 < at < line.first:
            passed = [i for i in range(at, line.first) if not taken[i]]
            fit = [i for i in passed if _is_fit(page[i])]
            prose = sum(len(page[i].text) for i in fit if _is_prose(page[i]))
            if len(fit) > 2 and 2 * prose < sum(len(page[i].text) for i in passed):
                fit = [i for i in fit if page[i].kind == "heading" and i + 1 == line.first]
            for i in fit:
                if squash(page[i].text)[:40] not in said:
                    said += squash(page[i].text)
                    taken[i] = 1
                    found.append(ExtractedLine(page[i].text, page[i].kind, i, i + 1, recovered=True))
        found.append(line)
        at = line.last  # -1 where the line is not in the page as it stands: no telling what stands between
    return found


def teasers(lines: Sequence[ExtractedLine], page: Sequence[TextBlock]) -> int:
    """How many headings of a page that are links have a teaser of the extracted text below them; 0 where anything in that
    text is too long for one."""
    titles = [i for i, block in enumerate(page) if block.kind == "heading" and block.links >= 0.8]
    words = [0] * (len(titles) + 1)
    for line in lines:
        words[bisect_right(titles, line.first) if line.first >= 0 else 0] += _words(line.text)
    return sum(map(bool, words[1:])) if words[0] <= _TEASER // 2 and max(words) <= _TEASER else 0


_TEASER = 60  # words


def _words(text: str) -> int:
    return len(text) // 2 if not text.isascii() and is_unspaced(text[:200]) else text.count(" ") + 1


def _is_prose(block: TextBlock) -> bool:
    return block.text.count(" ") + 1 >= _PROSE


def joined(article: Article, lines: Sequence[ExtractedLine], page: Sequence[TextBlock]) -> Article:
    """The article of the lines, each a block with what its blocks know."""
    blocks = []
    start = 0
    for line in lines:
        end = start + len(line.text)
        own = page[line.first : line.last] if line.first >= 0 else ()
        if own:
            longest = max(own, key=_length)
            linked = sum(block.links * _length(block) for block in own) / sum(map(_length, own))
            kind = line.kind if own[0].kind == "paragraph" else own[0].kind
            hints = longest.hints | {"recovered"} if line.recovered else longest.hints
            blocks.append(Block(start, end, kind, round(linked, 3), tuple(sorted(hints))))
        else:
            blocks.append(Block(start, end, line.kind))
        start = end + 1
    return replace(article, text="\n".join(line.text for line in lines), blocks=tuple(blocks))


def _length(block: TextBlock) -> int:
    return block.end - block.start
