"""What a line looks like to the model: its shape and wording, its kinship with the rest of the article, its place.

No column of an article depends on another article of its batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.clean.batch import Batch, Ints, mix

Columns = Sequence[Any]  # arrays of numbers, each with a value a line

RULE_FLAGS = 6  # section, more, line anywhere, line at the head, line at the tail, beside

TABLES = 5  # words, pairs of words, whole lines, how lines begin, how they end
TABLE_BITS = 17  # words, word pairs and lines are looked up by this many bits of their hash, and told by eight more


class Table:
    """How much a word, a pair of words or a whole line speaks for boilerplate: log odds times 16, -127 to 127.

    A hash table of one byte an entry, with a second byte of the hash to tell whose the entry is; what is not in it says
    0. Words (kind 0), pairs (1) and lines (2) each have a part of their own.
    """

    def __init__(self, said: NDArray[np.int8], tags: NDArray[np.uint8]) -> None:
        self.said, self.tags = said, tags

    def of(self, hashes: NDArray[np.uint64], kind: int) -> NDArray[np.int64]:
        """What each hash says."""
        at, tag = address(hashes, kind)
        return np.where(self.tags[at] == tag, self.said[at], 0).astype(np.int64)


def address(hashes: NDArray[np.uint64], kind: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Where a Table has the entry of each hash, and the byte that tells it."""
    at = (hashes >> np.uint64(64 - TABLE_BITS)) + np.uint64(kind << TABLE_BITS)
    return at.astype(np.int64), (hashes & np.uint64(0xFF)).astype(np.uint8)


def evidence(batch: Batch, kind: int) -> list[tuple[NDArray[np.uint64], NDArray[np.bool_], Ints]]:
    """What a part of a Table is counted from: hashes, which of them to use, and the line of each."""
    lines = np.arange(len(batch.starts))
    if kind == 0:
        return [(batch.hashes, np.ones(len(batch.hashes), dtype=np.bool_), batch.line)]
    if kind == 1:
        return [(*batch.pairs(), batch.line)]
    some = batch.words > 0
    edges = [batch.line_hashes()] if kind == 2 else batch.edges()[2 * kind - 6 : 2 * kind - 4]
    return [(hashes, some, lines) for hashes in edges]


# The kinds of block, as numbers; a line of plain text has none of them.
KINDS = ("line", "paragraph", "heading", "headline", "item", "quote", "table", "caption")


def describe(
    batch: Batch, table: Table, flags: NDArray[Any], markup: NDArray[Any], addresses: Sequence[str]
) -> dict[str, list[Any]]:
    """The columns of each of verdict.GROUPS, a value a line.

    `flags` has RULE_FLAGS numbers a line: which kinds of rule match it. `markup` has 2 + len(markup.HINTS): the place in
    KINDS of its block's kind, the share of it that stands in links (-1 for plain text), and 1 for each hint that the block
    has. `addresses` has each article's URL, or "".
    """
    words = np.maximum(1, batch.words)
    said = table.of(batch.hashes, 0)
    pair_hash, paired = batch.pairs()
    pair_said = np.where(paired, table.of(pair_hash, 1), 0)
    line_hash = batch.line_hashes()
    total = batch.per_line(said)
    mean_said = total / words
    pair_total = batch.per_line(pair_said)
    good = good_lines(batch, mean_said)
    columns: dict[str, list[Any]] = {
        "shape": [
            *batch.letter_columns,
            np.minimum(batch.words, 300),
            batch.per_line(batch.size) / words,
            batch.per_line(batch.capital) / words,
        ],
        "wording": [
            mean_said,
            np.clip(total, -500, 500),
            batch.per_line(said, np.maximum),
            batch.per_line(said, np.minimum),
            pair_total / words,
            np.clip(pair_total, -500, 500),
            batch.per_line(pair_said, np.maximum),
            batch.per_line(pair_said, np.minimum),
            table.of(line_hash, 2),
        ],
        "edges": [table.of(hashes, 3 + i // 2) for i, hashes in enumerate(batch.edges())],
        "kinship": _kinship(batch, good),
        "address": [*_in_address(batch, addresses), _names_site(batch, addresses)],
        "repeats": [*_repeats(batch, line_hash), *_contained(batch)],
        "rules": list(flags.T),
        "markup": list(markup.T),
    }
    columns.update(_context(batch, columns, good))
    return columns


def good_lines(batch: Batch, mean_said: NDArray[Any]) -> NDArray[np.bool_]:
    """The lines that look like paragraphs of prose at first sight."""
    good: NDArray[np.bool_] = (batch.words >= 15) & (batch.terminal > 0) & (mean_said < 4)
    return good


def _kinship(batch: Batch, good: NDArray[np.bool_]) -> list[Any]:
    """How many of a line's rarer words stand elsewhere in its article, and in its paragraphs of prose."""
    n = len(batch.starts)
    if not len(batch.hashes):
        return [np.zeros(n), np.zeros(n), np.ones(n)]
    telling = (batch.size >= 5) | (batch.capital & (batch.size >= 3))
    word, line, telling = _sorted(batch, batch.hashes, batch.line, telling)
    new = np.concatenate(([True], (word[1:] != word[:-1]) | (line[1:] != line[:-1])))  # the first of a word in a line
    lines = np.bincount(word, weights=new)[word]
    prose = np.bincount(word, weights=new & good[line])[word]
    number = np.maximum(1, np.bincount(line[telling], minlength=n))
    elsewhere, in_prose = telling & (lines > 1), telling & (prose - good[line] > 0)
    return [
        np.bincount(line[elsewhere], minlength=n) / number,
        np.bincount(line[in_prose], minlength=n) / number,
        np.minimum(number, 50),
    ]


_LINE_BITS = 24


def _sorted(
    batch: Batch, hashes: NDArray[np.uint64], line: Ints, flag: NDArray[np.bool_]
) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Words of lines, so that equal ones of one article stand together in the order of their lines: for each the number of
    its word in that order, its line, and its flag.

    39 bits of a word's hash, its line and its flag are one number: to sort numbers is ten times as fast as to sort places.
    """
    key = mix(hashes + mix(batch.article[line].astype(np.uint64) + np.uint64(1)))
    key &= np.uint64(~((1 << (_LINE_BITS + 1)) - 1) & (1 << 64) - 1)
    key |= (line.astype(np.uint64) << np.uint64(1)) | flag
    key.sort()
    line = ((key >> np.uint64(1)) & np.uint64((1 << _LINE_BITS) - 1)).astype(np.int64)
    word = key >> np.uint64(_LINE_BITS + 1)
    article = batch.article[line]  # beside its hash: of 39 bits, two words of a batch now and then have the same
    new = np.concatenate(([False], (word[1:] != word[:-1]) | (article[1:] != article[:-1])))
    return np.cumsum(new), line, (key & np.uint64(1)).astype(np.bool_)


def _in_address(batch: Batch, addresses: Sequence[str]) -> list[Any]:
    """How many of a line's longer words stand in the article's URL, as a number and as a share."""
    zero = np.zeros(len(batch.starts))
    if not len(batch.hashes) or not any(addresses):
        return [zero, zero]
    urls = Batch(
        [url.split("://", 1)[-1].partition("/")[2] or "-" for url in addresses],
        [1] * len(addresses),
        batch.signs,
        words_only=True,
    )
    theirs = urls.hashes + mix(urls.line.astype(np.uint64) + np.uint64(1))
    ours = batch.hashes + mix(batch.article[batch.line].astype(np.uint64) + np.uint64(1))
    long = batch.size >= 4
    theirs.sort()
    if not len(theirs):
        return [zero, zero]
    found = theirs[np.minimum(np.searchsorted(theirs, ours), len(theirs) - 1)] == ours
    number = batch.per_line(long & found)
    return [np.minimum(number, 15), number / np.maximum(1, batch.per_line(long))]


def _repeats(batch: Batch, line_hash: NDArray[np.uint64]) -> list[NDArray[Any]]:
    """How often the line stands in its article, and how often above."""
    key = line_hash + mix(batch.article.astype(np.uint64) + np.uint64(1))
    _, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    order = np.argsort(inverse, kind="stable")
    start = np.concatenate(([0], np.cumsum(count)[:-1]))
    above = np.empty(len(inverse), dtype=np.int64)
    above[order] = np.arange(len(inverse)) - np.repeat(start, count)
    return [np.minimum(count[inverse], 5), np.minimum(above, 5)]


def _contained(batch: Batch) -> list[NDArray[Any]]:
    """The share of a line's word triples that stand elsewhere in its article: anywhere, above, and within three lines."""
    n = len(batch.starts)
    hashes, whole = batch.triples()
    at = np.flatnonzero(whole)
    if not len(at):
        return [np.zeros(n), np.zeros(n), np.zeros(n)]
    triple, line, _ = _sorted(batch, hashes[at], batch.line[at], np.zeros(len(at), dtype=np.bool_))
    again = (triple[1:] == triple[:-1]) & (line[1:] != line[:-1])
    close = again & (line[1:] - line[:-1] <= 3)
    above = np.concatenate(([False], again))
    anywhere = above | np.concatenate((again, [False]))
    near = np.concatenate(([False], close)) | np.concatenate((close, [False]))
    number = np.maximum(1, np.bincount(line, minlength=n))
    return [np.bincount(line[flag], minlength=n) / number for flag in (anywhere, above, near)]


def _names_site(batch: Batch, addresses: Sequence[str]) -> NDArray[Any]:
    """Whether the line has the name of the article's site, as its host spells it, in one word or several."""
    result = np.zeros(len(batch.starts))
    ends = np.append(batch.starts[batch.first[1:]], batch.starts[-1] + batch.length[-1])
    spans = np.searchsorted(batch.letter_at, [batch.starts[batch.first], ends])
    for url, begin, end in zip(addresses, *spans.tolist(), strict=True):
        host = url.split("://", 1)[-1].partition("/")[0].removeprefix("www.").lower()
        name = max(host.split(".")[:-1] or [""], key=len).replace("-", "")
        if len(name) < 4 or not name.isascii():
            continue
        sought = "".join("0" if sign.isdigit() else sign for sign in name).encode("utf-16-le")
        letters = batch.letters[begin:end].tobytes()
        at = letters.find(sought)
        while at >= 0:
            if at % 2 == 0:
                places = batch.letter_at[begin + at // 2 : begin + at // 2 + len(name)]
                first, last = np.searchsorted(batch.starts, [places[0], places[-1]], side="right") - 1
                if first == last:
                    result[first] = 1
            at = letters.find(sought, at + 1)
    return result


def shifted(batch: Batch, column: NDArray[Any], by: int, outside: float) -> NDArray[Any]:
    """The column's value `by` lines further on in the same article; `outside` beyond its ends."""
    result = np.full(len(column), outside, dtype=np.float32)
    n = len(column)
    if abs(by) < n:
        here = slice(0, n - by) if by > 0 else slice(-by, n)
        there = slice(by, n) if by > 0 else slice(0, n + by)
        same = batch.article[here] == batch.article[there]
        result[here] = np.where(same, column[there], outside)
    return result


def _running(column: NDArray[Any]) -> NDArray[np.int64]:
    """The running total of a column, in units of 1/4096, from 0 on.

    In whole numbers, because a sum of floats would depend, in its last bits, on what other articles are in the batch.
    """
    return np.concatenate(([0], np.cumsum(np.rint(np.asarray(column, dtype=np.float64) * 4096).astype(np.int64))))


def windowed(batch: Batch, column: NDArray[Any], reach: int) -> NDArray[Any]:
    """The column's mean over the lines of the same article at most `reach` lines away."""
    total = _running(column)
    index = np.arange(len(column))
    begin = batch.first[batch.article]
    end = begin + batch.counts[batch.article]
    low, high = np.maximum(begin, index - reach), np.minimum(end, index + reach + 1)
    mean: NDArray[Any] = (total[high] - total[low]) / (4096.0 * (high - low))
    return mean


def _of_article(batch: Batch, column: NDArray[Any], reach: int) -> list[NDArray[Any]]:
    """The column's mean over the whole article, over its first and over its last `reach` lines."""
    total = _running(column)
    begin, end = batch.first, batch.first + batch.counts
    low, high = np.minimum(end, begin + reach), np.maximum(begin, end - reach)
    spans = ((begin, end), (begin, low), (high, end))
    return [((total[b] - total[a]) / (4096.0 * (b - a)))[batch.article] for a, b in spans]


def distances(batch: Batch, marked: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
    """How many lines above and below the nearest marked line of the same article is, at most 50; 60 where there is none."""
    index = np.arange(len(marked))
    begin = batch.first[batch.article]
    end = begin + batch.counts[batch.article]
    above = np.maximum.accumulate(np.where(marked, index, -1))
    above = np.concatenate(([-1], above[:-1]))
    below = np.minimum.accumulate(np.where(marked, index, len(marked))[::-1])[::-1]
    below = np.concatenate((below[1:], [len(marked)]))
    return (
        np.where(above >= begin, np.minimum(index - above, 50), 60),
        np.where(below < end, np.minimum(below - index, 50), 60),
    )


def place(batch: Batch, weight: NDArray[Any]) -> list[Any]:
    """Where a line stands: the share of the article's weight before and after it, and of all of it, by lines too."""
    total = _running(weight)
    index = np.arange(len(weight))
    begin = batch.first[batch.article]
    end = begin + batch.counts[batch.article]
    whole = np.maximum(1, total[end] - total[begin])
    return [(total[index] - total[begin]) / whole, (total[end] - total[index + 1]) / whole, whole / 4096.0]


def _context(batch: Batch, columns: dict[str, list[Any]], good: NDArray[np.bool_]) -> dict[str, list[Any]]:
    """The columns about a line's place in the article, its neighbours and the article as a whole."""
    mean_said = columns["wording"][0]
    words = np.minimum(batch.words, 100)
    index = np.arange(len(batch.starts))
    begin = batch.first[batch.article]
    end = begin + batch.counts[batch.article]
    above, below = distances(batch, good)
    before, after, whole = place(batch, batch.words * good)
    heading, more = columns["rules"][0] > 0, columns["rules"][1] > 0
    prose, short = good.astype(np.float32), (batch.words < 4).astype(np.float32)
    around = [
        above,
        below,
        windowed(batch, words, 2),
        windowed(batch, words, 6),
        windowed(batch, prose, 4),
        windowed(batch, mean_said, 2),
        windowed(batch, mean_said, 6),
        windowed(batch, batch.terminal, 4),
        distances(batch, heading)[0],
        *distances(batch, more),
    ]
    for by in (-3, -2, -1, 1, 2, 3):
        around += [shifted(batch, words, by, -1), shifted(batch, mean_said, by, 0), shifted(batch, batch.terminal, by, -1)]
    wording, kinship, repeats = columns["wording"], columns["kinship"], columns["repeats"]
    told = [wording[4], wording[6], wording[8], *columns["edges"][1::2], *kinship[:2], *repeats, *columns["address"]]
    told += [columns["shape"][1], columns["markup"][1]]
    for by in (-1, 1):
        around += [shifted(batch, column, by, -1) for column in told]
    article = [whole, np.minimum(batch.counts[batch.article], 500)]
    for column in (prose, short, mean_said, batch.terminal):
        article += _of_article(batch, column, 8)
    return {
        "place": [np.minimum(index - begin, 60), np.minimum(end - 1 - index, 60), before, after],
        "around": around,
        "article": article,
    }


def again(batch: Batch, scores: NDArray[np.float64], vouched: NDArray[np.bool_]) -> list[Any]:
    """The columns of the second look: what the first made of a line, of its neighbours and of the whole article.

    `scores` are the first look's log odds that each line belongs, `vouched` the lines that a rule would take.
    """
    odds = np.clip(scores, -9, 9)
    words = np.minimum(batch.words, 100)
    keep = 1 / (1 + np.exp(-odds))
    gone = odds < -1.5
    size = np.minimum(batch.words, 200) + 1
    total = np.add.reduceat(size, batch.first)
    columns = [odds, *distances(batch, (odds > 1.5) & (batch.words >= 12)), *distances(batch, gone)]
    columns.append(np.minimum.reduceat(odds, batch.first)[batch.article])
    for bar in (0, -2, -4):
        columns.append((np.add.reduceat(size * (odds < bar), batch.first) / total)[batch.article])
    for bar in (-2, -4, -6):
        columns.append(np.minimum(np.add.reduceat((odds < bar).astype(np.int64), batch.first), 20)[batch.article])
    columns += [shifted(batch, odds, by, 9) for by in (-4, -3, -2, -1, 1, 2, 3, 4)]
    columns += [windowed(batch, odds, reach) for reach in (1, 2, 4, 8, 16)]
    columns += [windowed(batch, keep * words, reach) for reach in (2, 6)]
    columns += [*_of_article(batch, odds, 8), *_of_article(batch, keep, 4), *place(batch, words * keep)]
    return [*columns, words, batch.terminal, vouched]
