"""What the trees of pages know of each block of their text, as columns for the model: the elements around it, how they are
called, how far it stands from where the prose is.

Readability's idea (Arc90, 2009) is among the columns: paragraphs give points to their parents, and the element with most
points is the article's. Here it is evidence, not the verdict. No column of a page depends on another page of its batch: sums
are of whole numbers, or of one page alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.clean.model.features import Columns
from cleaner.clean.model.tokens import TokenBatch
from cleaner.extract.tables import AROUND_TOLD, LIKE_P, TOLD
from cleaner.extract.walker import PageWalker, words_of

Numbers = NDArray[Any]

NAME_BITS = 15  # class words are looked up by so many bits of their hash

_TAG = {tag: i for i, tag in enumerate(TOLD, 1)}
_BIT = {tag: 1 << i for i, tag in enumerate(AROUND_TOLD)}
_LEVELS = 4  # elements around a block that are described, from the inmost on


class NameTable:
    """How much a word of an element's class or id speaks for the article: log odds times 16, by the word's hash."""

    def __init__(self, log_odds: NDArray[np.int8]) -> None:
        self.log_odds = log_odds
        self.of = lru_cache(maxsize=8192)(self._of)

    def _of(self, names: str) -> int:
        """What all words of some names say together."""
        return sum(int(self.log_odds[h]) for h in name_hashes(names)) if names else 0


@lru_cache(maxsize=8192)
def name_hashes(names: str) -> tuple[int, ...]:
    """Where a NameTable has the words of an element's names, and each two that follow each other."""
    words = words_of(names)
    both = [f"{one}-{two}" for one, two in pairwise(words)]
    mask = (1 << NAME_BITS) - 1
    return tuple({zlib.crc32(word.encode(errors="replace")) & mask for word in (*words, *both) if len(word) > 1})


@lru_cache(maxsize=8192)
def _hash_of(tag: str, names: str) -> int:
    return zlib.crc32(f"{tag} {names}".encode(errors="replace"))


class TreeBatch:
    """The elements of several pages as arrays, with what their text amounts to.

    An element is its number; `root` has those of the pages themselves. `own` is the inmost element of each block, `words`
    the words of each and `prose` those of the blocks that read like paragraphs. `page` is each block's page, `page_of` each
    element's.
    """

    def __init__(self, pages: Sequence[PageWalker], batch: TokenBatch) -> None:
        sizes = np.array([len(page.elements.parent) for page in pages])
        self.root = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        self.page_of = np.repeat(np.arange(len(pages)), sizes)
        self.page, self.begin = batch.article, batch.first
        self.own = _joined([[block.element for block in page.blocks] for page in pages]) + self.root[self.page]
        self.parent = _joined([page.elements.parent for page in pages]) + self.root[self.page_of]
        self.depth = _joined([page.elements.depth for page in pages])
        self.first = _joined([page.elements.first for page in pages]) + self.begin[self.page_of]
        self.last = _joined([page.elements.last for page in pages]) + self.begin[self.page_of]
        self.tags = [tag for page in pages for tag in page.elements.tag]
        self.tag = np.array([_TAG.get(tag, 0) for tag in self.tags])
        self.names = [names for page in pages for names in page.elements.names]
        self.size = _joined([[block.end - block.start for block in page.blocks] for page in pages]).astype(np.float64)
        self.links = np.array([block.links for page in pages for block in page.blocks])
        self.words = np.where(batch.shape["ideographs"] > 0.3, batch.words // 2, batch.words)
        full = (self.words >= 12) & (self.links < 0.5) & ((batch.terminal > 0) | (self.words >= 25))
        self.prose = self.words * full
        self.total = np.maximum(1.0, np.bincount(self.page, weights=self.prose, minlength=len(pages)))
        self.chars = self.sums(self.size)
        self.link_share = self.sums(np.rint(self.size * self.links)) / np.maximum(1, self.chars)
        self.prose_in = self.sums(self.prose)
        self.blocks_in = self.last - self.first
        self.full_in = self.sums(full) / np.maximum(1, self.blocks_in)
        self.kind = np.array([_hash_of(tag, names) for tag, names in zip(self.tags, self.names, strict=True)])
        # Of the same parent, how many are of the same tag and names.
        _, inverse, count = np.unique(self.parent * (1 << 33) + self.kind, return_inverse=True, return_counts=True)
        self.alike = np.minimum(count[inverse], 50)
        like_p = np.array([tag in LIKE_P for tag in self.tags])
        self.holder = np.where(like_p, self.parent, np.arange(len(self.parent)))  # of what stands in an element
        order = np.argsort(self.depth, kind="stable")
        self.levels = np.split(order, np.flatnonzero(np.diff(self.depth[order])) + 1)[1:]  # below the pages themselves

    def sums(self, values: Numbers) -> Numbers:
        """For each element the sum of a whole number a block."""
        total = np.concatenate(([0.0], np.cumsum(values)))
        found: Numbers = total[self.last] - total[self.first]
        return found

    def _last_lowest(self, values: Numbers) -> Numbers:
        """For each page the last of its elements with the lowest value."""
        index = np.arange(len(values))
        lowest = np.minimum.reduceat(values, self.root)
        found: Numbers = np.maximum.reduceat(np.where(values == lowest[self.page_of], index, -1), self.root)
        return found

    def _first_highest(self, values: Numbers) -> Numbers:
        index = np.arange(len(values))
        highest = np.maximum.reduceat(values, self.root)
        found: Numbers = np.minimum.reduceat(np.where(values == highest[self.page_of], index, len(values)), self.root)
        return found

    def containers(self, points: Numbers) -> dict[str, Numbers]:
        """The elements in which the articles may be, one a page: `best` by points of paragraphs, `most` with most prose
        right in it, and `half`, the smallest with half of all prose. `points` has those of each block."""
        n = len(self.parent)
        of = np.bincount(self.own, weights=points, minlength=n)
        score: Numbers = np.bincount(self.holder, weights=of, minlength=n)
        score = score + 0.5 * np.bincount(self.parent[self.holder], weights=of, minlength=n)
        score = score * (1 - self.link_share)
        score[self.root] = 0
        direct: Numbers = np.bincount(self.holder[self.own], weights=self.prose, minlength=n)
        direct[self.root] = direct[self.root] / 2
        half = np.where(self.prose_in >= 0.5 * self.total[self.page_of], self.blocks_in, 1 << 30)
        total = np.bincount(self.page_of, weights=score, minlength=len(self.root))
        self.best_share = np.maximum.reduceat(score, self.root) / np.maximum(1.0, total)
        return {"best": self._first_highest(score), "most": self._first_highest(direct), "half": self._last_lowest(half)}

    def way(self, container: Numbers) -> tuple[Numbers, Numbers]:
        """How many elements up from each page's container, and from each block, the first is that has both."""
        up, common = np.zeros(len(self.own)), np.zeros(len(self.own), dtype=np.int64)
        left, at, steps = np.arange(len(self.own)), container[self.page], 0
        while len(left):
            found = (left >= self.first[at]) & (left < self.last[at])
            up[left[found]], common[left[found]] = steps, self.depth[at[found]]
            left, at, steps = left[~found], self.parent[at[~found]], steps + 1
        return np.minimum(up, 30), np.clip(self.depth[self.own] - common, 0, 30)


def _joined(lists: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    return np.fromiter(chain.from_iterable(lists), dtype=np.int64)


def describe_trees(pages: Sequence[PageWalker], batch: TokenBatch, names: NameTable) -> tuple[Columns, TreeBatch]:
    """The columns of the group "tree"."""
    tree = TreeBatch(pages, batch)
    index = np.arange(len(tree.own))
    points = (1 + batch.shape["commas"] + np.minimum(tree.size / 100, 3)) * (
        (tree.size >= 25) & (tree.links < 0.5) & (tree.words >= 8)
    )
    containers = tree.containers(points)
    found: dict[str, Any] = {}
    for name, container in containers.items():
        found[f"{name}_up"], found[f"{name}_down"] = tree.way(container)
        found[f"{name}_after"] = np.clip(index - tree.first[container][tree.page], -50, 50)
        found[f"{name}_before"] = np.clip(tree.last[container][tree.page] - 1 - index, -50, 50)
    found["best_share"] = tree.best_share[tree.page]
    found["most_share"] = (tree.prose_in[containers["most"]] / tree.total)[tree.page]
    found["half_share"] = (tree.chars[containers["half"]] / np.maximum(1.0, tree.chars[tree.root]))[tree.page]
    found |= _of_kinds(tree)
    found |= _of_levels(tree, np.array([names.of(of) for of in tree.names]))
    inside = np.array([_BIT.get(tag, 0) for tag in tree.tags])
    for level in tree.levels:
        inside[level] |= inside[tree.parent[level]]
    inside = inside[tree.own]
    for tag, bit in _BIT.items():
        found[f"in_{tag}"] = (inside & bit) > 0
    found |= _of_pages(tree)
    found["title"] = _in_title(pages)
    for name, of in (("", tree.own), ("_up", tree.parent[tree.own])):
        same = of[1:] == of[:-1]
        found[f"with_above{name}"], found[f"with_below{name}"] = np.append(False, same), np.append(same, False)
    return {f"tree.{name}": np.asarray(column) for name, column in found.items()}, tree


def _of_kinds(tree: TreeBatch) -> Columns:
    """How much of a page's text in elements of one tag and names is prose: of the inmost, and of the two inmost together."""
    kind, page = tree.kind[tree.own], tree.page.astype(np.int64) << 34
    found: Columns = {}
    for name, key in (("kind", kind), ("kinds", kind + (tree.kind[tree.parent[tree.own]] << 1))):
        _, inverse, count = np.unique(key + page, return_inverse=True, return_counts=True)
        prose = np.bincount(inverse, weights=tree.prose)
        words = np.bincount(inverse, weights=tree.words)
        found[f"{name}_prose"] = (prose / np.maximum(1, words))[inverse]
        found[f"{name}_share"] = prose[inverse] / tree.total[tree.page]
        found[f"{name}_count"] = np.minimum(count, 100)[inverse]
    return found


def _of_levels(tree: TreeBatch, said: Numbers) -> Columns:
    """The elements around each block, from the inmost on, and what their names say."""
    highest, lowest, total = said.copy(), said.copy(), said.copy()
    for level in tree.levels:
        up = tree.parent[level]
        highest[level] = np.maximum(highest[level], highest[up])
        lowest[level] = np.minimum(lowest[level], lowest[up])
        total[level] += total[up]
    before = np.concatenate(([0.0], np.cumsum(tree.size)))[:-1]
    found: Columns = {}
    at, page_total = tree.own, tree.total[tree.page]
    for level_number in range(_LEVELS):
        begin = before[np.minimum(tree.first[at], len(before) - 1)]
        of = {
            "tag": tree.tag[at],
            "chars": np.log1p(tree.chars[at]),
            "links": tree.link_share[at],
            "blocks": np.minimum(tree.blocks_in[at], 200),
            "prose": tree.prose_in[at] / page_total,
            "full": tree.full_in[at],
            "alike": tree.alike[at],
            "place": (before - begin) / np.maximum(1, tree.chars[at]),
            "names": said[at],
        }
        found |= {f"{name}@{level_number}": column for name, column in of.items()}
        at = tree.parent[at]
    for name, column in (("highest", highest), ("lowest", lowest), ("total", total)):
        found[f"names_{name}"] = np.clip(column[tree.own], -400, 400)
    return found


def _of_pages(tree: TreeBatch) -> dict[str, Any]:
    """Where a block stands, and what its page is like."""
    chars = np.concatenate(([0.0], np.cumsum(tree.size)))
    prose = np.concatenate(([0.0], np.cumsum(tree.prose)))
    root, page = tree.root, tree.page
    begin, total = tree.begin[page], tree.total[page]
    end = tree.last[root][page]
    return {
        "depth": tree.depth[tree.own],
        "size": np.minimum(tree.size, 4000),
        "words": np.minimum(tree.words, 500),
        "prose": tree.prose > 0,
        "place": (chars[:-1] - chars[begin]) / np.maximum(1.0, tree.chars[root])[page],
        "prose_before": (prose[:-1] - prose[begin]) / total,
        "prose_after": (prose[end] - prose[1:]) / total,
        "prose_of_page": total,
        "blocks_of_page": end - begin,
        "links_of_page": tree.link_share[root][page],
        "full_of_page": tree.full_in[root][page],
    }


def _in_title(pages: Sequence[PageWalker]) -> list[float]:
    """The share of the words of its page's title that each block has."""
    found: list[float] = []
    for page in pages:
        words = set(page.title.lower().split())
        n = max(1, len(words))
        found += [len(words.intersection(b.text.lower().split())) / n if len(b.text) < 300 else 0.0 for b in page.blocks]
    return found
