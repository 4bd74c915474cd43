"""What repeats within a site: lines that stand on several of its pages without the pages being copies of each other."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner import text as texts
from cleaner.clean import site_of
from cleaner.model import Article
from cleaner.rules import Rule
from cleaner.spool import Pieces

FEWEST_PAGES = 4  # of a site, before anything is learned from it
LEAST = 3  # pages on which a line must stand,
SHARE = 0.2  # and the share of the site's pages
SMALL_SHARE = 0.02  # of the pages, from which on a short line that stands on fewer is suspected
_TELLING = 60  # characters: pages that share lines of this length beside it may tell one story
_LONG = 80  # characters: two pages that share lines of this length tell the same story
_HASH = 8  # bytes


@dataclass(frozen=True, slots=True)
class PageLines:
    """What is learned from of a page: its site, and of each distinct line, folded, a 64-bit hash and its length, sorted."""

    site: str
    hashes: bytes
    lengths: bytes


def folded_lines(text: str) -> set[str]:
    """The lines of a text as they are compared."""
    return {texts.normalise(text[b.start : b.end]).lower() for b in texts.blocks(text)} - {""}


def hash_of(line: str) -> int:
    """The hash of a folded line, the same in every process."""
    return int.from_bytes(blake2b(line.encode(errors="replace"), digest_size=_HASH).digest(), "little")


def page_lines(article: Article) -> PageLines:
    """What is learned from of an article, which has been extracted."""
    found = sorted((hash_of(line), len(line)) for line in folded_lines(article.text))
    hashes, lengths = array("Q", [one for one, _ in found]), array("I", [length for _, length in found])
    return PageLines(site_of(article), hashes.tobytes(), lengths.tobytes())


def learn(articles: Iterable[Article]) -> list[Rule]:
    """A rule a site, with the lines that recur on its pages, and one that is not sure, with short lines that recur on few:
    on those the model has the last word. None for a site where nothing does."""
    kept = [(page_lines(article), article.text) for article in articles]
    return learned((lines for lines, _ in kept), lambda number: kept[number][1])


def learned(pages: Iterable[PageLines], text_of: Callable[[int], str]) -> list[Rule]:
    """The same of what is kept of pages; `text_of` gives the text of the page of a number, for the words of its lines.

    Pages that share half of their long lines are copies and count as one page, so that no line goes because one story
    was published twice.
    """
    hashes, lengths = Pieces(), Pieces()
    sites: dict[str, array[int]] = defaultdict(lambda: array("Q"))  # the numbers of the pages of each
    for number, page in enumerate(pages):
        sites[page.site].append(number)
        hashes.append(page.hashes)
        lengths.append(page.lengths)
    rules: list[Rule] = []
    taken: Counter[str] = Counter()  # names that several sites come to have
    for site, numbers in sorted(sites.items()):
        if not site or len(numbers) < FEWEST_PAGES:
            continue
        seen = _Site(numbers, hashes, lengths)
        often, seldom = _recurring(seen)
        if not often and not seldom:
            continue
        name = re.sub(r"[^\w.-]+", "-", site).strip("-.") or "folder"
        taken[name] += 1
        name += f"~{taken[name]}" * (taken[name] > 1)
        words = dict(_words(often | seldom, seen, numbers, text_of))
        if often:
            lines = tuple(sorted(words[one] for one in often & words.keys()))
            rules.append(Rule(f"site/{name}", f"a line that recurs on the pages of {site}", lines=lines, site=site))
        if seldom:
            lines = tuple(sorted(words[one] for one in seldom & words.keys()))
            why = f"a line that recurs on some pages of {site}"
            rules.append(Rule(f"site/{name}/some", why, lines=lines, site=site, sure=False))
    return rules


class _Site:
    """The pages of a site, by their places in it: of each the lines that others have as well. What stands on one page alone
    bears only on how long that is, and on the order of the pages."""

    def __init__(self, numbers: Sequence[int], hashes: Pieces, lengths: Pieces) -> None:
        found = np.frombuffer(b"".join(hashes[number] for number in numbers), dtype=np.uint64)
        length = np.frombuffer(b"".join(lengths[number] for number in numbers), dtype=np.uint32)
        counts = np.array([len(hashes[number]) // _HASH for number in numbers])
        ends = np.cumsum(counts)
        ordered = np.sort(found)
        repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        shared = np.isin(found, repeated)
        self._hashes, self._lengths = found[shared], length[shared]
        self._ends = _sums(shared)[ends]
        whole = _sums(np.where(length >= _LONG, length, 0))
        self._long = whole[ends] - whole[ends - counts]
        self.distinct = _distinct(found, counts)

    def lines(self, page: int) -> dict[int, int]:
        """The length of each line that is shared, by its hash, in the order of these."""
        some = slice(self._ends[page - 1] if page else 0, self._ends[page])
        return dict(zip(self._hashes[some].tolist(), self._lengths[some].tolist(), strict=True))

    def long(self, page: int) -> int:
        """The characters of a page's long lines, all of them."""
        return int(self._long[page])

    def having(self, lines: Collection[int]) -> list[int]:
        """The pages that have any of some lines, which are shared."""
        at = np.flatnonzero(np.isin(self._hashes, np.array(list(lines), dtype=np.uint64)))
        return [int(page) for page in np.unique(np.searchsorted(self._ends, at, side="right"))]


def _sums(values: NDArray[Any]) -> NDArray[np.int64]:
    """The sums of so many of the first values, from none on."""
    return np.concatenate(([0], np.cumsum(values, dtype=np.int64)))


def _distinct(hashes: NDArray[np.uint64], counts: NDArray[np.int64]) -> list[int]:
    """The pages with different lines, those with most first, and then by these."""
    starts = np.cumsum(counts) - counts
    found: list[int] = []
    for count in sorted(set(counts.tolist()), reverse=True):
        pages = np.flatnonzero(counts == count)
        rows = hashes[starts[pages][:, np.newaxis] + np.arange(count)]
        order = np.lexsort(rows.T[::-1]) if count else np.arange(len(pages))
        new = np.concatenate(([True], (rows[order][1:] != rows[order][:-1]).any(axis=1)))
        found += pages[order[new]].tolist()
    return found


def _recurring(site: _Site) -> tuple[set[int], set[int]]:
    """The lines that recur on the pages of a site, and the short ones that recur on few, by their hashes."""
    distinct = _without_copies(site)
    if len(distinct) < FEWEST_PAGES:
        return set(), set()
    count: Counter[int] = Counter()
    for page in distinct:
        count.update(site.lines(page).keys())
    least = max(LEAST, round(SHARE * len(distinct)))
    few = max(LEAST, round(SMALL_SHARE * len(distinct)))
    often = {line for line, n in count.items() if n >= least}
    seldom = {
        line
        for page in distinct
        for line, length in site.lines(page).items()
        if few <= count[line] < least and length < _LONG
    }
    return often, _in_several_stories(seldom, map(site.lines, distinct), count, few, least)


def _in_several_stories(
    lines: set[int], pages: Iterable[Mapping[int, int]], count: Counter[int], few: int, least: int
) -> set[int]:
    """Those of the lines that stand on enough pages which have nothing else in common that few pages have: two tellings
    of one story have."""
    found: Counter[int] = Counter()
    told: dict[int, set[int]] = defaultdict(set)
    for page in pages:
        telling = {line for line, length in page.items() if 1 < count[line] < least and length >= _TELLING}
        for line in lines & page.keys():
            if told[line].isdisjoint(telling - {line}):
                found[line] += 1
                told[line] |= telling
    return {line for line, n in found.items() if n >= few}


def _words(
    hashes: set[int], site: _Site, numbers: Sequence[int], text_of: Callable[[int], str]
) -> Iterator[tuple[int, str]]:
    """The lines of the hashes, each with its hash, from the first page that has it."""
    left = set(hashes)
    for page in site.having(hashes):
        if not left.isdisjoint(site.lines(page)):
            for line in folded_lines(text_of(numbers[page])):
                if (one := hash_of(line)) in left:
                    left.discard(one)
                    yield one, line
        if not left:
            return


def _without_copies(site: _Site) -> list[int]:
    """One page of each set of copies: of two that share half of what either says in long lines, only one."""
    kept: list[int] = []
    holders: dict[int, list[int]] = defaultdict(list)
    for page in site.distinct:
        long = {line: length for line, length in site.lines(page).items() if length >= _LONG}
        shared: Counter[int] = Counter()
        for line, length in long.items():
            for other in holders.get(line, ()):
                shared[other] += length
        if any(2 * n >= min(site.long(page), site.long(other)) for other, n in shared.items()):
            continue
        for line in long:
            holders[line].append(page)
        kept.append(page)
    return kept


def as_toml(rules: Iterable[Rule]) -> str:
    """Learned rules as a file that a person can read and edit."""
    parts = ["# Learned from repetition: each line stands on several pages of its site. Delete those that belong.\n"]
    for rule in rules:
        parts.append("[[rule]]\n")
        parts += [f"{key} = {_quoted(getattr(rule, key))}\n" for key in ("id", "why", "kind", "site")]
        parts += ["sure = false\n"] * (not rule.sure)
        parts.append("lines = [\n")
        parts += [f"  {_quoted(line)},\n" for line in rule.lines]
        parts.append("]\n")
    return "\n".join(["".join(parts[:1]), "".join(parts[1:])])


def _quoted(value: str) -> str:
    """A TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped) + '"'
