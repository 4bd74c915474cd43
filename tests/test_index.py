"""The index as a library, and its laws: added in parts or at once, articles end up in the same places."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import tellings

from cleaner import Article, Index, group
from cleaner.group.collection import summarise
from cleaner.group.stories.features import story_features
from cleaner.index import blocks, contents, news
from cleaner.index.file import IndexFile
from cleaner.index.packing import (
    coarse_copies,
    coarse_stories,
    packed_copies,
    packed_story,
    unpacked_copies,
    unpacked_stories,
)
from cleaner.index.rows import Given
from cleaner.options import StoryOptions


def pairs(places):
    """Which pairs of articles are together, given where each is."""
    return {(a, b) for a, x in places.items() for b, y in places.items() if a < b and x == y}


def collection():
    """Tellings of invented events, and copies of them, some of which were cut."""
    found = []
    for seed in range(24):
        first, second = tellings(seed, 24)
        day = f"2024-03-{1 + seed % 9:02}"
        found += [
            Article(text=first, id=f"{seed}a", date=day),
            Article(text=second, id=f"{seed}b", date=day),
            Article(text=first[: int(len(first) * 0.8)], id=f"{seed}c", date=day),
            Article(text=second + " " + first[-150:], id=f"{seed}d"),
        ]
    return found


def in_parts(path, articles, parts):
    with Index(path) as index:
        for k in range(parts):
            index.add(articles[k * len(articles) // parts : (k + 1) * len(articles) // parts], clean=False)
        assert not contents.faults(index._file)
        places = {one.id: (one.story, one.copy) for one in index.query(articles, clean=False)}
    return [pairs({name: both[i] for name, both in places.items()}) for i in (0, 1)]


@pytest.mark.parametrize("parts", [1, 10, 96])
def test_in_parts_and_at_once_articles_end_up_together(tmp_path, parts):
    articles = collection()
    random.Random(parts).shuffle(articles)
    grouped = group(articles, clean=False).members
    stories, copies = in_parts(tmp_path / "i", articles, parts)
    assert copies == pairs({one.id: one.copy for one in grouped})
    expected = pairs({one.id: one.story for one in grouped})
    assert len(stories ^ expected) <= len(expected) // 20


def test_the_order_within_an_addition_makes_no_difference(tmp_path):
    articles = collection()
    found = []
    for seed in (1, 2):
        random.Random(seed).shuffle(articles)
        with Index(tmp_path / str(seed)) as index:
            found.append({one.id: one for one in index.add(articles, clean=False)})
    assert found[0] == found[1]


def test_two_stories_that_turn_out_to_be_one_keep_the_older_id(tmp_path):
    """A third telling shares the facts of two that share none."""
    one, other = tellings(2, 4)
    mixed = [f"{a} {b}" for a, b in zip(one.split(". "), other.split(". "), strict=True)]
    with Index(tmp_path / "i") as index:
        for name, text in (("a", one), ("b", other)):
            assert index.add([Article(text=text, id=name)], clean=False)[0].news == "new"
        both = Article(text=". ".join(mixed), id="c")
        merged = index.add([both, Article(text=". ".join(mixed[::-1]) + " Yes.", id="d")], clean=False)
        (story,) = index.stories()
        assert {found.story for found in merged} == {"a"} == {story.story}
        assert story.was == ("b",)
        assert set(story.members) == {"a", "b", "c", "d"}
        assert not contents.faults(index._file)


def test_what_is_added_again_changes_nothing(tmp_path):
    articles = collection()
    tables = ("articles", "copy_features", "story_features", "blocks", "merged", "periods")
    held = []
    with Index(tmp_path / "i") as index:
        for _ in range(2):
            index.add(articles, clean=False)
            held.append([list(index._file.rows(f"SELECT * FROM {table} ORDER BY 1")) for table in tables])
    assert held[0] == held[1]


def test_a_longer_copy_represents_the_group_whose_id_stays(tmp_path):
    """What comes later is compared with the longest, as by `group`: it shares a quarter of that, and less of the first."""
    long = " ".join(text for seed in range(4) for text in tellings(seed, 0))
    words = long.split()
    part = len(words) // 16
    first, whole, last = " ".join(words[: 10 * part]), long, " ".join(words[7 * part :])
    with Index(tmp_path / "i") as index:
        index.add([Article(text=first, id="first")], clean=False)
        (found,) = index.add([Article(text=whole, id="whole")], clean=False)
        assert (found.copy, found.news) == ("first", "copy")
        (found,) = index.add([Article(text=last, id="last")], clean=False)
        assert (found.copy, found.news) == ("first", "copy")
        assert found.similarity < 0.25
        assert [found.copy for found in index.query([Article(text=whole, id="again")], clean=False)] == ["first"]
        (story,) = index.stories()
        assert (story.story, story.members, story.tellings) == ("first", ("first", "whole", "last"), 1)
        assert not contents.faults(index._file)
        shown = contents.members(index._file, "last")[1]
        assert {one.copy for one in shown} == {"first"}
    grouped = group([Article(text=text, id=name) for name, text in (("f", first), ("w", whole), ("l", last))], clean=False)
    assert {one.copy for one in grouped.members} == {"w"}


def test_additions_of_many_parts_end_where_one_ends(tmp_path):
    articles = collection()
    with Index(tmp_path / "one") as one, Index(tmp_path / "many") as many:
        expected = one.add(articles, clean=False)
        given = many._given(articles, False, None)
        told = news.add(many._file, [given[:40], given[40:70], given[70:]], StoryOptions())
        assert [(n.id, n.news == "copy") for n in told.articles] == [(n.id, n.news == "copy") for n in expected]
        kept = {story.story: story.members for story in many.stories()}
        assert all(found.id in kept[found.story] for found in told.articles)
        assert {story.id for story in told.stories} == set(kept)


def test_nothing_is_added_where_an_article_fails(tmp_path):
    with Index(tmp_path / "i") as index:
        with pytest.raises(TypeError):
            index.add([Article(text="One.", id="a"), 5])
        with pytest.raises(TypeError, match="several"):
            index.add("One.")
        assert index.stories() == ()
        (found,) = index.add(["The council of Wessel met on Monday."])
        assert index.add(["The council of Wessel met on Monday."])[0].copy == found.id
        assert index.forget("2999-01-01") == 1


def test_names_that_are_everywhere_lately_count_less_and_are_forgotten_again(tmp_path, monkeypatch):
    from cleaner.index import frequencies
    from cleaner.index.frequencies import Frequencies

    monkeypatch.setattr(frequencies, "LEAST", 1)

    def features(day):
        text = " ".join(f"Tobin Askew of Wessel told us of his {w}." for w in ("boat", "goat", "coat", "moat", "float"))
        return story_features([Article(text=text, id="x", date=day)])

    file = IndexFile(tmp_path / "i", make=True)
    terms = features("2024-03-01")[0].terms

    def seen(day):
        found = Frequencies(file, features(day), 5)
        return float(found.counts.of_terms(terms).max())

    for _ in range(9):
        with file.writing():
            found = Frequencies(file, features("2024-03-01"), 5)
            found.keep(file, found.partners._replace(likely=0.0, articles=1.0))
    assert seen("2024-03-02") == 10
    with file.writing():
        found = Frequencies(file, features("2024-04-02"), 5)  # the next period: those before fade
        found.keep(file, found.partners._replace(likely=0.0, articles=1.0))
    assert 2 < seen("2024-04-10") < 10
    assert seen("2024-06-20") < 3
    monkeypatch.setattr(frequencies, "LEAST", 1000)
    assert seen("2024-06-20") > 10  # so few say nothing, however old they are
    file.close()


@settings(max_examples=30)
@given(st.lists(st.text(max_size=400), min_size=1, max_size=4))
def test_what_is_packed_comes_back(texts):
    articles = [Article(text=t + " Tobin Askew counted 43 goats on Monday." * 4, id=str(i)) for i, t in enumerate(texts)]
    found = summarise(articles, stories=False)
    signatures, features = coarse_copies(found.signatures), coarse_stories(story_features(articles))
    each = list(signatures.each())
    packed = [packed_copies(one) for one in each]
    assert unpacked_copies([one.digests for one in each], packed) == signatures
    assert signatures.counts == found.signatures.counts
    again = unpacked_stories([packed_story(one) for one in features])
    for one, other in zip(features, again, strict=True):
        for name in ("terms", "counts", "idfs", "char_ngrams", "char_ngram_counts", "signature", "label_terms"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
        assert one.labels == other.labels
        assert (one.dates.published, one.dates.in_text) == (other.dates.published, other.dates.in_text)
        assert one.dates.weekdays == pytest.approx(other.dates.weekdays, abs=0.001)


def test_blocks_find_who_shares_a_band_as_comparing_all_does(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "SIZE", 64)
    pick = np.random.default_rng(1)
    hashes = pick.integers(0, 30, (150, 5)) + (pick.integers(0, 2, (150, 5)) << 16)
    days = pick.integers(0, 4, 150) * 3
    file = IndexFile(tmp_path / "i", make=True)
    with file.writing():
        for start in range(0, 100, 25):
            some = slice(start, start + 25)
            blocks.append(file, "copies", blocks.Rows(np.arange(100)[some], days[some], hashes[some]))
        gone = np.array([3, 70])
        blocks.drop(file, "copies", gone)
    new = blocks.Rows(np.arange(50), days[100:], hashes[100:])
    found = blocks.meeting(file, "copies", new, 4)
    expected = {
        (a, b): int((hashes[100 + a] == hashes[b]).sum())
        for a in range(50)
        for b in range(100)
        if b not in gone and (hashes[100 + a] == hashes[b]).any()
        if not days[100 + a] or not days[b] or abs(days[100 + a] - days[b]) <= 4
    }
    assert {(a, b): n for a, b, n in zip(*(one.tolist() for one in found), strict=True)} == expected
    assert len(expected) > 200
    file.close()


def test_given_articles_know_what_they_are(tmp_path):
    with Index(tmp_path / "i") as index:
        (one,) = index._given([Article(text="\n\nA bridge in Wessel.\n\nMore.", id="5")], False, None)
    assert isinstance(one, Given)
    assert (one.id, one.known.text, one.numeric) == ("5", "A bridge in Wessel.", False)
