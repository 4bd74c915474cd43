"""The library is the twin of the command line: clean, clean_many, group, diff."""

import pytest

import cleaner
from cleaner import Article, CleanResult

FIRST = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
LAST = "Nobody had expected the repairs to cost so much, and the mayor said that she would ask the state for help."
DIRTY = f"date 2024-03-18 {FIRST}\n\nAdvertisement\n\n{LAST}\n"
CLEAN = f"{FIRST}\n\n{LAST}\n"


def test_clean():
    result = cleaner.clean(DIRTY)
    assert isinstance(result, CleanResult)
    assert (result.source, result.text, result.date) == (DIRTY, CLEAN, "2024-03-18")
    assert [DIRTY[r.start : r.end].strip() for r in result.removed] == ["date 2024-03-18", "Advertisement"]
    assert cleaner.clean("") == CleanResult("", "", no_article="empty")


def test_clean_many_takes_any_iterable_and_keeps_its_order():
    results = cleaner.clean_many(text for text in (DIRTY, LAST, "", Article(text=DIRTY, id="a")))
    assert [result.text for result in results] == [CLEAN, LAST, "", CLEAN]


def test_clean_many_can_be_read_as_it_goes():
    def endless():
        while True:
            yield DIRTY

    results = iter(cleaner.clean_many(endless()))
    assert next(results).text == next(results).text == CLEAN


def test_group_takes_strings_and_articles(prose):
    texts = [prose(1), prose(2), Article(text=prose(1) + "One more sentence.", id="x"), prose(1)]
    grouping = cleaner.group(texts)
    ids = [member.id for member in grouping.members]
    copies = [member.copy for member in grouping.members]
    assert ids[2] == "x"
    assert len(set(ids)) == 4
    assert copies[0] == copies[2] == copies[3] != copies[1]
    assert cleaner.group([]).members == ()


def test_group_cleans_first_unless_told_not_to(prose):
    frame = "\n".join(f"Copyright 2024 Wire {n}. All rights reserved. {word}" for n, word in enumerate(prose(1).split()))
    texts = [f"{prose(n, 1)}\n{frame}" for n in (5, 6)]
    assert len(cleaner.group(texts).copies) == 2
    assert len(cleaner.group(texts, clean=False).copies) == 1


def test_a_representative_is_the_earliest_then_the_longest_then_the_first_id(prose):
    text = prose(3)

    def head(*articles):
        (copy,) = cleaner.group(articles).copies
        return copy.id

    dated = Article(text=text, id="c", date="2024-03-20")
    assert head(Article(text=text, id="a"), dated, Article(text=text + "Longer.", id="b")) == "c"
    assert head(Article(text=text, id="a"), Article(text=text + "Longer by a bit.", id="b")) == "b"
    assert head(Article(text=text, id="b"), Article(text=text, id="a")) == "a"


def test_repeated_ids_are_told_apart(prose):
    grouping = cleaner.group([Article(text=prose(n), id=i) for n, i in enumerate(["a", "b", "a", "a"])])
    assert [member.id for member in grouping.members] == ["a", "b", "a~2", "a~3"]


@pytest.mark.parametrize("kind", [str, lambda text: Article(text=text, id="x")])
def test_diff(kind, fixtures):
    texts = {
        name: (fixtures / f"harbour/ferry-{name}.txt").read_text(encoding="utf-8")
        for name in ("gazette", "gazette-syndicated", "tribune")
    }
    copy = cleaner.diff(kind(texts["gazette"]), kind(texts["gazette-syndicated"]))
    assert (copy.same_story, copy.same_copy) == (True, True)
    assert copy.jaccard >= 0.5
    story = cleaner.diff(kind(texts["gazette"]), kind(texts["tribune"]))
    assert (story.same_story, story.same_copy) == (True, False)
    assert 0 < story.jaccard < 0.5
    assert 0 < story.similarity < copy.similarity <= 1


def test_diff_is_the_same_both_ways_round(prose):
    one, other = prose(1) + prose(2), prose(2) + prose(3)
    there, back = cleaner.diff(one, other), cleaner.diff(other, one)
    assert (there.similarity, there.jaccard, there.same_story) == (back.similarity, back.jaccard, back.same_story)


def test_diff_cleans_both_first():
    assert cleaner.diff(DIRTY, CLEAN).jaccard == 1
    assert cleaner.diff(DIRTY, CLEAN, clean=False).jaccard < 1


@pytest.mark.parametrize(("a", "b"), [("", ""), ("", FIRST), ("one two", "one two"), ("\ud800 [/b]", "\x1b")])
def test_diff_of_next_to_nothing(a, b):
    compared = cleaner.diff(a, b)
    assert 0 <= compared.similarity <= 1
    assert 0 <= compared.jaccard <= 1


def test_diff_agrees_with_group_about_copies(prose):
    words = prose(4).split()
    other = " ".join("otter" if n % 40 == 0 else word for n, word in enumerate(words))
    assert cleaner.diff(" ".join(words), other).same_copy
    assert len(cleaner.group([" ".join(words), other]).copies) == 1


def test_the_sentences_of_a_diff_lose_none():
    compared = cleaner.diff(f"{FIRST} {LAST} A third.", f"{LAST} Something else. {FIRST.replace('Monday', 'Tuesday')}")
    assert [s.first for s in compared.sentences if s.first] == [FIRST, LAST, "A third."]
    assert sorted(s.second for s in compared.sentences if s.second) == sorted(
        [LAST, "Something else.", FIRST.replace("Monday", "Tuesday")]
    )
    assert [s.kind for s in compared.sentences if s.first] == ["changed", "same", "first"]


WEATHER = cleaner.Rule(id="my/weather", why="the weather box", kind="line", patterns=("weather: .+",))


def test_rules_of_ones_own(tmp_path):
    (tmp_path / "mine.toml").write_text('[[rule]]\nid = "en/ad-label"\noff = true\n')
    text = f"{FIRST}\n\nAdvertisement\n\nWeather: rain\n\n{LAST}\n"

    def removed(*own):
        rules = cleaner.load_rules(*own)
        (many,) = cleaner.clean_many([text], rules)
        assert many == cleaner.clean(text, rules=rules)
        return [removal.rule for removal in many.removed]

    assert removed() == ["en/ad-label"]
    assert removed(tmp_path / "mine.toml") == removed(str(tmp_path / "mine.toml")) == []
    assert removed(WEATHER) == ["en/ad-label", "my/weather"]
    assert removed(tmp_path / "mine.toml", WEATHER) == ["my/weather"]


@pytest.mark.parametrize("change", [{"patterns": ("(",)}, {"kind": "page"}, {"patterns": "x"}, {"sure": 1}])
def test_a_rule_that_cannot_be_used_is_an_error(change, tmp_path):
    from dataclasses import replace

    with pytest.raises(cleaner.RuleError, match=r"^rule my/weather: "):
        cleaner.load_rules(replace(WEATHER, **change))
    with pytest.raises(cleaner.RuleError, match=r"missing.toml: no such file"):
        cleaner.load_rules(tmp_path / "missing.toml")


def test_what_comes_before_an_article_that_cannot_be_cleaned_is_given_out():
    results = cleaner.clean_many(["One.", "Two.", 3, "Four."])
    assert [next(results).text, next(results).text] == ["One.", "Two."]
    with pytest.raises(TypeError, match="int"):
        next(results)
