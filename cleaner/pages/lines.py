"""From the blocks of a page to an article: its lines, each with what is known of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from cleaner.extract.walker import TextBlock, squash
from cleaner.model import Article, Block
from cleaner.text import is_unspaced

_PLAUSIBLE = -3.0  # log odds: what is as likely the article's is shown among what was removed, wherever it stands
_LONGEST_GAP = 40  # blocks between two that stay: what is more is a menu, not something in an article
_NEAR = 15  # blocks above the first one that stays, where a headline, a byline or a picture's caption may be
_OFTEN_WANTED = frozenset(["author", "caption", "date", "standfirst"])  # hints of what people may ask to keep
_LONG = 25  # characters: what is as long is not found in a text by chance
_TEASER = 60  # words
_FEWEST_CAPTIONS = 3  # of a photo essay


def share_in(page: Sequence[TextBlock], text: str) -> NDArray[np.float64]:
    """The share of each block that an extracted text has."""
    whole = "".join(squash(block.text) for block in page)
    taken = np.zeros(len(whole) + 1)
    at = 0
    for line in text.split("\n"):
        key = squash(line.strip().removeprefix("- "))
        place = whole.find(key, at) if key else -1
        if place < 0:
            place = whole.find(key) if key else -1
        if place >= 0:
            at = place + len(key)
            taken[place + 1 : at + 1] = 1
    taken = np.cumsum(taken)
    starts, ends = (np.array([getattr(block, name) for block in page]) for name in ("start", "end"))
    share: NDArray[np.float64] = (taken[ends] - taken[starts]) / np.maximum(1, ends - starts)
    told = squash(text)
    for i in np.flatnonzero((share < 0.5) & (ends - starts >= _LONG)).tolist():  # an extractor may join what it has
        share[i] = max(share[i], squash(page[i].text) in told)
    return share


def captions_of_essay(page: Sequence[TextBlock], odds: NDArray[np.float64]) -> list[int]:
    """The captions of a page that has hardly any text but them: they are its article's text; none elsewhere."""
    captions = [i for i, block in enumerate(page) if block.kind == "caption" and block.links < 0.5]
    body = [i for i in np.flatnonzero(odds > 0).tolist() if page[i].kind not in ("caption", "headline")]
    words = sum(_words(page[i].text) for i in captions)
    few = sum(_words(page[i].text) for i in body) <= min(words // 2, _TEASER)
    return captions if few and len(captions) >= _FEWEST_CAPTIONS else []


def shown(page: Sequence[TextBlock], odds: NDArray[np.float64], vouched: NDArray[np.float64]) -> NDArray[np.int64]:
    """The blocks of a page that are its article's by the log `odds`, and those that cleaning must give a reason for to leave
    out: what stands between two that stay, what the witness keeps (`vouched` is the share of each), what is plausible, and
    what people may ask for."""
    stay = odds > 0
    found = stay | (vouched > 0.5) | (odds > _PLAUSIBLE)
    kept = np.flatnonzero(stay)
    for above, below in pairwise(kept):
        if below - above <= _LONGEST_GAP:
            found[above:below] = True
    first, last = (int(kept[0]), int(kept[-1])) if len(kept) else (0, len(page))
    for i in range(max(0, first - _NEAR), last):
        if page[i].kind in ("headline", "caption") or page[i].hints & _OFTEN_WANTED:
            found[i] = True
    return np.flatnonzero(found)


def joined(
    article: Article, blocks: Sequence[TextBlock], odds: Sequence[float], effects: Sequence[tuple[float, ...]]
) -> Article:
    """The article of some blocks of its page, each with the log odds that it belongs and what speaks against it."""
    lines, found, start = [], [], 0
    for block, of, against in zip(blocks, odds, effects, strict=True):
        line = f"- {block.text}" if block.kind == "item" else block.text
        end = start + len(line)
        found.append(Block(start, end, block.kind, round(block.links, 3), tuple(sorted(block.hints)), of, against))
        lines.append(line)
        start = end + 1
    return replace(article, text="\n".join(lines), blocks=tuple(found))


def teasers(page: Sequence[TextBlock], kept: Sequence[int]) -> int:
    """How many headings of a page that are links have a teaser among the blocks that are kept below them; 0 where any of
    those is too long for one."""
    titles = [i for i, block in enumerate(page) if block.kind == "heading" and block.links >= 0.8]
    words = [0] * (len(titles) + 1)
    for i in kept:
        if i not in titles:
            words[bisect_right(titles, i)] += _words(page[i].text)
    return sum(map(bool, words[1:])) if words[0] <= _TEASER // 2 and max(words) <= _TEASER else 0


def _words(text: str) -> int:
    return len(text) // 2 if not text.isascii() and is_unspaced(text[:200]) else text.count(" ") + 1
