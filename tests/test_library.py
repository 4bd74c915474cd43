"""The library is the twin of the command line: clean, clean_many, group, diff."""

from pathlib import Path

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


# --- what is no article, and options that are none -----------------------------------------------------------------------

PAGE = f"<!DOCTYPE html><html><body><nav>Home</nav><article><p>{FIRST}</p><p>{LAST}</p></article></body></html>"


@pytest.mark.parametrize("page", [PAGE, f"\n<div><p>{FIRST}</p><p>{LAST}</p></div>"])
def test_a_string_that_holds_html_is_a_page(page):
    for result in (cleaner.clean(page), *cleaner.clean_many([page])):
        assert result.text.split("\n") == [FIRST, LAST]
        assert "<" not in result.source
    assert cleaner.clean_text(page) == f"{FIRST}\n{LAST}"
    assert cleaner.diff(page, f"{FIRST}\n{LAST}").jaccard == 1
    assert [member.copy for member in cleaner.group([page, f"{FIRST} {LAST}"]).members] == ["1", "1"]
    assert cleaner.clean(Article(text=page)).source == page


@pytest.mark.parametrize("text", [f"{FIRST} The <p> element opens a paragraph.", f"{FIRST} a < b and b > c"])
def test_prose_about_html_is_no_page(text):
    assert cleaner.clean(text).source == text


def test_the_text_alone():
    assert cleaner.clean_text(DIRTY) == CLEAN
    assert cleaner.clean_text(CLEAN) == CLEAN
    assert "Advertisement" in cleaner.clean_text(DIRTY, cleaner.load_rules(cleaner.Rule(id="en/ad-label", off=True)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"lang": "xx"}, r"lang is one of ar, bg, .*, not 'xx'$"),
        ({"lang": "eng"}, r"not 'eng' \(did you mean 'en'\?\)"),
        ({"lang": 3}, r"lang is one of .*, not 3$"),
        ({"include": ["headlines"]}, r"not 'headlines' \(did you mean 'headline'\?\)"),
        ({"include": "headline"}, r"include is several parts, and a string is one: \['headline'\]"),
        ({"caution": "gentel"}, r"not 'gentel' \(did you mean 'gentle'\?\)"),
    ],
)
def test_a_wrong_option_is_named_with_what_was_meant(wrong, said):
    with pytest.raises(ValueError, match=said):
        cleaner.clean(DIRTY, **wrong)
    with pytest.raises(ValueError, match=said):
        cleaner.clean_many([DIRTY], **wrong)
    with pytest.raises(ValueError, match=said):
        cleaner.CleanOptions(**wrong)


def test_languages_are_those_of_the_rules_in_force():
    own = cleaner.Rule(id="my/line", why="x", patterns=("tost: .+",), lang="eu")
    assert cleaner.clean("Tost: x\n", [own], lang="eu").text == ""
    with pytest.raises(ValueError, match="lang is one of"):
        cleaner.clean("Tost: x\n", lang="eu")
    assert cleaner.clean(DIRTY, lang="en-GB").text == CLEAN


@pytest.mark.parametrize("wrong", [{"strictness": "strickt"}, {"window": -1}, {"window": "5"}, {"errors": "ignore"}])
def test_wrong_options_of_group(wrong):
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} is "):
        cleaner.group([], **wrong)


@pytest.mark.parametrize("rules", ["my.toml", cleaner.Rule(id="x"), ["my.toml"]])
def test_what_is_no_list_of_rules(rules):
    with pytest.raises(TypeError, match=r"cleaner\.Rule"):
        cleaner.clean(DIRTY, rules)


def test_several_options_may_come_as_lists():
    options = cleaner.CleanOptions(rules=[cleaner.Rule(id="en/ad-label", off=True)], include=["author"])
    assert options == cleaner.CleanOptions((cleaner.Rule(id="en/ad-label", off=True),), include=frozenset(["author"]))
    assert cleaner.diff(DIRTY, f"{FIRST}\n\nAdvertisement\n\n{LAST}", clean=options).jaccard == 1
    with pytest.raises(TypeError, match="clean is True, False or"):
        cleaner.group([DIRTY], clean="no")


@pytest.fixture
def bad(monkeypatch):
    """A page that cannot be read: there is hardly one, so this one is told so."""
    import cleaner.extract as extract

    parse = extract.parse

    def parsed(html):
        if "deep" in html:
            raise extract.ExtractionError("the page is nested too deep")
        return parse(html)

    monkeypatch.setattr(extract, "parse", parsed)
    return Article(html="<html><body>deep", id="deep")


def test_an_article_that_cannot_be_used_is_named(bad):
    for call in (cleaner.clean_many, cleaner.group):
        with pytest.raises(TypeError, match=r"^article 2: an article is a string or a cleaner.Article, not float$"):
            list(call([DIRTY, float("nan")]))
        with pytest.raises(cleaner.ArticleError, match=r"^article 3 \(id 'deep'\): \w+"):
            list(call([DIRTY, LAST, bad]))
    with pytest.raises(cleaner.ArticleError, match=r"^article 2 \(id 'deep'\): \w+"):
        cleaner.diff(DIRTY, bad)
    with pytest.raises(cleaner.ArticleError):
        cleaner.clean(bad)


def test_what_cannot_be_used_may_be_skipped(bad):
    given = [DIRTY, None, LAST, bad, FIRST]
    with pytest.warns(cleaner.SkippedArticle) as warned:
        results = list(cleaner.clean_many(given, errors="skip"))
    assert [result.text for result in results] == [CLEAN, LAST, FIRST]
    assert [str(one.message).split(":")[0] for one in warned] == ["article 2", "article 4 (id 'deep')"]
    assert {one.filename for one in warned} == {__file__}
    with pytest.warns(cleaner.SkippedArticle) as warned:
        grouping = cleaner.group(given, errors="skip")
    assert [member.id for member in grouping.members] == ["1", "3", "5"]
    assert len(warned) == 2


def test_a_fault_of_whoever_gives_the_articles_is_theirs():
    def given():
        yield DIRTY
        raise LookupError("no more")

    results = cleaner.clean_many(given(), errors="skip")
    assert next(results).text == CLEAN
    with pytest.raises(LookupError, match="no more"):
        next(results)


def test_what_is_shown_of_a_result_is_short(prose):
    texts = [prose(n) for n in range(3)]
    results = (cleaner.clean(texts[0]), cleaner.group(texts), cleaner.diff(*texts[:2]), Article(text=texts[0], id="a"))
    assert max(len(repr(result)) for result in results) < 150
    assert repr(cleaner.clean(DIRTY)) == f"CleanResult(text={CLEAN[:40]!r}... of {len(CLEAN)}, 2 removed)"
    assert repr(cleaner.clean("")) == "CleanResult(text='', 0 removed, no_article='empty')"
    assert repr(cleaner.group(["One two."])) == "Grouping(1 members, 1 stories, 1 copies)"
    assert repr(Article(text="Short.", id="a")) == "Article(id='a', text='Short.')"


def test_every_type_that_crosses_is_exported_and_documented():
    """What the functions take and give back, and what stands in that."""
    import inspect
    import typing

    seen, todo = set(), [cleaner.clean, cleaner.clean_text, cleaner.clean_many, cleaner.group, cleaner.diff]
    todo += [cleaner.Index.add, cleaner.Index.stories, cleaner.load_rules, cleaner.News, cleaner.IndexedStory]
    names = {name: getattr(cleaner, name) for name in ("Comparison", "IndexedStory", "News")}
    while todo:
        one = todo.pop()
        if (args := typing.get_args(one)) and typing.get_origin(one) is not typing.Literal:
            todo += [arg for arg in args if arg is not Ellipsis and not isinstance(arg, list)]
        elif inspect.isfunction(one) or (isinstance(one, type) and one.__module__.startswith("cleaner") and one not in seen):
            seen.add(one)
            todo += typing.get_type_hints(one, localns=names).values()
    crossing = {one.__name__ for one in seen if isinstance(one, type)}
    assert crossing >= {"Article", "Block", "CleanResult", "Removal", "Comparison", "Sentence", "Disagreement", "Change"}
    inner = {"PageFacts", "Remark"}  # of Article, set by reading alone
    assert crossing - inner <= set(cleaner.__all__)
    text = (Path(__file__).parent.parent / "docs/library.md").read_text(encoding="utf-8")
    assert [name for name in cleaner.__all__ if name != "__version__" and f"`{name}" not in text] == []
