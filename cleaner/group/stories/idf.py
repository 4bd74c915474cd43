"""How rare words and character n-grams are in news: the shipped tables, and inverse document frequencies in a byte."""

from __future__ import annotations

import gzip
import math
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

IDF_STEPS = 16  # an idf is kept as round(IDF_STEPS * -log(share)), 0 to 255: shares down to one in eight million


def quantised_idf(share: float) -> int:
    """The idf of what occurs in this share of articles, quantised; see IDF_STEPS."""
    return min(255, max(0, round(-math.log(share) * IDF_STEPS))) if share > 0 else 255


def shares_of(idfs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Quantised idfs as the shares of articles that they were made of."""
    found: NDArray[np.float32] = np.exp(idfs.astype(np.float32) / np.float32(-IDF_STEPS))
    return found


@cache
def word_frequencies() -> tuple[dict[str, int], int]:
    """In how many news articles each word of the shipped table occurs, by its stem, and of how many articles."""
    total, *rows = _shipped("words.txt.gz").decode().splitlines()
    return {word: int(count) for word, count in (row.split("\t") for row in rows)}, int(total)


@cache
def char_ngram_idfs() -> NDArray[np.uint8]:
    """The quantised idf of each of the hashes of character n-grams, whatever the language."""
    return np.frombuffer(_shipped("grams.bin.gz"), dtype=np.uint8)


def _shipped(name: str) -> bytes:
    return gzip.decompress((files("cleaner") / "data" / name).read_bytes())
