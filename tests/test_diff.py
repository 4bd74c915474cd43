"""The data behind the reports of differences."""

from hypothesis import given
from hypothesis import strategies as st

from cleaner.api import diff
from cleaner.diff.sentences import PASSAGE, align, passages

FIRST = "The mayor spoke on Monday. “We will open the bridge again before the first snow,” she said. Nobody asked why."
SECOND = 'Crowds came. "We will open the bridge again before the first snow", said the mayor. Nobody asked why.'

sentences = st.lists(
    st.lists(st.sampled_from(["mayor", "bridge", "snow", "open", "said", "crowd", "Monday"]), min_size=1, max_size=9).map(
        lambda words: " ".join(words).capitalize() + "."
    ),
    max_size=8,
).map(" ".join)


def test_a_quotation_is_a_shared_passage_whatever_sentence_it_stands_in():
    assert passages(FIRST, SECOND) == ("We will open the bridge again before the first snow",)


def test_a_short_run_is_no_passage():
    assert passages("one two three four five", "one two three four five") == ()
    assert PASSAGE == 6


def test_sentences_are_paired_and_their_words_told_apart():
    rows = align("The mayor spoke on Monday. Only here.", "Only there. The mayor spoke on Tuesday.")
    assert [row.kind for row in rows] == ["second", "changed", "first"]
    assert ("-", "Monday") in rows[1].words
    assert ("+", "Tuesday") in rows[1].words


@given(sentences, sentences)
def test_each_sentence_of_both_is_told_once(a, b):
    rows = align(a, b)
    assert [row.first for row in rows if row.first] == [row.first for row in align(a, "") if row.first]
    assert sorted(row.second for row in rows if row.second) == sorted(row.first for row in align(b, "") if row.first)
    for row in rows:
        if row.kind == "changed":
            assert "".join(text for kind, text in row.words if kind != "+") == row.first
            assert "".join(text for kind, text in row.words if kind != "-") == row.second


def test_a_comparison_has_its_passages():
    assert diff(FIRST, SECOND).passages == passages(FIRST, SECOND)
