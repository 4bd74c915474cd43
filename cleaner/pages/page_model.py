"""What a model makes of pages' blocks: which of them are the article's.

Its weights (data/page_model.npz) are made by scripts/train_pages.py: trees like those that judge lines, which see the same
columns of each block, and what the page's tree knows of it. Where they are not sure of a page, trafilatura is asked as a
witness: what it keeps speaks for a block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.clean.model.features import KINDS, MARKUP, RULES, Columns, describe
from cleaner.clean.model.log_odds import LogOddsTable
from cleaner.clean.model.tokens import CharTable, TokenBatch
from cleaner.clean.model.trees import Trees
from cleaner.clean.model.trees import shipped as lines_model
from cleaner.clean.reasons import PAGE_GROUPS
from cleaner.extract import ParsedPage, witness
from cleaner.extract.walker import PageWalker, TextBlock
from cleaner.pages.lines import share_in
from cleaner.pages.surroundings import NameTable, TreeBatch, describe_trees
from cleaner.text import as_meant

# When the witness is asked, and what it is worth, in log odds. Chosen out of fold (scripts/train_pages.py).
_UNSURE = 0.4  # of the article's words: how many may stand in blocks that are as likely out as in
_FEW_WORDS = 150  # in an article: below that the witness is always asked
WITNESS = 1.5
# What it is worth where half of its words would be lost: a model that fails is commoner than a witness that knows nothing.
_HALF, INSISTING = 0.5, 4.0
# What is said against a block that the markup calls a comment, in log odds, where as many words stay without the comments:
# some article does, however short. (Markup that promotes something says "review" of what is no comment.)
_COMMENT, _WITHOUT_COMMENTS = 3.0, 60
# Of a subheading: how unlikely it may be, how near prose must be above, how certain that is; what markup speaks against it.
_SUBHEAD, _PROSE_ABOVE, _PROSE_ODDS, _PROSE, _KEPT = -1.5, 6, 1.0, 12, 0.5
_FOREIGN = frozenset(["comment", "links", "menu", "newsletter", "promo", "related", "share"])
_REASONED = 1.0  # log odds under which a block may go, when one is told to be bold

_KIND = {kind: float(i) for i, kind in enumerate(KINDS)}
_HINT = {name.removeprefix("hint_"): 2 + i for i, name in enumerate(MARKUP[2:])}
_TELLING = 100  # trees, the first, which say most: by these it is told why a block goes


class PageModel:
    """The trees that judge the blocks of pages, and the tables that their columns need: what words say, and what the names
    of elements do."""

    def __init__(self, weights: Mapping[str, Any], chars: CharTable) -> None:
        self.chars = chars
        self.table = LogOddsTable(weights["log_odds"], weights["tags"])
        self.names = NameTable(weights["element_names"])
        self.trees = Trees(weights)
        self._typical = weights["typical"]  # what a block that belongs looks like: its bins
        groups = np.array([name.partition(".")[0] for name in self.trees.names])
        self._of_group = [groups == group for group in PAGE_GROUPS]
        self._telling = self.trees.head(_TELLING)

    def reasons(self, bins: NDArray[np.uint8]) -> NDArray[np.float64]:
        """How far each of PAGE_GROUPS (a row a block) speaks for removal, in log odds: by how much the block's score would
        be higher, were it in those columns like one that belongs."""
        effect = np.zeros((bins.shape[1], len(PAGE_GROUPS)))
        scores = self._telling.score(bins)
        for i, mine in enumerate(self._of_group):
            if mine.any():
                other = bins.copy()
                other[mine] = self._typical[mine, None]
                effect[:, i] = self._telling.score(other) - scores
        return effect


@cache
def shipped() -> PageModel:
    """The model that comes with the package, loaded once a process."""
    with (files("cleaner") / "data" / "page_model.npz").open("rb") as stream:
        return PageModel(dict(np.load(stream)), lines_model().chars)


class Judgement:
    """What was made of a page's blocks: `odds`, the log odds that each is the article's; `vouched`, the share of each that
    the witness has, where it was asked."""

    def __init__(self, model: PageModel, bins: NDArray[np.uint8], odds: NDArray[np.float64]) -> None:
        self._model, self._bins = model, bins
        self.odds, self.vouched = odds, np.zeros(len(odds))

    def hear(self, page: ParsedPage, words: NDArray[Any]) -> None:
        """Ask the witness, and count what it keeps; `words` are those of the blocks."""

        def kept(recall: bool) -> NDArray[np.float64]:
            return share_in(page.walker.blocks, witness(page, recall))

        self.odds, self.vouched = heard(self.odds, words, kept)

    def effects(self, blocks: NDArray[np.int64]) -> list[tuple[float, ...]]:
        """For each of some blocks how far each of PAGE_GROUPS speaks against it, in log odds; nothing for one that stays
        however bold cleaning is to be."""
        doubtful = blocks[self.odds[blocks] < _REASONED]
        reasons = map(tuple, self._model.reasons(self._bins[:, doubtful]).tolist()) if len(doubtful) else ()
        of = dict(zip(doubtful.tolist(), reasons, strict=True))
        return [of.get(i, ()) for i in blocks.tolist()]


def judge(pages: Sequence[ParsedPage]) -> Iterator[Judgement]:
    """A Judgement of each page, of which none is without blocks."""
    model = shipped()
    walkers = [page.walker for page in pages]
    urls = [page.article.url or "" for page in pages]
    columns, tree = described(walkers, urls, model.chars, model.table, model.names)
    bins = model.trees.bins(columns)
    odds = model.trees.score(bins)
    ends = np.append(tree.begin[1:], len(odds))
    for page, begin, end in zip(pages, tree.begin.tolist(), ends.tolist(), strict=True):
        judgement = Judgement(model, bins[:, begin:end], odds[begin:end])
        if unsure(judgement.odds, tree.words[begin:end]):
            judgement.hear(page, tree.words[begin:end])
        doubt_comments(page.walker.blocks, judgement.odds, tree.words[begin:end])
        keep_subheads(page.walker.blocks, judgement.odds, tree.words[begin:end])
        yield judgement


def doubt_comments(blocks: Sequence[TextBlock], odds: NDArray[np.float64], words: NDArray[Any]) -> None:
    """Speak against what the markup calls comments, where an article is left without them."""
    comments = np.array(["comment" in block.hints and "promo" not in block.hints for block in blocks])
    if words[~comments & (odds > 0)].sum() >= _WITHOUT_COMMENTS:
        odds[comments] -= _COMMENT


def keep_subheads(blocks: Sequence[TextBlock], odds: NDArray[np.float64], words: NDArray[Any]) -> None:
    """Let a heading stay that is nearly as likely in as out, with prose of the article right below it and some above: out of
    fold, 96 of 104 such headings belong."""
    prose = (odds > _PROSE_ODDS) & (words >= _PROSE)
    for i, block in enumerate(blocks[:-1]):
        doubtful = block.kind == "heading" and _SUBHEAD < odds[i] <= 0
        if doubtful and not block.links and not block.hints & _FOREIGN:
            odds[i] = _KEPT if prose[i + 1] and prose[max(0, i - _PROSE_ABOVE) : i].any() else odds[i]


def heard(
    odds: NDArray[np.float64], words: NDArray[Any], kept: Callable[[bool], NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The log odds of a page's blocks when the witness has been heard, and the share of each that it keeps: `kept` tells it,
    in recall mode or by default."""
    # Recall mode costs two thirds of the default, and knows more; but on some pages it fails.
    vouched = kept(True)
    if (words * (vouched > 0.5)).sum() < _HALF * (words * (odds > 0)).sum():
        vouched = np.maximum(vouched, kept(False))
    odds = odds + WITNESS * (2 * vouched - 1)
    said = words * (vouched > 0.5)
    if (said * (odds > 0)).sum() < _HALF * said.sum():
        odds = odds + INSISTING * vouched
    return odds, vouched


def unsure(odds: NDArray[np.float64], words: NDArray[Any]) -> bool:
    """Whether the witness is to be asked, by the log odds and the words of a page's blocks."""
    belongs = 1 / (1 + np.exp(-odds))
    article = float((words * belongs).sum())
    return article < _FEW_WORDS or float((words * 4 * belongs * (1 - belongs)).sum()) > _UNSURE * article


def described(
    pages: Sequence[PageWalker], urls: Sequence[str], chars: CharTable, table: LogOddsTable, names: NameTable
) -> tuple[Columns, TreeBatch]:
    """The blocks of pages, each of which has some, as the model sees them: as lines, and in their trees."""
    blocks = [block for page in pages for block in page.blocks]
    batch = TokenBatch([as_meant(block.text) for block in blocks], [len(page.blocks) for page in pages], chars)
    no_rules = np.zeros((len(blocks), len(RULES)), dtype=np.float32)
    columns = describe(batch, table, no_rules, _markup(blocks), urls)
    of_trees, tree = describe_trees(pages, batch, names)
    return columns | of_trees, tree


def _markup(blocks: Sequence[TextBlock]) -> NDArray[Any]:
    """What the markup knows of each block (see features.MARKUP)."""
    found = np.zeros((len(blocks), len(MARKUP)), dtype=np.float32)
    for i, block in enumerate(blocks):
        found[i, 0], found[i, 1] = _KIND[block.kind], block.links
        for hint in block.hints:
            if hint in _HINT:
                found[i, _HINT[hint]] = 1
    return found
