"""Words to shingles to signatures."""

import random
import unicodedata

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash, MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

from cleaner import fingerprint
from cleaner.fingerprint import shingles, signatures
from cleaner.fingerprint.words import word_hashes
from cleaner.text import is_unspaced_letter, words

WORDS = ["ferry", "ledge", "fog", "pier", "tide", "crew", "radar", "horn", "boom", "rail"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
SCRIPTS = st.text(
    st.sampled_from(
        "abzAZ09_ \n.,-'’“”–…éÉßẞñçİıŁΩωЖжأبשहिन्दी中文字ไทยテスト한국가\U00020000\U0001f600\U00010400\u0301\u200b\ud800"
    ),
    max_size=60,
)


def exact(a, b):
    """The Jaccard index of the word 5-grams, the long way."""
    grams = [{tuple(w[i : i + 5]) for i in range(len(w) - 4)} for w in (words(a), words(b))]
    either = grams[0] | grams[1]
    return len(grams[0] & grams[1]) / len(either) if either else 0.0


def slowly(text):
    """The words of a text, a character at a time."""
    found, open_word = [], False
    for char in text:
        if not char.isalnum() and char != "_" and not unicodedata.category(char).startswith("M"):
            open_word = False
            continue
        lower = char.lower()
        if len(lower.encode(errors="replace")) == len(char.encode()) and len(lower) == 1:
            char = lower if len(char.encode()) < 4 else char
        if open_word and not is_unspaced_letter(char):
            found[-1] += char
        else:
            found.append(char)
        open_word = not is_unspaced_letter(char)
    return found


def signed(sets):
    """The MinHash of each of some sets of hashes."""
    return signatures.minhash(
        np.concatenate([np.empty(0, dtype=np.uint32), *sets]), np.array([*map(len, sets)], dtype=np.int64)
    )


@given(TEXTS, TEXTS)
def test_jaccard_is_that_of_the_word_five_grams(a, b):
    found = shingles.jaccard(shingles.of_text(a), shingles.of_text(b))
    assert found == pytest.approx(exact(a, b), abs=1e-9)


@given(SCRIPTS)
def test_words_of_all_scripts(text):
    hashes, (count,) = word_hashes([text])
    expected = slowly(text)
    assert count == len(hashes) == len(expected)
    assert [hashes[expected.index(word)] for word in expected] == hashes.tolist()
    assert len(set(hashes.tolist())) == len(set(expected))


@given(st.lists(SCRIPTS, max_size=8))
def test_a_batch_is_the_texts_one_by_one(texts):
    for batched in (word_hashes, shingles.of_texts):
        values, counts = batched(texts)
        alone = [batched([text])[0].tolist() for text in texts]
        assert counts.tolist() == [len(one) for one in alone]
        assert values.tolist() == [value for one in alone for value in one]


def test_words_of_any_length():
    for size in (1, 7, 8, 9, 15, 16, 17, 127, 128, 129, 1000):
        one, other, same = (word_hashes([text])[0].tolist() for text in ("a" * size, "a" * (size - 1) + "b", "A" * size))
        assert one == same
        assert one != other or size > 128  # of what is longer only the beginning and the length count
    assert word_hashes(["a" * 1000])[0].tolist() != word_hashes(["a" * 1001])[0].tolist()


def test_short_texts_have_no_shingles():
    assert len(shingles.of_text("")) == len(shingles.of_text("one two three four")) == 0
    assert len(shingles.of_text("one two three four five")) == 1
    assert shingles.jaccard(shingles.of_text(""), shingles.of_text("")) == 0


def test_order_and_repetition_of_the_words_count():
    assert shingles.of_text("a b c d e").tolist() != shingles.of_text("e d c b a").tolist()
    assert shingles.of_text("a a b b c").tolist() != shingles.of_text("a b a b c").tolist()


def test_case_and_punctuation_make_no_difference():
    plain = shingles.of_text("one two three four five s déjà").tolist()
    assert shingles.of_text("One, two; “three”: four! Five’s\u00a0DÉJÀ?").tolist() == plain


def test_texts_that_share_a_passage_share_sampled_shingles():
    pick = random.Random(5)
    passage, *others = (" ".join(pick.choice(WORDS) for _ in range(size)) for size in (120, 80, 90, 70))
    texts = [f"{others[0]} {passage}", f"{passage} {others[1]}", others[2]]
    found, counts = shingles.of_texts(texts)
    places, sampled = shingles.sampled(found, counts)
    ends = np.cumsum(counts)
    of = [set(sampled[(places >= end - count) & (places < end)].tolist()) for count, end in zip(counts, ends, strict=True)]
    assert len(of[0] & of[1]) >= 5
    assert not of[0] & of[2]
    assert sorted(set().union(*of)) == sorted(
        {a for text in texts for a in shingles.sampled(*shingles.of_texts([text]))[1].tolist()}
    )


@given(st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=30), max_size=12))
def test_signatures_are_datasketchs(sets):
    ours = signed([np.array(values, dtype=np.uint32) for values in sets])
    for values, signature in zip(sets, ours, strict=True):
        theirs = MinHash(num_perm=signatures.PERMUTATIONS, scheme="affine32", hashfunc=int)
        if values:
            theirs.update_batch(values)
        assert signature.tolist() == theirs.hashvalues.tolist()


def test_signatures_of_more_than_a_block(monkeypatch):
    pick = np.random.default_rng(2)
    sets = [pick.integers(0, 2**32, size, dtype=np.uint32) for size in (300, 0, 70, 1000, 1, 0, 40)]
    whole = signed(sets)
    monkeypatch.setattr(signatures, "_BLOCK", 64)
    assert np.array_equal(signed(sets), whole)


def test_fingerprints_are_for_ones_own_index(prose):
    first, second, third = prose(1, 3), prose(1, 3) + " With a last line of its own.", prose(2, 3)
    index = MinHashLSH(threshold=0.5, num_perm=128)
    index.insert("first", fingerprint(first))
    assert isinstance(fingerprint(first), LeanMinHash)
    assert index.query(fingerprint(second)) == ["first"]
    assert index.query(fingerprint(third)) == []
    theirs = MinHash(num_perm=128, hashfunc=int)
    theirs.update_batch(shingles.of_text(first).tolist())
    assert fingerprint(first) == LeanMinHash(theirs)
    assert fingerprint("").jaccard(LeanMinHash(MinHash(num_perm=128))) == 1
