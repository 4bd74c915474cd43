"""Words to shingles to signatures."""

import random

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from cleaner import fingerprint
from cleaner.text import words

WORDS = ["ferry", "ledge", "fog", "pier", "tide", "crew", "radar", "horn", "boom", "rail"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)


def exact(a, b):
    """The Jaccard index of the word 5-grams, the long way."""
    grams = [{tuple(w[i : i + 5]) for i in range(len(w) - 4)} for w in (words(a), words(b))]
    either = grams[0] | grams[1]
    return len(grams[0] & grams[1]) / len(either) if either else 0.0


@given(TEXTS, TEXTS)
def test_jaccard_is_that_of_the_word_five_grams(a, b):
    found = fingerprint.jaccard(fingerprint.shingles(a), fingerprint.shingles(b))
    assert found == pytest.approx(exact(a, b), abs=1e-9)


@given(TEXTS)
def test_shingles_are_sorted_without_repetition(text):
    found = fingerprint.shingles(text).tolist()
    assert found == sorted(set(found))


def test_short_texts_have_none():
    assert len(fingerprint.shingles("")) == len(fingerprint.shingles("one two three four")) == 0
    assert len(fingerprint.shingles("one two three four five")) == 1
    assert fingerprint.jaccard(fingerprint.shingles(""), fingerprint.shingles("")) == 0


def test_order_and_repetition_of_the_words_count():
    assert fingerprint.shingles("a b c d e").tolist() != fingerprint.shingles("e d c b a").tolist()
    assert fingerprint.shingles("a a b b c").tolist() != fingerprint.shingles("a b a b c").tolist()


def test_case_punctuation_and_lone_surrogates_do_no_harm():
    assert (
        fingerprint.shingles("One, two; three: four! Five?").tolist()
        == fingerprint.shingles("one two three four five").tolist()
    )
    assert len(fingerprint.shingles("a\ud800 b c d e \udfff f")) > 0


@pytest.mark.parametrize("size", [1, 5, 400])
def test_signatures_are_datasketchs(size):
    hashes = [random.Random(size).randrange(2**32) for _ in range(size)]
    theirs = MinHash(num_perm=fingerprint.PERMUTATIONS, hashfunc=lambda value: value)
    for value in hashes:
        theirs.update(value)
    ours = fingerprint.signature(np.array(sorted(set(hashes)), dtype=np.uint32))
    assert ours.tolist() == theirs.hashvalues.tolist()
    assert [s.tolist() for s in fingerprint.signatures([np.array(hashes, dtype=np.uint32)])] == [ours.tolist()]


def test_signatures_estimate_the_jaccard_index():
    pick = random.Random(3)
    first = [pick.randrange(2**32) for _ in range(600)]
    second = first[:400] + [pick.randrange(2**32) for _ in range(200)]
    a, b = (fingerprint.signature(np.unique(np.array(h, dtype=np.uint32))) for h in (first, second))
    assert abs(float(np.mean(a == b)) - 0.5) < 0.15
