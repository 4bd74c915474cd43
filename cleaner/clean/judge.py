"""What the model takes of articles, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.clean import features
from cleaner.clean.batch import Batch, Signs
from cleaner.clean.forest import Model, shipped
from cleaner.clean.page import Line, Page
from cleaner.clean.verdict import GROUPS, Verdict
from cleaner.extract.tables import HINTS

# How sure the model must be that a line is boilerplate, as log odds: in an article of which nothing looks like it, and in
# one of which something certainly is. Between the two the article counts by its most certain line. Chosen, like the odds at
# which a line goes that a rule speaks for, out of fold on the training sites (benchmarks/train.py).
CLEAN_ODDS, DIRTY_ODDS = 2.0, 0.3
CLEAN, DIRTY = 2.5, 4.5
VOUCHED_ODDS = -0.5
SCRAPED_ODDS = 1.0  # the most that is asked of a line that came with its markup: no page is all article


def by_model(pages: Sequence[Page], caution: float = 0.0, model: Model | None = None) -> None:
    """Let the model (the shipped one unless told) take lines of pages that the rules have looked at.

    `caution` is added to the log odds that it asks for.
    """
    pages = [page for page in pages if page.left]
    if not pages:
        return
    lines = [line for page in pages for line in page.seen]
    model = model or shipped()
    batch, columns = described(pages, model.signs, model.table)
    bins = model.first.bins(columns)
    first = model.first.score(bins)
    vouched = np.array([line.vouched is not None for line in lines])
    scores = model.second.score(model.second.bins(features.again(batch, first, vouched)))
    needed = asked(batch, scores)
    scraped = np.array([page.scraped for page in pages])
    needed[scraped] = np.minimum(needed[scraped], SCRAPED_ODDS)
    needed = np.repeat(needed, batch.counts)
    needed[vouched] = np.minimum(needed[vouched], VOUCHED_ODDS)
    undecided = np.array([line.gone is None and not line.stays for line in lines])
    gone = np.flatnonzero((-scores > needed + caution) & undecided)
    effects = model.reasons(bins[:, gone], first[gone])
    for i, effect in zip(gone, effects, strict=True):
        lines[i].gone = lines[i].vouched or Verdict(float(1 / (1 + np.exp(scores[i]))), tuple(effect))


def described(pages: Sequence[Page], signs: Signs, table: features.Table) -> tuple[Batch, features.Columns]:
    """The lines of pages as the model sees them: a column a number, in the order of GROUPS."""
    lines = [line for page in pages for line in page.seen]
    texts = [page.source[line.block.start : line.block.end] for page in pages for line in page.seen]
    batch = Batch(texts, [len(page.seen) for page in pages], signs)
    flags = np.array([_flags(line) for line in lines], dtype=np.float32)
    markup = np.array([_markup(line) for line in lines], dtype=np.float32)
    found = features.describe(batch, table, flags, markup, [page.url for page in pages])
    return batch, [column for group in GROUPS for column in found[group]]


def asked(batch: Batch, scores: NDArray[np.float64]) -> NDArray[Any]:
    """The log odds that an article's lines must reach to go: restraint. An article of which nothing is certain to be
    boilerplate loses only what is nearly so; and where no line looks like an article's, there is nothing by which to judge
    the others."""
    lowest = -np.minimum.reduceat(scores, batch.first)
    share = np.clip((lowest - CLEAN) / (DIRTY - CLEAN), 0, 1)
    prose = np.maximum.reduceat(scores, batch.first) > 0
    return np.where(prose, CLEAN_ODDS + (DIRTY_ODDS - CLEAN_ODDS) * share, np.inf)


_NO_FLAGS = (0,) * features.RULE_FLAGS


def _flags(line: Line) -> tuple[int, ...]:
    """Which kinds of rule match a line (see features.RULE_FLAGS)."""
    if not line.matches:
        return _NO_FLAGS
    flags = [0] * features.RULE_FLAGS
    for rule in line.matches:
        place = {"section": 0, "more": 1}.get(rule.kind, {"any": 2, "head": 3, "tail": 4}[rule.where])
        flags[place] = 1
        flags[5] |= rule.beside
    return tuple(flags)


_HINT = {name: 2 + i for i, name in enumerate(HINTS)}
_PLAIN_TEXT = (0.0, -1.0, *[0.0] * len(HINTS))


def _markup(line: Line) -> Sequence[float]:
    """What the markup knew of a line (see features.describe)."""
    block = line.block
    if block.kind not in features.KINDS[1:]:
        return _PLAIN_TEXT
    row = [features.KINDS.index(block.kind), block.links, *[0.0] * len(HINTS)]
    for hint in block.hints:
        if hint in _HINT:
            row[_HINT[hint]] = 1.0
    return row
