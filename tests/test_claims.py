"""What texts state, what all of them state, and where two disagree."""

import pytest

from cleaner.api import diff
from cleaner.diff import story
from cleaner.diff.claims import figures, names
from cleaner.diff.disagreements import contested
from cleaner.diff.statements import agreement, stated_in
from cleaner.diff.tokens import wording_tokens
from cleaner.diff.wording import Change, word_changes
from cleaner.model import Article
from cleaner.text import sentences as split

FIGURES = [
    ("on Oct. 14 at", "date", "10-14"),
    ("on October 14, 2020,", "date", "10-14"),
    ("on 14 October 2020", "date", "10-14"),
    ("am 14. Oktober 2020", "date", "10-14"),
    ("el 14 de octubre de 2020", "date", "10-14"),
    ("dated 2020-10-14 and", "date", "10-14"),
    ("at 7:40 a.m. sharp", "time", "7:40"),
    ("by 7.40am", "time", "7:40"),
    ("at 19:40", "time", "7:40"),
    ("at 4 p.m. on", "time", "4:00"),
    ("worth £1.2 million", "money", "1200000"),
    ("worth 1,200,000 pounds", "money", "1200000"),
    ("up 4.5 percent", "percent", "4.5"),
    ("up 4.5%", "percent", "4.5"),
    ("in 1741 for", "year", "1741"),
    ("88,000 visitors", "number", "88000"),
    ("some 88.000 Besucher", "number", "88000"),
    ("twenty-three days", "number", "23"),
    ("Five people", "number", "5"),
]


@pytest.mark.parametrize(("text", "kind", "key"), FIGURES)
def test_a_figure_in_any_wording_has_one_key(text, kind, key):
    found = figures([text])
    assert (found[0].kind, found[0].key) == (kind, key)


def test_what_is_counted_goes_with_its_number():
    assert [claim.text for claim in figures(["Some 43 passengers and six crew of a 61-year-old ship, two of it"])] == [
        "43 passengers",
        "six crew",
        "61-year-old",
        "two",
    ]


def test_names_are_runs_of_capitals_and_not_what_opens_a_sentence():
    said = [
        "The mayor of Velbridge met Ada Lovelace-Byron.",
        "Then St. Aldith's Hospital of Corrow said so.",
        "The end.",
    ]
    assert [claim.text for claim in names(said)] == ["Velbridge", "Ada Lovelace-Byron", "St. Aldith's Hospital of Corrow"]


def odd(first, second, how="disagreement", days=(0, 0)):
    """What two texts are found to differ in, one way or another."""
    sides = [stated_in(split(text), number) for number, text in enumerate((first, second))]
    return [
        (one.first.claim.kind, one.first.claim.text, one.second.claim.text)
        for one in contested(sides, days)
        if one.how == how
    ]


def test_figures_disagree_in_sentences_that_say_the_same():
    assert odd("The fire killed 12 workers at the mill on Monday", "The fire killed 14 workers at the mill on Monday") == [
        ("number", "12 workers", "14 workers")
    ]


def test_figures_disagree_in_sentences_about_the_same():
    first = "The ferry Marrow Lass ran onto Tern Ledge with 43 passengers aboard. It rained"
    second = "Nobody slept. One of the 41 commuters on the Marrow Lass saw Tern Ledge come near"
    assert odd(first, second) == [("number", "43 passengers", "41 commuters")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The fire killed 12 workers at the mill", "The fire killed twelve workers at the mill"),
        ("The mill burned at 7:40 a.m. on Monday", "The mill burned by 7.40am on Monday"),
        ("The old mill had 12 workers", "In Corrow stood 40 tents"),  # nothing in common
        ("The mill burned for 3 hours on Monday", "The mill burned 9 workers on Monday"),  # hours against people
        ("The mill in Corrow lost 12 workers", "Of the mill in Corrow 3000 workers are gone"),  # far from each other
        ("Corrow's mill has 12 looms", "A loom of the mill in Corrow is number 14"),  # nothing is counted
        ("The mill lost 12 of 30 workers on Monday", "The mill lost 12 workers on Monday"),  # only one says it
    ],
)
def test_no_disagreement(first, second):
    assert odd(first, second) == []


def test_names_disagree_in_their_spelling():
    assert odd("A trustee, Aldous Finnerty, spoke", "So said Aldus Finnerty of the board", "spelling") == [
        ("name", "Aldous Finnerty", "Aldus Finnerty")
    ]


@pytest.mark.parametrize(("first", "second"), [("Philip Schiller", "Phil Schiller"), ("Place Vendome", "Place Vendôme")])
def test_a_short_form_or_a_missing_accent_is_no_disagreement(first, second):
    assert odd(f"It was {first} who said so", f"They all heard {second}", "spelling") == []


def test_what_all_state_is_what_the_first_says():
    sides = [
        ["On Oct. 14 Ada Byron gave £5 to Corrow.", '"This is for you," she said on Monday.'],
        ["Byron, that is Ada Byron, gave 5 pounds on October 14, 2020.", 'On Monday she said: "This is for you."'],
    ]
    found = agreement([stated_in(side) for side in sides])
    assert found.dates == ("October 14, 2020", "Monday")
    assert found.figures == ("£5",)
    assert found.names == ("Ada Byron",)
    assert found.quotes == ("This is for you",)


def test_points_of_a_story_are_what_each_says():
    texts = [
        "The mayor spoke on Monday about the bridge. Only the first has this one here. All three of them share this one.",
        "All three of them share this one. The mayor spoke on Tuesday about the bridge. Two more know of the cat upstairs.",
        "All three of them share this one. Two more know of the cat upstairs. Nobody but the last told this.",
    ]
    told = story([Article(text=text, id=str(n)) for n, text in enumerate(texts)])
    assert {point.text.split()[0]: point.tellers for point in told.points} == {
        "The": (0, 1),
        "Only": (0,),
        "All": (0, 1, 2),
        "Two": (1, 2),
        "Nobody": (2,),
    }
    assert told.passages == ("All three of them share this one",)


def test_every_sentence_of_every_telling_is_in_one_point(prose):
    texts = [prose(1, 3), prose(2, 3) + prose(1, 2), prose(3, 2) + prose(2, 3)]
    told = story([Article(text=text, id=str(n)) for n, text in enumerate(texts)])
    for number, text in enumerate(texts):
        assert sorted(p.wordings[number] for p in told.points if p.wordings[number]) == sorted(split(text))


def test_a_comparison_has_its_disagreements():
    (found,) = diff("The mill lost 12 workers on Monday.", "The mill lost 14 workers on Monday.").disagreements
    assert (found.first, found.second) == ("12 workers", "14 workers")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two, three", ["one", " ", "two", ",", " ", "three"]),
        ("月曜日に", ["月", "曜", "日", "に"]),
        ("ประตู", ["ป", "ร", "ะ", "ตู"]),
        ("किताब पढ़ी", ["किताब", " ", "पढ़ी"]),
        ("e\u0301te\u0301 a", ["e\u0301te\u0301", " ", "a"]),
        ("👩‍👩‍👧 👍🏽!", ["👩‍👩‍👧", " ", "👍🏽", "!"]),
        ("iPhone15を買う", ["iPhone15", "を", "買", "う"]),
    ],
)
def test_tokens_are_never_less_than_a_reader_takes_for_a_sign(text, expected):
    assert wording_tokens(text) == expected


def test_a_phrase_in_other_words_stays_whole():
    assert word_changes("They made off with the cup.", "They stole the cup.") == (
        (Change.SAME, "They "),
        (Change.GONE, "made off with"),
        (Change.NEW, "stole"),
        (Change.SAME, " the cup."),
    )


def test_what_became_of_words_is_told_by_the_signs_of_the_json():
    assert [change.value for change, _ in word_changes("They stole a cup.", "They lost a cup.")] == ["=", "-", "+", "="]
