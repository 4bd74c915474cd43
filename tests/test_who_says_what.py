"""Who says what in the tellings of a story; which figures differ, develop, or are one told less exactly; headlines."""

import pytest

from cleaner import Article
from cleaner.diff import story
from cleaner.diff.disagreements import contested
from cleaner.diff.points import most_telling
from cleaner.diff.statements import stated_in
from cleaner.headlines import OTHER, PERHAPS, QUESTION, REPORT, kind_of
from cleaner.text import sentences as split

MILL = "Fire broke out at the Corrow paper mill, and {} workers were taken to the hospital in Velbridge."
DEAD = "The flood in Pellorin has killed {}, the harbour authority said."


def differences(first, second, days=(0, 0)):
    sides = [stated_in(split(text), number) for number, text in enumerate((first, second))]
    return [(one.how, one.first.claim.text, one.second.claim.text) for one in contested(sides, days)]


def test_two_figures_of_one_thing_disagree():
    assert differences(MILL.format(12), MILL.format(14)) == [("disagreement", "12 workers", "14 workers")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("more than 30", "35"),
        ("at least 30", "35"),
        ("about 300", "310"),
        ("up to 40", "35"),
        ("28,500", "30,000"),
        ("a few hundred", "130"),
    ],
)
def test_one_figure_told_less_exactly_is_no_disagreement(first, second):
    assert differences(MILL.format(first), MILL.format(second)) == []


def test_more_than_a_figure_contradicts_a_smaller_one():
    assert [how for how, *_ in differences(MILL.format("more than 300"), MILL.format("200"))] == ["disagreement"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The Corrow mill makes 40 tonnes of paper.", "The Corrow mill makes 60 tonnes of paper a day."),  # a rate
        ("In 2009 the Corrow mill lost 12 workers.", "In 2014 the Corrow mill lost 15 workers."),
        ("Fire in Corrow killed 12 people on Monday.", "Fire in Velbridge killed 15 people on Monday."),
        ("Call the Corrow mill on 0845 125.", "Call the Corrow mill on 0845 127."),
        ("The 20th fire at the Corrow mill.", "The 21st fire at the Corrow mill."),
        ("Corrow mill — Ada Byron (@byron) 12 workers", "Corrow mill — Ada Byron (@byron) 14 workers"),
    ],
)
def test_figures_of_another_thing_or_time_do_not_disagree(first, second):
    assert [found for found in differences(first, second) if found[0] != "unsure"] == []


def test_a_count_that_grows_from_day_to_day_is_a_development():
    first, second = DEAD.format("19 people"), DEAD.format("21 people")
    assert differences(first, second, (100, 101)) == [("development", "19 people", "21 people")]
    assert differences(first, second, (100, 100)) == [("disagreement", "19 people", "21 people")]


def test_what_is_told_of_a_day_long_past_does_not_develop():
    first, second = ("In 1998 the flood in Pellorin killed " + some for some in ("19 people.", "21 people."))
    assert differences(first, second, (100, 101)) == [("disagreement", "19 people", "21 people")]


def test_scores_and_polls_are_not_sure():
    first, second = (f"In a poll of Corrow voters Ada Byron had {some} of the vote." for some in ("41%", "44%"))
    assert [how for how, *_ in differences(first, second)] in ([], ["unsure"])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Uma enchente em Corrow matou 19 pessoas.", "A enchente em Corrow deixou 21 mortos."),
        ("Bei dem Hochwasser in Corrow starben 19 Menschen.", "Das Hochwasser in Corrow forderte 21 Tote."),
        ("Les inondations de Corrow ont fait 19 morts.", "Les inondations de Corrow ont fait 21 morts."),
    ],
)
def test_fates_are_known_in_other_languages(first, second):
    assert [how for how, *_ in differences(first, second)] == ["disagreement"]


TELLINGS = [
    "Ada Byron, the mayor of Corrow, said 43 passengers were aboard the Marrow Lass on 14 October. It rained all day.",
    "Only 41 passengers were aboard the Marrow Lass on 14 October, said Ada Byron. Nobody slept in Corrow.",
    "The Marrow Lass had 43 passengers aboard on 14 October. It rained all day. A dog barked at the Corrow pier.",
]


@pytest.fixture(scope="module")
def ferry():
    return story([Article(id=f"t{n}", text=text, date="2024-10-15") for n, text in enumerate(TELLINGS)])


def test_a_claim_is_stated_differs_or_is_absent(ferry):
    (figure,) = [one for one in ferry.stated if one.kind == "figure"]
    assert (figure.text, figure.marks) == ("43 passengers", ("stated", "differs", "stated"))
    assert figure.others == (("41 passengers", (1,)),)
    names = {one.text: one for one in ferry.stated if one.kind == "name"}
    assert names["Ada Byron"].marks == ("stated", "stated", "absent")
    assert names["Ada Byron"].role == "the mayor of Corrow"
    assert [one.text for one in ferry.stated if one.kind == "date"] == ["14 October"]


def test_all_tellings_are_held_against_each_other(ferry):
    told = {point.text: point.tellers for point in ferry.points}
    assert told["It rained all day."] == (0, 2)
    assert ferry.only(2) == ["A dog barked at the Corrow pier."]
    again = story([Article(id=f"t{n}", text=text) for n, text in enumerate(["Nothing here is shared.", *TELLINGS[1:]])])
    sentences = {point.text: point.tellers for point in again.points}
    assert sentences["Only 41 passengers were aboard the Marrow Lass on 14 October, said Ada Byron."] == (1, 2)


def test_the_sentence_that_says_most_is_the_one_with_figures_and_names():
    assert most_telling(["It rained.", "On 14 October Ada Byron paid 300 pounds.", "So it was said by many."]).startswith(
        "On 14"
    )


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Mill burns in Corrow", REPORT),
        ("Who burned the mill?", QUESTION),
        ("Holder of the lease? Not the mayor", QUESTION),
        ("Opinion: The mill had it coming", OTHER),
        ("Seven things to know about the mill fire", OTHER),
        ("Council must rebuild the mill", OTHER),
        ("Warum die Mühle brannte", QUESTION),
        ("Corrow mill burned. Why it could not be saved.", QUESTION),
        ("Corrow mill fire: what's behind the delay", QUESTION),
        ("Oh my: mayor laughs at the mill's owner", OTHER),
        ("The odd reasons why the mill burned", OTHER),
        ("The names to watch at the mill hearing", OTHER),
        ("The mill fire isn't about insurance", OTHER),
        ("Mayor says who pays for the mill", REPORT),
        ("Appeal filed on the morning-after order", REPORT),
    ],
)
def test_headlines_that_ask_opine_or_tease_are_told_apart(title, kind):
    text = "The mill burned on Monday, the mayor said. Nobody was hurt, according to the fire service."
    assert kind_of(Article(title=title, text=text)) == kind


def test_an_article_that_speaks_for_itself_may_be_no_report():
    text = "I saw our mill burn, and we cried. You would have cried too, my friends."
    assert kind_of(Article(title="Mill burns in Corrow", text=text)) == PERHAPS
    assert kind_of(Article(title="Mill burns", url="https://example.com/opinion/mill", text=text)) == OTHER
