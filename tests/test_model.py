"""The model of lines: its trees, its columns, its restraint, and what it says of itself."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import FIRST, LAST

from cleaner import Article, clean, clean_many, rules
from cleaner.clean import features
from cleaner.clean.batch import Batch
from cleaner.clean.forest import SCALE, Forest, shipped
from cleaner.clean.verdict import GROUPS, Verdict, why
from cleaner.markup import HINTS

ODD = [
    "",
    " ",
    "\u00a0",
    "\ud800",
    "😂",
    "…",
    "|",
    "\x00",
    "'",
    "’s",
    "x" * 900,
    "渡船在周一",
    "Ünïcödé wörds",
    "12:30",
    "\u202e",
    "a b",
]
LINE = st.lists(st.sampled_from([*ODD, "council", "Share", "read", "more.", FIRST]), min_size=1, max_size=5).map(
    lambda words: " ".join(words).strip() or "x"
)


def walked(arrays, bins):
    """What the trees say of one line, a question at a time."""
    total = int(arrays["base"])
    for columns, cuts, leaves in zip(arrays["columns"], arrays["cuts"], arrays["leaves"], strict=True):
        leaf = sum(int(bins[column] > cut) << level for level, (column, cut) in enumerate(zip(columns, cuts, strict=True)))
        total += int(leaves[leaf])
    return total / SCALE


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 300))
def test_trees_are_evaluated_as_they_are_written(seed, lines):
    pick = np.random.default_rng(seed)
    borders = [np.sort(pick.normal(size=n)).astype(np.float32) for n in pick.integers(0, 9, size=7)]
    arrays = {
        "borders": np.concatenate(borders),
        "borders_of": np.array([len(of) for of in borders], dtype=np.uint8),
        "columns": pick.integers(0, 7, size=(11, 4)).astype(np.uint8),
        "cuts": pick.integers(0, 9, size=(11, 4)).astype(np.uint8),
        "leaves": pick.integers(-3000, 3000, size=(11, 16)).astype(np.int16),
        "base": np.int64(pick.integers(-500, 500)),
    }
    forest = Forest(arrays)
    columns = list(pick.normal(size=(7, lines)))
    bins = forest.bins(columns)
    for column, of, found in zip(columns, borders, bins, strict=True):
        assert list(found) == [sum(border < value for border in of) for value in np.float32(column)]
    assert list(forest.score(bins)) == [walked(arrays, bins[:, i]) for i in range(lines)]


def described(lines, counts, urls):
    batch = Batch(lines, counts, shipped().signs)
    flags, markup = np.zeros((len(lines), features.RULE_FLAGS)), np.zeros((len(lines), 2 + len(HINTS)))
    columns = features.describe(batch, shipped().table, flags, markup, urls)
    again = features.again(batch, np.asarray(columns["wording"][0], dtype=float) / 16, np.zeros(len(lines), dtype=bool))
    return np.stack([np.asarray(c, dtype=np.float32) for c in [*(c for g in GROUPS for c in columns[g]), *again]], axis=1)


@settings(max_examples=150)
@given(st.lists(st.lists(LINE, min_size=1, max_size=6), min_size=1, max_size=4))
def test_no_column_of_an_article_depends_on_its_neighbours(articles):
    urls = ["", "https://www.wessel-gazette.example/council-bridge", "not a url", ""][: len(articles)]
    together = described([line for article in articles for line in article], [len(a) for a in articles], urls)
    assert np.isfinite(together).all()
    alone = [described(article, [len(article)], [url]) for article, url in zip(articles, urls, strict=True)]
    assert np.array_equal(together, np.concatenate(alone))


def test_a_batch_is_cleaned_as_its_articles_are(fixtures, prose):
    texts = (
        [path.read_text(errors="replace") for path in sorted(fixtures.rglob("*.txt"))]
        + [prose(seed) for seed in range(70)]
        + ["", "\n"]
    )
    assert list(clean_many(texts)) == [clean(text) for text in texts]


def test_it_takes_what_no_rule_knows_and_says_why(fixtures):
    article = (fixtures / "clean/library-hours.txt").read_text()
    result = clean(article + "\nBrowse our shop\nGift cards\nStore locator\nReturns and exchanges\nCustomer service\n")
    assert result.text == article
    (removal,) = result.removed
    assert removal.rule == "model"
    assert re.fullmatch(r"looks like boilerplate \(\d+ % sure\) by [a-z', ]+", removal.why)


def test_why_names_what_spoke_loudest():
    effects = dict.fromkeys(GROUPS, 0.0) | {"wording": 2.0, "around": 3.0, "place": 0.5, "shape": 0.1}
    verdict = Verdict(0.987, tuple(effects.values()))
    words = "what stands around it, its wording and where it stands"
    assert why([verdict]) == f"looks like boilerplate (98 % sure) by {words}"
    faint = Verdict(0.5, tuple((dict.fromkeys(GROUPS, 0.0) | {"markup": 0.1}).values()))
    assert why([faint]) == "looks like boilerplate (50 % sure) by its markup"


@pytest.mark.parametrize("name", ["clean/embassy-posts.txt", "clean/library-hours.txt"])
def test_a_clean_article_stays(fixtures, name):
    text = (fixtures / name).read_text()
    assert clean(text).text == text


def test_where_nothing_looks_like_an_article_the_model_takes_nothing():
    for text in ("What comes next", "Pump\nValve\nGasket\n", "Tel. 555 0134\nTel. 555 0199\n"):
        assert clean(text).text == text
    for menu in ("Menu\nLive\nJobs\n", "Home\nNews\nSport\nWeather\n", "Careers\nCustomer service\nVideo\n"):
        assert clean(menu, caution=-9).text == menu
        assert clean(f"{FIRST}\n\n{LAST}\n\n{menu}", caution=-3).text == f"{FIRST}\n\n{LAST}\n"


def test_where_rules_speak_for_all_that_is_left_they_decide():
    kept = [
        (rule.id, example)
        for rule in rules.shipped()
        if rule.kind == "line" and not rule.beside
        for example in rule.removes[:1]
        if clean(f"{example}\n", lang=rule.lang or "en").text
    ]
    assert kept == []


def test_caution_takes_less_and_boldness_more(fixtures):
    gone = {}
    for caution in (1.5, 0.0, -1.0):
        texts = [path.read_text(errors="replace") for path in sorted(fixtures.rglob("*.txt"))]
        gone[caution] = sum(len(r.source) - len(r.text) for r in clean_many(texts, caution=caution))
    assert gone[1.5] < gone[0.0] < gone[-1.0]


def test_what_the_user_includes_stays():
    both = f"By Odalys Brant, Staff Writer\n\n{FIRST}\n\nPhoto: Wessel Harbour Authority\n\n{LAST}\n"
    text = f"{both}\nShare this: Facebook Twitter\n"
    assert clean(text).text == f"{FIRST}\n\n{LAST}\n"
    assert clean(text, include=["author", "captions"]).text == both


def test_parts_of_a_page_stay_where_its_markup_names_them():
    head = '<h1>The bridge closes</h1><p class="standfirst">Engineers found a crack</p><p class="byline">Odalys Brant</p>'
    body = "".join(f"<p>{FIRST} {LAST}</p>" for _ in range(3))
    page = Article(html=f"<html><title>The bridge closes</title><body><article>{head}{body}</article>")
    assert next(removal.rule for removal in clean(page).removed) == "any/markup-headline"
    assert clean(page, include=["headline"]).text.startswith("The bridge closes\n")
    assert "Engineers found a crack" in clean(page, include=["standfirst"], caution=-9).text
    assert "Engineers found a crack" not in clean(page, caution=-9).text


def test_the_dial_and_the_parts_on_the_command_line(run_cleaner, tree):
    text = f"By Odalys Brant, Staff Writer\n\n{FIRST}\n\n{LAST}\n"
    where = tree({"a.txt": text, "cleaner.toml": 'include = ["author"]\n', "odd/cleaner.toml": 'caution = "wild"\n'}) / "in"
    assert run_cleaner("clean", "a.txt", cwd=where).text == text
    assert run_cleaner("clean", "--include", "author", where / "a.txt").text == text
    assert run_cleaner("clean", "--gentle", where / "a.txt").code == 0
    both = run_cleaner("clean", "--gentle", "--aggressive", where / "a.txt")
    assert (both.code, both.err) == (2, "cleaner: --gentle and --aggressive do not go together\n")
    assert run_cleaner("clean", "--include", "weather", where / "a.txt").code == 2
    odd = run_cleaner("clean", "../a.txt", cwd=where / "odd")
    assert (odd.code, odd.err) == (2, "cleaner: cleaner.toml: 'caution' must be one of gentle, normal, aggressive\n")


@pytest.mark.slow
def test_large_and_strange_inputs_end(run_cleaner, tree):
    sizes = {
        "line.txt": "word " * 200_000,
        "words.txt": "word\n" * 100_000,
        "mixed.txt": "渡船在周一早上搁浅。 Паром сел на мель.\n" * 50,
    }
    where = tree(sizes) / "in"
    ran = run_cleaner("clean", "--json", where)
    assert ran.code == 0
    for record in ran.records:
        assert len(record["text"]) <= len(sizes[record["id"].rsplit("/", 1)[-1]])
    assert json.loads(ran.text.split("\n")[0])["id"].endswith("line.txt")
