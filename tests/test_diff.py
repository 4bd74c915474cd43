"""The data behind the reports of differences."""

from hypothesis import given
from hypothesis import strategies as st

from cleaner.api import diff
from cleaner.diff.passages import PASSAGE, runs_of_all, shared_runs
from cleaner.diff.removals import LineKind, removals
from cleaner.diff.sentences import comparable, partners, rows
from cleaner.diff.tokens import PlacedWords
from cleaner.diff.wording import Change
from cleaner.model import CleanResult, Removal
from cleaner.text import sentences as split

FIRST = "The mayor spoke on Monday. “We will open the bridge again before the first snow,” she said. Nobody asked why."
SECOND = 'Crowds came. "We will open the bridge again before the first snow", said the mayor. Nobody asked why.'

sentences = st.lists(
    st.lists(st.sampled_from(["mayor", "bridge", "snow", "open", "said", "crowd", "Monday"]), min_size=1, max_size=9).map(
        lambda words: " ".join(words).capitalize() + "."
    ),
    max_size=8,
).map(" ".join)


def passages(a, b):
    first = PlacedWords(a)
    return first.at(shared_runs(first, PlacedWords(b)))


def align(a, b):
    first, second = split(a), split(b)
    return rows(first, second, partners(comparable(first), comparable(second)))


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


def test_what_all_share_is_what_each_shared_run_has_of_it():
    assert runs_of_all([[(0, 20), (30, 40)], [(4, 12), (13, 36)]]) == [(4, 12), (13, 20), (30, 36)]
    assert runs_of_all([[(0, 20)], [(15, 40)]]) == []  # five words are no passage
    assert runs_of_all([]) == []


def shown(source, *spans):
    return removals("x", CleanResult(source, "", tuple(Removal(*span, "a/rule", "because") for span in spans)))


def test_a_removal_stands_between_the_lines_around_it():
    (hunk,) = shown("one\ntwo\n\nthree and four\nfive\nsix\n", (9, 14)).hunks
    before, cut, after = hunk.parts
    assert [(line.number, line.text, line.kind) for line in (before, after)] == [
        (2, "two", LineKind.KEPT),
        (5, "five", LineKind.KEPT),
    ]
    (line,) = cut.lines
    assert (line.number, line.kind) == (4, LineKind.PART)
    assert line.pieces == ((Change.GONE, "three"), (Change.SAME, " and four"))
    assert (cut.first, cut.last, hunk.last) == (4, 4, 5)


def test_removals_far_from_each_other_stand_apart():
    source = "".join(f"line {n}\n" for n in range(9))
    near, far = shown(source, (7, 14), (21, 28)), shown(source, (7, 14), (49, 56))
    assert [[cut.first for cut in hunk.cuts] for hunk in near.hunks] == [[2, 4]]
    assert [[cut.first for cut in hunk.cuts] for hunk in far.hunks] == [[2], [8]]
    assert all(cut.lines[0].kind is LineKind.GONE for hunk in far.hunks for cut in hunk.cuts)
    assert (far.gone, far.characters, far.too_much) == (14, 63, False)


def test_a_removal_of_nothing_but_white_space_has_a_place_and_no_line():
    (hunk,) = shown("one\n\n\n\ntwo\n", (5, 7)).hunks
    (cut,) = hunk.cuts
    assert (cut.lines, cut.first, cut.last) == ((), 3, 3)
    assert [part.text for part in hunk.parts if part is not cut] == ["one", "two"]


def test_nothing_removed_is_no_hunk():
    assert shown("one\n").hunks == ()
