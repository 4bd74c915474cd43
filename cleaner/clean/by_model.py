"""What the model takes of articles, in batches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.clean.model.features import KINDS, MARKUP, RULES, Columns, describe
from cleaner.clean.model.log_odds import LogOddsTable
from cleaner.clean.model.tokens import CharTable, TokenBatch
from cleaner.clean.model.trees import LineModel, shipped
from cleaner.clean.model.windows import NOWHERE, distances
from cleaner.clean.page import JudgedLine, JudgedPage
from cleaner.clean.reasons import ModelReason
from cleaner.options import Caution

# How sure the model must be that a line is boilerplate, as log odds: in an article of which nothing looks like it, and in
# one of which something certainly is. Between the two the article counts by its most certain line. These and the next are
# chosen on sources and sites that had not trained the model (scripts/train.py), by windows, whole pages, what extractors
# leave, and gold texts at once.
CLEAN_ODDS, DIRTY_ODDS = 3.0, 0.2
CLEAN, DIRTY = 3.5, 4.0
# What is added for a sentence, for a line between two that belong for certain, and above the first of these, where headline
# and standfirst are. They have so many words, and are as sure.
SENTENCE_ODDS, INSIDE, HEAD = 1.0, 1.4, 1.0
SENTENCE, BELONGS = 12, 1.5
# How sure the most certain line of an article must be to belong: what it lacks is asked of the others. Where none is as sure
# as the last, there is nothing by which to judge them.
PROSE, SOME_PROSE = 4.5, 0.2
# A whole page is known by how many of its lines are furniture, at these log odds: from so many on, and wholly with so many.
# Of such a page less is asked, and so much less of what is added below the headline, and for what prose lacks.
FURNITURE, SOME, MANY = -3.0, 8, 30
PAGE_ODDS, OF_PAGE = -0.5, 0.4
# The most that is asked of a line that a rule speaks for; and of a sentence, in an article of which nothing looks like it.
SUSPECTED_ODDS, SUSPECTED_SENTENCE_ODDS = -0.5, 3.0
SCRAPED_ODDS = 1.0  # the most that is asked of a line that came with its markup: no page is all article
PAGE_SUSPECTED_ODDS = -6.0  # of a line of a page: who judged it did not know the rules
# What is added to the log odds asked for.
CAUTION: dict[Caution, float] = {"gentle": 1.5, "normal": 0.0, "aggressive": -1.5}


def by_model(pages: Sequence[JudgedPage], caution: Caution, model: LineModel | None = None) -> None:
    """Let the model (the shipped one unless told) take lines of pages that the rules have looked at in this round."""
    for page in pages:
        if page.judged:
            _by_page(page, caution)
    pages = [page for page in pages if page.left and not page.judged]
    if not pages:
        return
    lines = [line for page in pages for line in page.in_round]
    model = model or shipped()
    batch, columns = described(pages, model.chars, model.table)
    bins = model.trees.bins(columns)
    scores = model.trees.score(bins)
    suspected = np.array([line.suspected_by is not None for line in lines])
    needed = _needed(batch, scores, suspected, np.array([page.scraped for page in pages]))
    undecided = np.array([line.removed_by is None and not line.stays for line in lines])
    gone = np.flatnonzero((-scores > needed + CAUTION[caution]) & undecided)
    effects = model.reasons(bins[:, gone])
    for i, effect in zip(gone, effects, strict=True):
        confidence = float(1 / (1 + np.exp(scores[i])))
        lines[i].removed_by = lines[i].suspected_by or ModelReason(confidence, tuple(effect))


def _by_page(page: JudgedPage, caution: Caution) -> None:
    """Take the lines of which it was said, when the whole page was seen, that they are not the article's."""
    for line in page.in_round:
        odds = line.block.odds
        needed = PAGE_SUSPECTED_ODDS if line.suspected_by else 0.0
        if odds is not None and -odds > needed + CAUTION[caution] and not line.stays and line.removed_by is None:
            line.removed_by = line.suspected_by or ModelReason(1 / (1 + math.exp(odds)), line.block.effects)


def described(pages: Sequence[JudgedPage], chars: CharTable, table: LogOddsTable) -> tuple[TokenBatch, Columns]:
    """The lines of pages as the model sees them."""
    texts = [line.meant.replace("\n", " ") for page in pages for line in page.in_round]
    batch = TokenBatch(texts, [len(page.in_round) for page in pages], chars)
    rules = np.array([_rules(line) for page in pages for line in page.in_round], dtype=np.float32)
    markup = np.array([_markup(line) for page in pages for line in page.in_round], dtype=np.float32)
    return batch, describe(batch, table, rules, markup, [page.url for page in pages])


def _needed(
    batch: TokenBatch, scores: NDArray[np.float64], suspected: NDArray[np.bool_], scraped: NDArray[np.bool_]
) -> NDArray[Any]:
    """The log odds that lines must reach to go: restraint. An article of which nothing is certain to be boilerplate loses
    only what is nearly so; a sentence, and a line inside the article, must be surer than others; and the less any line looks
    like an article's, the less there is by which to judge the others. A page full of furniture is judged with less of it."""
    long = batch.words >= SENTENCE
    sentence = long & (batch.terminal > 0)
    telling = np.where(sentence & suspected, 0, scores)
    lowest = -np.minimum.reduceat(telling, batch.first)
    highest = np.maximum.reduceat(scores, batch.first)
    dirty = np.clip((lowest - CLEAN) / (DIRTY - CLEAN), 0, 1)
    page = np.clip((np.add.reduceat(telling < FURNITURE, batch.first, dtype=int) - SOME) / (MANY - SOME), 0, 1)
    lack = np.maximum(0, PROSE - highest) * (1 - OF_PAGE * page)
    asked = CLEAN_ODDS + (DIRTY_ODDS - CLEAN_ODDS) * dirty + PAGE_ODDS * page
    asked[highest <= SOME_PROSE] = np.inf
    asked[scraped] = np.minimum(asked[scraped], SCRAPED_ODDS)
    asked += lack
    above, below = distances(batch, (scores > BELONGS) & long)
    head = (above == NOWHERE) & (below < NOWHERE)
    surer = np.maximum(INSIDE * (below < NOWHERE), SENTENCE_ODDS * sentence) * np.repeat(1 - OF_PAGE * page, batch.counts)
    needed: NDArray[Any] = np.repeat(asked, batch.counts) + np.where(head, HEAD, surer)
    doubt = (SUSPECTED_SENTENCE_ODDS + 2 * lack - SUSPECTED_ODDS) * (1 - dirty)
    of_rule = SUSPECTED_ODDS + sentence * np.repeat(doubt, batch.counts)
    return np.where(suspected, np.minimum(needed, of_rule), needed)


_RULE = {name: i for i, name in enumerate(RULES)}
_NO_RULE = (0,) * len(RULES)


def _rules(line: JudgedLine) -> tuple[int, ...]:
    """Which kinds of rule match a line (see features.RULES)."""
    if not line.matches:
        return _NO_RULE
    row = [0] * len(RULES)
    for rule in line.matches:
        row[_RULE[rule.kind if rule.kind in ("section", "more") else rule.where]] = 1
        row[_RULE["beside"]] |= rule.beside
    row[_RULE["suspected"]] = line.suspected_by is not None
    return tuple(row)


_KIND = {kind: float(i) for i, kind in enumerate(KINDS)}
_HINT = {name.removeprefix("hint_"): i for i, name in enumerate(MARKUP) if name.startswith("hint_")}
_PLAIN_TEXT = (0.0, -1.0, *[0.0] * len(_HINT))


def _markup(line: JudgedLine) -> Sequence[float]:
    """What the markup knew of a line (see features.MARKUP)."""
    block = line.block
    kind = _KIND.get(block.kind)
    if not kind:
        return _PLAIN_TEXT
    row = [kind, block.links, *[0.0] * len(_HINT)]
    for hint in block.hints:
        if hint in _HINT:
            row[_HINT[hint]] = 1.0
    return row
