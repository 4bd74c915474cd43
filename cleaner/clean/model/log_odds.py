"""How much a word, two words together or a whole line speak for boilerplate, as pages of many sites have it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.clean.model.tokens import Ints, TokenBatch

# The parts of a table: words, pairs of words, whole lines, how lines begin, how they end.
WORDS, PAIRS, LINES, BEGINNINGS, ENDINGS = PARTS = tuple(range(5))
_BITS = 17  # an entry is looked up by this many bits of a hash, and told by eight more
SIZE = len(PARTS) << _BITS


class LogOddsTable:
    """How much what is hashed speaks for boilerplate: log odds times 16, -127 to 127.

    A hash table of one byte an entry, with a second byte of the hash to tell whose the entry is; what is not in it says
    0. Each of PARTS has a place of its own.
    """

    def __init__(self, log_odds: NDArray[np.int8], tags: NDArray[np.uint8]) -> None:
        self.log_odds, self.tags = log_odds, tags

    def of(self, hashes: NDArray[np.uint64], part: int) -> NDArray[np.int64]:
        """What each hash says."""
        at, tag = slots(hashes, part)
        return np.where(self.tags[at] == tag, self.log_odds[at], 0).astype(np.int64)


def slots(hashes: NDArray[np.uint64], part: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Where a table has the entry of each hash, and the byte that tells it."""
    at = (hashes >> np.uint64(64 - _BITS)) + np.uint64(part << _BITS)
    return at.astype(np.int64), (hashes & np.uint64(0xFF)).astype(np.uint8)


def counted_in(batch: TokenBatch, part: int) -> list[tuple[NDArray[np.uint64], NDArray[np.bool_], Ints]]:
    """What a part of a table is counted from: hashes, which of them to use, and the line of each."""
    if part == WORDS:
        return [(batch.hashes, np.ones(len(batch.hashes), dtype=np.bool_), batch.line)]
    if part == PAIRS:
        return [(*batch.pairs(), batch.line)]
    lines, some, edges = np.arange(len(batch.starts)), batch.words > 0, batch.edges()
    whole = {
        LINES: [batch.line_hashes()],
        BEGINNINGS: [edges["first"], edges["first_two"]],
        ENDINGS: [edges["last"], edges["last_two"]],
    }
    return [(hashes, some, lines) for hashes in whole[part]]
