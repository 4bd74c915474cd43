"""The trained model: what it makes of lines.

The weights (data/model.npz) are made by scripts/train.py: gradient-boosted oblivious trees (CatBoost: Prokhorenkova et
al. 2018), in which all nodes of one level ask the same question. So a line's leaf is the number that its answers spell,
and numpy evaluates all trees without a step of Python a line or a tree. They ask for columns by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.clean.model.log_odds import LogOddsTable
from cleaner.clean.model.tokens import CharTable
from cleaner.clean.reasons import GROUPS

_TELLING = 150  # of the trees, the first, which say most: by these it is told why a line goes
_ROWS = 128  # lines at a time: their answers to all trees' questions stay in the processor's cache
SCALE = 1024.0  # leaves are whole numbers, in units of 1/SCALE of log odds, so that sums do not depend on their order


class Trees:
    """Boosted oblivious trees over columns, of these `names`, that are cut at borders."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self.names = tuple(map(str, weights["names"]))
        ends = np.cumsum(weights["borders_of"], dtype=np.int64)
        self._borders = np.split(weights["borders"], ends[:-1])
        # Each level's question in each tree: the column, and how many of its borders lie below the value. The last level's
        # answer is the leaf's highest bit.
        columns = np.ascontiguousarray(weights["columns"].T).astype(np.intp)
        cuts = np.ascontiguousarray(weights["cuts"].T)[:, :, None]
        self._levels = list(zip(columns, cuts, strict=True))[::-1]
        self._leaves = weights["leaves"]
        self._first = np.arange(0, self._leaves.size, self._leaves.shape[1], dtype=np.int32)[:, None]
        self._base = int(weights["base"])

    def bins(self, columns: Mapping[str, Any]) -> NDArray[np.uint8]:
        """For each column, in the order of `names`, and each line how many of the column's borders lie below the value.

        Raises ValueError where a column is missing.
        """
        missing = [name for name in self.names if name not in columns]
        if missing:
            raise ValueError(
                f"the model needs columns that are not made any more: {', '.join(missing)}; see scripts/train.py"
            )
        found = np.empty((len(self.names), len(columns[self.names[0]])), dtype=np.uint8)
        for i, (borders, name) in enumerate(zip(self._borders, self.names, strict=True)):
            found[i] = np.searchsorted(borders, np.asarray(columns[name], dtype=np.float32), side="left")
        return found

    def score(self, bins: NDArray[np.uint8]) -> NDArray[np.float64]:
        """The log odds that each line belongs."""
        total = np.empty(bins.shape[1], dtype=np.int64)
        for start in range(0, bins.shape[1], _ROWS):
            some = np.ascontiguousarray(bins[:, start : start + _ROWS])
            leaf = np.zeros((self._leaves.shape[0], some.shape[1]), dtype=np.uint8)
            for columns, cuts in self._levels:
                leaf += leaf  # what a shift by one bit is, at a tenth of its time
                leaf |= (some.take(columns, axis=0) > cuts).view(np.uint8)
            total[start : start + _ROWS] = self._leaves.take(leaf + self._first).sum(axis=0, dtype=np.int64)
        return (total + self._base) / SCALE

    def head(self, number: int) -> Trees:
        """The first of the trees alone."""
        first = copy(self)
        first._levels = [(columns[:number], cuts[:number]) for columns, cuts in self._levels]
        first._leaves, first._first = self._leaves[:number], self._first[:number]
        return first


class LineModel:
    """The trees, and the tables that their columns need."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self.chars = CharTable(weights["kinds"], weights["lower"])
        self.table = LogOddsTable(weights["log_odds"], weights["tags"])
        self.trees = Trees(weights)
        self._typical = weights["typical"]  # what a line that belongs looks like: its bins
        groups = np.array([name.partition(".")[0] for name in self.trees.names])
        self._of_group = [groups == group for group in GROUPS]
        self._telling = self.trees.head(_TELLING)

    def reasons(self, bins: NDArray[np.uint8]) -> NDArray[np.float64]:
        """How far each of GROUPS (a row a line) speaks for removal, in log odds: by how much the line's score would be
        higher, were it in those columns like a line that belongs."""
        effect = np.zeros((bins.shape[1], len(GROUPS)))
        scores = self._telling.score(bins)
        for i, mine in enumerate(self._of_group):
            other = bins.copy()
            other[mine] = self._typical[mine, None]
            effect[:, i] = self._telling.score(other) - scores
        return effect


@cache
def shipped() -> LineModel:
    """The model that comes with the package, loaded once a process."""
    with (files("cleaner") / "data" / "model.npz").open("rb") as stream:
        return LineModel(dict(np.load(stream)))
