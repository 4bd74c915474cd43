"""Stories: which articles tell one event, and why, on invented articles."""

import dataclasses
import json
import random
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from samples import graded_tellings

import cleaner
from cleaner import spool
from cleaner.group.stories.candidates import BUCKET_REACH, EXHAUSTIVE, MAX_CANDIDATES, candidates
from cleaner.group.stories.clusters import CROWD, CROWDED, THRESHOLDS, find_stories, lost_in_a_crowd
from cleaner.group.stories.compare import compare
from cleaner.group.stories.dates import days_apart_odds, event_dates
from cleaner.group.stories.explain import explain
from cleaner.group.stories.features import LABELLED, MAX_CHAR_NGRAMS, MAX_LABELS, MAX_TERMS, story_features
from cleaner.group.stories.similarity import TfidfVectors
from cleaner.group.stories.splits import split
from cleaner.group.stories.store import FeatureStore, Picked, packed
from cleaner.group.stories.tokens import root, stem, token_cache
from cleaner.model import Article, Shared
from cleaner.options import StoryOptions

PAIRS = json.loads((Path(__file__).parent / "data" / "stories.json").read_text(encoding="utf-8"))["pairs"]
PAIR = {pair["name"]: pair for pair in PAIRS}
FERRY = "two tellings of a ferry accident"


def article(side, **more):
    return Article(**{**side, **more})


def cleaned(articles):
    return [replace(one, text=result.text) for one, result in zip(articles, cleaner.clean_many(articles), strict=True)]


def described(one):
    (features,) = story_features([one])
    return features


def compared(pair):
    return compare(*story_features(cleaned([article(pair[side]) for side in "ab"])), StoryOptions())


def stories_of(features, options):
    return find_stories(features, options, lambda a, b: np.zeros(len(a), dtype=np.bool_))[0]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_pairs(pair):
    found = compared(pair)
    assert found.same == pair["same"], found
    assert 0 <= found.similarity <= 1
    assert set(pair.get("apart", ())) <= {what for what, _, _ in found.apart}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_two_alone_are_decided_as_by_diff(pair):
    sides = [article(pair[side], id=side) for side in "ab"]
    assert (len(cleaner.group(sides).stories) == 1) == cleaner.diff(*sides).same_story == pair["same"]


@pytest.fixture(scope="module")
def others(prose):
    """As many articles as make a pair one among many, cleaned."""
    return cleaned([Article(text=f"{prose(n)} {prose(n + 1000)}", id=f"c{n}") for n in range(3 * EXHAUSTIVE)])


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_two_among_many_are_decided_as_alone(pair, others):
    sides = cleaned([article(pair[side], id=side) for side in "ab"])
    members = cleaner.group([*sides, *others], clean=False).members
    assert (members[0].story == members[1].story) == pair["same"]
    assert members[0].story in "ab"


def test_a_wider_window_takes_in_follow_ups():
    pair = PAIR["a dated follow-up outside the window"]
    features = story_features([article(pair["a"]), article(pair["b"])])
    assert stories_of(features, StoryOptions()) == [0, 1]
    assert stories_of(features, StoryOptions(window=60)) == [0, 0]


def test_a_story_explains_itself():
    shared = compared(PAIR[FERRY]).shared
    assert {"Ines Falk", "Kestrel", "Port Allard"} <= set(shared.names)
    assert any(number.startswith("212") for number in shared.numbers)
    assert explain([]) == Shared()


KIND = [
    "pirates",
    "boarded",
    "tanker",
    "gunmen",
    "crew",
    "ransom",
    "navy",
    "frigate",
    "helicopter",
    "coast",
    "captain",
    "cargo",
    "hostage",
    "speedboat",
    "attack",
]
RAIDS = [
    [
        "Calluna",
        "thirteen",
        "Norvik",
        "monsoon",
        "engineer",
        "cable",
        "Friday",
        "ladder",
        "grapnel",
        "lagoon",
        "saffron",
        "lieutenant",
    ],
    [
        "Ostrava",
        "sugar",
        "eleven",
        "Kestrel",
        "harbour",
        "negotiator",
        "Sunday",
        "flare",
        "cook",
        "anchor",
        "prayers",
        "lighthouse",
    ],
]


def raids(*whose, told=4):
    """Tellings of raids: what is said of every raid, and most of what is said of this one."""
    draw = random.Random(5)
    return [Article(text=" ".join(draw.sample(KIND, 14) + draw.sample(RAIDS[of], 9))) for of in whose for _ in range(told)]


@pytest.mark.parametrize("raided", [(0,), (0, 1)], ids=["one event", "two events"])
def test_a_group_that_is_two_events_is_parted(raided):
    articles = story_features(raids(*raided, told=8 // len(raided)))
    a, b = np.triu_indices(len(articles), 1)
    parted = split(articles, [0] * 8, a, b, np.where((a < 4) == (b < 4), 0.8, 0.6))
    assert parted == ([0] * 8 if raided == (0,) else [0] * 4 + [4] * 4)
    assert split(articles, [0] * 8, a, b, np.full(len(a), 0.99)) == [0] * 8  # what is all but certain stays


def test_names_count_as_far_as_the_rest_agrees():
    """Two briefs of one spokesman and two tellings of one of them: the same names in all three pairs."""
    names = "Arvid Stroem of the Lenz Harbour Office told the Kroken Gazette in Lower Wessel that {}."
    cash = "thieves had carried a safe down a fire escape and left it standing beside the road when a tyre burst under them"
    again = "a safe was found beside the road by a fire escape after a tyre burst and the thieves who carried it had left"
    swan = "nobody should feed bread to swans, which block lanes every spring and bite those who try to shoo them from there"
    features = story_features([Article(text=names.format(what)) for what in (cash, again, swan)])
    likely = TfidfVectors(features).similarities(np.array([0, 0]), np.array([1, 2])).names
    assert likely[1] < 0.2 < 0.5 < likely[0]


def test_the_heaviest_terms_are_those_that_its_collection_lacks():
    """Two briefs of one dome and one of a tram, all of one council whose words everyone in the collection has."""
    told = "the council of the old town said in the morning that the {} will be looked after by the end of the year"
    some = [
        Article(text=told.format(what))
        for what in (
            "glockenspiel dome",
            "glockenspiel and its dome",
            "kettledrum tram",
            *("bridge " + c for c in "defghijk"),
        )
    ]
    heaviest = TfidfVectors(story_features(some)).similarities(np.array([0, 0]), np.array([1, 2])).heaviest
    assert 0 <= heaviest[1] < heaviest[0] <= 1
    same = TfidfVectors(story_features([some[0], some[0]])).similarities(np.array([0]), np.array([1])).heaviest
    assert same == pytest.approx([1])
    assert TfidfVectors(story_features([Article(), some[0]])).similarities(np.array([0]), np.array([1])).heaviest == [0]


def test_one_quotation_speaks_for_one_event():
    quoted = "“{} can be had for nothing in this town,” the mayor of Lenz said on the market square in the rain before noon."
    apples, again, pears = (
        Article(text=f"{quoted.format(what)} {rest}")
        for what, rest in (
            ("No ripe apple", "He left."),
            ("No ripe apple", "Nobody asked."),
            ("Hardly any old pear", "He left."),
        )
    )
    features = story_features([apples, again, pears])
    quotes = TfidfVectors(features).similarities(np.array([0, 0]), np.array([1, 2])).quotes
    assert quotes[0] == pytest.approx(1)
    assert quotes[1] < 0.7


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("лампами", "лампах"),
        ("limanlar", "limanda"),
        ("والمدينة", "المدينه"),
        ("بالميناء", "الميناء"),
    ],
)
def test_inflected_words_have_one_root(one, other):
    assert root(one) == root(other) != one


def test_english_words_and_names_are_not_cut():
    whole = {"government": "govern", "Wesselbach": "Wesselbahn"}
    for one, other in whole.items():
        assert token_cache()[one] & 0xFFFFFFFF != token_cache()[other] & 0xFFFFFFFF
    assert token_cache()["wesselbach"] & 0xFFFFFFFF == token_cache()["wesselbahn"] & 0xFFFFFFFF


def test_an_article_that_is_looked_at_among_many_needs_more():
    days = np.array([0, *range(738_000, 738_000 + 3 * CROWD)])
    lost = lost_in_a_crowd(days, days, 5)
    assert lost[0] == pytest.approx(np.log(len(days) / CROWD), rel=0.001)  # undated, it may be of any day
    assert not lost[1:].any()  # a dated one meets eleven others
    assert lost_in_a_crowd(days[:9], days, 5) == pytest.approx(lost[:9])
    undated = np.zeros_like(days)
    assert lost_in_a_crowd(undated, undated, 5).min() == pytest.approx(lost[0] / 2, rel=0.001)
    assert lost_in_a_crowd(days, days, 2 * len(days))[-1] == pytest.approx(lost[0])
    assert not lost_in_a_crowd(days[:50], days[:50], 5).any()
    crowd = np.full(50 * CROWD, 738_000)
    assert lost_in_a_crowd(crowd, crowd, 5).max() == CROWDED


def test_days_apart_say_the_more_the_less_the_collection_is_of_one_day():
    of_years = days_apart_odds(np.arange(738_000, 739_000))
    assert np.all(np.diff(of_years) < 0)
    assert of_years[0] > 1 > 0 > of_years[2] > of_years[5]
    assert np.abs(days_apart_odds(np.array([738_000] * 200))[0]) < 0.5
    assert days_apart_odds(np.zeros(9, dtype=np.int64)) == pytest.approx(0)


def test_what_is_in_all_the_news_of_a_week_is_no_sign_of_one_event():
    """Two articles share two rare words; the more articles of these days have them, and not of others, the less alike."""
    told = "The shutdown of the observatory kept {} from {} while the {} was being {} by a {} in front of the {}."
    words = [
        "astronomers",
        "telescopes",
        "mirror",
        "polished",
        "carpenter",
        "canteen",
        "visitors",
        "planets",
        "dome",
        "painted",
        "plumber",
        "garage",
    ]
    two = [
        Article(text=told.format(*words[:6]), date="2026-04-07"),
        Article(text=told.format(*words[6:]), date="2026-04-08"),
    ]
    (filler,) = story_features([Article(text=next(iter(graded_tellings()))[1])])

    def alike(day):
        others = [replace_date(filler, 738_000 + 30 * i) for i in range(60)]
        shared = [replace_date(one, day) for one in story_features(two)[:1] * 30]
        vectors = TfidfVectors([*story_features(two), *shared, *others])
        return vectors.similarities(np.array([0]), np.array([1])).words[0]

    then, long_before = alike(739_713), alike(735_000)
    assert then < 0.8 * long_before


def replace_date(features, day):
    return dataclasses.replace(features, dates=dataclasses.replace(features.dates, published=day))


def test_strict_and_loose_move_one_dial():
    features = story_features([Article(text=text) for _, text in graded_tellings()])
    strict, usual, loose = (len(set(stories_of(features, StoryOptions(word)))) for word in THRESHOLDS)
    assert strict > usual > loose
    assert THRESHOLDS == {"strict": 0.7, "normal": 0.5, "loose": 0.3}


@cache
def told():
    return cleaned([article(pair[side], id=f"{n}{side}") for n, pair in enumerate(PAIRS) for side in "ab"])


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order(draw):
    shuffled = draw.sample(told(), len(told()))
    assert grouped(shuffled) == grouped(told())


def grouped(articles):
    return {member.id: member.story for member in cleaner.group(articles, clean=False).members}


def test_a_batch_describes_as_one_does(prose):
    articles = [article(pair[side]) for pair in PAIRS for side in "ab"] + [Article(text=prose(1)), Article()]
    for alone, together in zip(map(described, articles), story_features(articles), strict=True):
        for field in ("terms", "counts", "idfs", "char_ngrams", "char_ngram_counts", "signature"):
            assert np.array_equal(getattr(alone, field), getattr(together, field)), field
        assert (alone.dates, alone.labels) == (together.dates, together.labels)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=400), max_size=4), st.none() | st.text(max_size=20))
def test_any_text_is_described_in_bounds(texts, title):
    for features in story_features([Article(text=text, title=title) for text in texts]):
        assert len(features.terms) <= MAX_TERMS
        assert len(features.char_ngrams) <= MAX_CHAR_NGRAMS
        assert len(features.labels) <= MAX_LABELS * len(LABELLED)
        assert (np.diff(features.terms.astype(np.int64)) > 0).all()


def test_candidates_are_bounded_and_within_the_window(prose):
    draw = random.Random(1)
    same = " ".join(prose(n) for n in range(3))
    features = story_features([Article(text=f"{prose(draw.randrange(50))} {same}") for _ in range(6 * EXHAUSTIVE)])
    days = np.array([700_000 + draw.randrange(30) for _ in features])
    a, b = candidates(features, days, 3)
    assert (a < b).all()
    assert len(set(zip(a.tolist(), b.tolist(), strict=True))) == len(a)
    assert (np.abs(days[a] - days[b]) <= 3).all()


def test_in_a_crowd_an_article_meets_others_by_each_band(prose):
    text = " ".join(prose(n) for n in range(3))
    (features,) = story_features([Article(text=text)])
    a, b = candidates([features] * 4 * EXHAUSTIVE, np.zeros(4 * EXHAUSTIVE, dtype=np.int64), 3)
    assert np.bincount(np.concatenate((a, b))).min() >= MAX_CANDIDATES > 2 * BUCKET_REACH


@pytest.mark.parametrize("in_memory", [0, 1 << 20])
def test_features_in_a_file_are_what_they_were(prose, monkeypatch, in_memory):
    monkeypatch.setattr(spool, "_IN_MEMORY", in_memory)
    articles = [article(pair[side]) for pair in PAIRS for side in "ab"] + [
        Article(),
        Article(text=prose(1), date="2024-03-03"),
    ]
    features = story_features(articles)
    stored = FeatureStore()
    stored.extend(map(packed, features))
    order = np.arange(len(features))[::-1]
    assert stored.published().tolist() == [one.dates.published for one in features]
    for found in (stored, Picked(Picked(stored, order), order)):
        assert len(found) == len(features)
        for one, before in zip(found, features, strict=True):
            for field in dataclasses.fields(one):
                assert np.array_equal(getattr(one, field.name), getattr(before, field.name)), field.name
    assert stories_of(stored, StoryOptions()) == stories_of(features, StoryOptions())


def test_a_weekday_of_a_dated_article_is_a_day():
    text = "The bridge at Lowmere fell into the river on Sunday, and nobody was hurt, the mayor of the town said that day."
    first, second = (described(Article(text=text, date=day)) for day in ("2024-03-03", "2024-03-08"))

    agree = [
        TfidfVectors([first, described(Article(text=text, date=day))])
        .similarities(np.array([0]), np.array([1]))
        .same_weekday[0]
        for day in ("2024-03-08", "2024-03-02")
    ]
    assert first.dates.published == second.dates.published - 5
    assert agree == [1, 0]


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("LONDON, March 3, 2011 - The", "2011-03-03"),
        ("3 March 2011. The", "2011-03-03"),
        ("2011-03-03 The", "2011-03-03"),
        ("On Feb. 30, 2011 the", None),
        ("In March the", None),
    ],
)
def test_dates_in_the_opening(opening, day):
    from datetime import date

    assert event_dates(opening, None, ()).in_text == (date.fromisoformat(day).toordinal() if day else 0)


@pytest.mark.parametrize(
    ("word", "stemmed"), [("cities", "city"), ("ferry's", "ferry"), ("l'homme", "homme"), ("o'neal", "neal"), ("gas", "gas")]
)
def test_stems(word, stemmed):
    assert stem(word) == stemmed


def test_the_token_cache_forgets_without_changing_its_mind():
    before = token_cache()["Kestrel"]
    token_cache().clear()
    assert token_cache()["Kestrel"] == before
