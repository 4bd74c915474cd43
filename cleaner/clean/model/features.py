"""What a line looks like to the model: its shape and wording, its overlap with the rest of the article, its place.

A column has a name, "group.what", and a value a line; groups are reasons.GROUPS. No column of an article depends on another
article of its batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.clean.model.log_odds import BEGINNINGS, ENDINGS, LINES, PAIRS, WORDS, LogOddsTable
from cleaner.clean.model.tokens import Ints, TokenBatch, mix
from cleaner.clean.model.windows import distances, of_article, place, shifted, windowed
from cleaner.extract.tables import HINTS

Columns = dict[str, NDArray[Any]]  # by name, each with a value a line

# What is told of a line from without, as numbers.
# Which kinds of rule match it, where those of lines apply, and whether one would take it here.
RULES = ("section", "more", "any", "head", "tail", "beside", "suspected")
MARKUP = ("kind", "link_share", *(f"hint_{hint}" for hint in HINTS))  # -1 for the share of links in plain text
# The kinds of block, as numbers; a line of plain text has none of them.
KINDS = ("line", "paragraph", "heading", "headline", "item", "quote", "table", "caption")


def describe(
    batch: TokenBatch, table: LogOddsTable, rules: NDArray[Any], markup: NDArray[Any], addresses: Sequence[str]
) -> Columns:
    """The columns of lines.

    `rules` has a row a line of RULES, 1 for what applies. `markup` has one of MARKUP: the place in KINDS of its block's
    kind, the share of it that stands in links, and 1 for each hint that the block has. `addresses` has each article's URL,
    or "".
    """
    line_hashes = batch.line_hashes()
    wording = _wording(batch, table, line_hashes)
    good = _prose_lines(batch, wording["mean"])
    columns = {
        **_named("shape", _shape(batch)),
        **_named("wording", wording),
        **_named("edges", _edges(batch, table)),
        **_named("overlap", _overlap(batch, good)),
        **_named("address", _in_address(batch, addresses)),
        "address.site": _names_site(batch, addresses),
        **_named("repeats", _repeats(batch, line_hashes)),
        **_named("repeats", _contained(batch)),
        **_named("rules", dict(zip(RULES, rules.T, strict=True))),
        **_named("markup", dict(zip(MARKUP, markup.T, strict=True))),
    }
    columns.update(_context(batch, columns, good))
    return columns


def _named(group: str, columns: Mapping[str, NDArray[Any]]) -> Columns:
    return {f"{group}.{name}": column for name, column in columns.items()}


def _shape(batch: TokenBatch) -> Columns:
    words = np.maximum(1, batch.words)
    return {
        **batch.shape,
        "words": np.minimum(batch.words, 300),
        "word_length": batch.per_line(batch.size) / words,
        "capital_words": batch.per_line(batch.capital) / words,
    }


def _wording(batch: TokenBatch, table: LogOddsTable, line_hashes: NDArray[np.uint64]) -> Columns:
    """How much a line's words, pairs of words and all of it speak for boilerplate."""
    words = np.maximum(1, batch.words)
    log_odds = table.of(batch.hashes, WORDS)
    hashes, paired = batch.pairs()
    pair_log_odds = np.where(paired, table.of(hashes, PAIRS), 0)
    total, pair_total = batch.per_line(log_odds), batch.per_line(pair_log_odds)
    return {
        "known": batch.per_line(log_odds != 0) / words,
        "mean": total / words,
        "total": np.clip(total, -500, 500),
        "highest": batch.per_line(log_odds, np.maximum),
        "lowest": batch.per_line(log_odds, np.minimum),
        "pair_mean": pair_total / words,
        "pair_total": np.clip(pair_total, -500, 500),
        "pair_highest": batch.per_line(pair_log_odds, np.maximum),
        "pair_lowest": batch.per_line(pair_log_odds, np.minimum),
        "line": table.of(line_hashes, LINES),
    }


def _edges(batch: TokenBatch, table: LogOddsTable) -> Columns:
    part = {"first": BEGINNINGS, "first_two": BEGINNINGS, "last": ENDINGS, "last_two": ENDINGS}
    return {name: table.of(hashes, part[name]) for name, hashes in batch.edges().items()}


def _prose_lines(batch: TokenBatch, mean_log_odds: NDArray[Any]) -> NDArray[np.bool_]:
    """The lines that look like paragraphs of prose at first sight."""
    good: NDArray[np.bool_] = (batch.words >= 15) & (batch.terminal > 0) & (mean_log_odds < 4)
    return good


def _overlap(batch: TokenBatch, good: NDArray[np.bool_]) -> Columns:
    """How many of a line's rarer words stand elsewhere in its article, and in its paragraphs of prose."""
    n = len(batch.starts)
    if not len(batch.hashes):
        return {"elsewhere": np.zeros(n), "in_prose": np.zeros(n), "words": np.ones(n)}
    telling = (batch.size >= 5) | (batch.capital & (batch.size >= 3))
    word, line, telling = _sorted(batch, batch.hashes, batch.line, telling)
    new = np.concatenate(([True], (word[1:] != word[:-1]) | (line[1:] != line[:-1])))  # the first of a word in a line
    lines = np.bincount(word, weights=new)[word]
    prose = np.bincount(word, weights=new & good[line])[word]
    number = np.maximum(1, np.bincount(line[telling], minlength=n))
    elsewhere, in_prose = telling & (lines > 1), telling & (prose - good[line] > 0)
    return {
        "elsewhere": np.bincount(line[elsewhere], minlength=n) / number,
        "in_prose": np.bincount(line[in_prose], minlength=n) / number,
        "words": np.minimum(number, 50),
    }


_LINE_BITS = 24


def _sorted(
    batch: TokenBatch, hashes: NDArray[np.uint64], line: Ints, flag: NDArray[np.bool_]
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


def _in_address(batch: TokenBatch, addresses: Sequence[str]) -> Columns:
    """How many of a line's longer words stand in the article's URL, as a number and as a share."""
    zero = np.zeros(len(batch.starts))
    if not len(batch.hashes) or not any(addresses):
        return {"words": zero, "share": zero}
    urls = TokenBatch(
        [url.split("://", 1)[-1].partition("/")[2] or "-" for url in addresses],
        [1] * len(addresses),
        batch.chars,
        words_only=True,
    )
    theirs = urls.hashes + mix(urls.line.astype(np.uint64) + np.uint64(1))
    if not len(theirs):
        return {"words": zero, "share": zero}
    theirs.sort()
    long = np.flatnonzero(batch.size >= 4)
    line = batch.line[long]
    ours = batch.hashes[long] + mix(np.arange(1, len(batch.counts) + 1, dtype=np.uint64))[batch.article[line]]
    maybe = np.zeros(1 << 16, dtype=np.bool_)  # by 16 bits of a word, as a search takes long
    maybe[theirs & np.uint64(0xFFFF)] = True
    some = np.flatnonzero(maybe[ours & np.uint64(0xFFFF)])
    found = some[theirs[np.minimum(np.searchsorted(theirs, ours[some]), len(theirs) - 1)] == ours[some]]
    number = np.bincount(line[found], minlength=len(zero))
    return {"words": np.minimum(number, 15), "share": number / np.maximum(1, np.bincount(line, minlength=len(zero)))}


def _repeats(batch: TokenBatch, line_hashes: NDArray[np.uint64]) -> Columns:
    """How often the line stands in its article, and how often above."""
    key = line_hashes + mix(batch.article.astype(np.uint64) + np.uint64(1))
    _, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    order = np.argsort(inverse, kind="stable")
    start = np.concatenate(([0], np.cumsum(count)[:-1]))
    above = np.empty(len(inverse), dtype=np.int64)
    above[order] = np.arange(len(inverse)) - np.repeat(start, count)
    return {"lines": np.minimum(count[inverse], 5), "lines_above": np.minimum(above, 5)}


def _contained(batch: TokenBatch) -> Columns:
    """The share of a line's word triples that stand elsewhere in its article: anywhere, above, and within three lines."""
    n = len(batch.starts)
    hashes, whole = batch.triples()
    at = np.flatnonzero(whole)
    if not len(at):
        return {"triples": np.zeros(n), "triples_above": np.zeros(n), "triples_near": np.zeros(n)}
    triple, line, _ = _sorted(batch, hashes[at], batch.line[at], np.zeros(len(at), dtype=np.bool_))
    again = (triple[1:] == triple[:-1]) & (line[1:] != line[:-1])
    close = again & (line[1:] - line[:-1] <= 3)
    above = np.concatenate(([False], again))
    anywhere = above | np.concatenate((again, [False]))
    near = np.concatenate(([False], close)) | np.concatenate((close, [False]))
    number = np.maximum(1, np.bincount(line, minlength=n))
    flags = {"triples": anywhere, "triples_above": above, "triples_near": near}
    return {name: np.bincount(line[flag], minlength=n) / number for name, flag in flags.items()}


def _names_site(batch: TokenBatch, addresses: Sequence[str]) -> NDArray[Any]:
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


_BOTH_SIDES = (
    *("wording.pair_mean", "wording.pair_highest", "wording.line", "edges.first_two", "edges.last_two"),
    *("overlap.elsewhere", "overlap.in_prose", "repeats.lines", "repeats.lines_above"),
    *("repeats.triples", "repeats.triples_above", "repeats.triples_near"),
    *("address.words", "address.share", "address.site", "shape.capitals", "markup.link_share"),
)  # what is told of the lines above and below too


def _context(batch: TokenBatch, columns: Columns, good: NDArray[np.bool_]) -> Columns:
    """The columns about a line's place in the article, its neighbours and the article as a whole."""
    wording, terminal = columns["wording.mean"], batch.terminal
    words = np.minimum(batch.words, 100)
    index = np.arange(len(batch.starts))
    begin = batch.first[batch.article]
    end = begin + batch.counts[batch.article]
    above, below = distances(batch, good)
    before, after, whole = place(batch, batch.words * good)
    more_above, more_below = distances(batch, columns["rules.more"] > 0)
    prose, short = good.astype(np.float32), (batch.words < 4).astype(np.float32)
    found: Columns = {
        "place.lines_above": np.minimum(index - begin, 60),
        "place.lines_below": np.minimum(end - 1 - index, 60),
        "place.prose_before": before,
        "place.prose_after": after,
        "around.prose_above": above,
        "around.prose_below": below,
        "around.words_2": windowed(batch, words, 2),
        "around.words_6": windowed(batch, words, 6),
        "around.prose_4": windowed(batch, prose, 4),
        "around.wording_2": windowed(batch, wording, 2),
        "around.wording_6": windowed(batch, wording, 6),
        "around.terminal_4": windowed(batch, terminal, 4),
        "around.section_above": distances(batch, columns["rules.section"] > 0)[0],
        "around.more_above": more_above,
        "around.more_below": more_below,
    }
    for by in (-3, -2, -1, 1, 2, 3):
        found[f"around.words@{by:+d}"] = shifted(batch, words, by, -1)
        found[f"around.wording@{by:+d}"] = shifted(batch, wording, by, 0)
        found[f"around.terminal@{by:+d}"] = shifted(batch, terminal, by, -1)
    for by in (-1, 1):
        for name in _BOTH_SIDES:
            found[f"around.{name}@{by:+d}"] = shifted(batch, columns[name], by, -1)
    found["article.prose_words"] = whole
    found["article.lines"] = np.minimum(batch.counts[batch.article], 500)
    means = {"prose": prose, "short": short, "wording": wording, "terminal": terminal, "known": columns["wording.known"]}
    for name, column in means.items():
        found |= _whole_and_ends(batch, f"article.{name}", column, 8)
    return found


def _whole_and_ends(batch: TokenBatch, name: str, column: NDArray[Any], reach: int) -> Columns:
    whole, first, last = of_article(batch, column, reach)
    return {name: whole, f"{name}_first_{reach}": first, f"{name}_last_{reach}": last}
