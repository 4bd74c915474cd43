"""The model of lines: its trees, its columns, its restraint, and what it says of itself."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import FIRST, LAST

from cleaner import Article, clean, clean_many, rules
from cleaner.clean import by_model
from cleaner.clean.model import features
from cleaner.clean.model.tokens import TokenBatch
from cleaner.clean.model.trees import SCALE, Trees, shipped
from cleaner.clean.reasons import GROUPS, ModelReason, why

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
    names = [f"column {i}" for i in range(7)]
    arrays = {
        "names": np.array(names),
        "borders": np.concatenate(borders),
        "borders_of": np.array([len(of) for of in borders], dtype=np.uint8),
        "columns": pick.integers(0, 7, size=(11, 4)).astype(np.uint8),
        "cuts": pick.integers(0, 9, size=(11, 4)).astype(np.uint8),
        "leaves": pick.integers(-3000, 3000, size=(11, 16)).astype(np.int16),
        "base": np.int64(pick.integers(-500, 500)),
    }
    trees = Trees(arrays)
    columns = dict(zip(names, pick.normal(size=(7, lines)), strict=True))
    bins = trees.bins(dict(reversed(columns.items())))
    for column, of, found in zip(columns.values(), borders, bins, strict=True):
        assert list(found) == [sum(border < value for border in of) for value in np.float32(column)]
    assert list(trees.score(bins)) == [walked(arrays, bins[:, i]) for i in range(lines)]


def described(lines, counts, urls):
    batch = TokenBatch(lines, counts, shipped().chars)
    rules, markup = np.zeros((len(lines), len(features.RULES))), np.zeros((len(lines), len(features.MARKUP)))
    return features.describe(batch, shipped().table, rules, markup, urls)


def matrix(lines, counts, urls):
    """The columns, a row a line."""
    return np.stack([np.asarray(column, dtype=np.float32) for column in described(lines, counts, urls).values()], axis=1)


def test_the_model_knows_the_columns_by_name():
    columns = described(["Share this story"], [1], [""])
    assert set(shipped().trees.names) == set(columns)
    assert {name.partition(".")[0] for name in columns} == set(GROUPS)
    del columns["wording.mean"]
    with pytest.raises(ValueError, match=r"not made any more: wording\.mean; see scripts/train\.py"):
        shipped().trees.bins(columns)


@settings(max_examples=150)
@given(st.lists(st.lists(LINE, min_size=1, max_size=6), min_size=1, max_size=4))
def test_no_column_of_an_article_depends_on_its_neighbours(articles):
    urls = ["", "https://www.wessel-gazette.example/council-bridge", "not a url", ""][: len(articles)]
    together = matrix([line for article in articles for line in article], [len(a) for a in articles], urls)
    assert np.isfinite(together).all()
    alone = [matrix(article, [len(article)], [url]) for article, url in zip(articles, urls, strict=True)]
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
    reason = ModelReason(0.987, tuple(effects.values()))
    words = "what stands around it, its wording and where it stands"
    assert why([reason]) == f"looks like boilerplate (98 % sure) by {words}"
    faint = ModelReason(0.5, tuple((dict.fromkeys(GROUPS, 0.0) | {"markup": 0.1}).values()))
    assert why([faint]) == "looks like boilerplate (50 % sure) by its markup"


@pytest.mark.parametrize("name", ["clean/embassy-posts.txt", "clean/library-hours.txt"])
def test_a_clean_article_stays(fixtures, name):
    text = (fixtures / name).read_text()
    assert clean(text).text == text


def test_where_nothing_looks_like_an_article_the_model_takes_nothing(monkeypatch):
    # Bolder than any dial: what stays, stays for what the page looks like and not for its odds.
    monkeypatch.setattr(by_model, "CAUTION", {"normal": 0.0, "gentle": -3.0, "aggressive": -9.0})
    for text in ("What comes next", "Pump\nValve\nGasket\n", "Tel. 555 0134\nTel. 555 0199\n"):
        assert clean(text).text == text
    for menu in ("Menu\nLive\nJobs\n", "Home\nNews\nSport\nWeather\n", "Careers\nCustomer service\nVideo\n"):
        assert clean(menu, caution="aggressive").text == menu
        assert clean(f"{FIRST}\n\n{LAST}\n\n{menu}", caution="gentle").text == f"{FIRST}\n\n{LAST}\n"


def asked(scores, suspected=(), scraped=False):
    """What the model asks of the lines of one article, paragraphs all of them."""
    batch = TokenBatch([FIRST] * len(scores), [len(scores)], shipped().chars)
    of_rule = np.array([i in suspected for i in range(len(scores))])
    return list(by_model._needed(batch, np.array(scores, dtype=float), of_rule, np.array([scraped])))


def test_more_is_asked_where_less_is_certain():
    clean_one, dirty = asked([5, 5, -1, 5]), asked([5, 5, -1, 5, -6])
    assert clean_one[2] > dirty[2]
    assert asked([5, -1, 5, -6])[1] > asked([-1, 5, 5, -6])[0]
    assert asked([3, -1, 3, -6])[1] > asked([5, -1, 5, -6])[1]
    assert asked([5, 5, -1, 5, -6], suspected=[2])[2] < asked([5, 5, -1, 5], suspected=[2])[2] < clean_one[2]
    assert asked([3, 3, -1, 3])[2] > clean_one[2]
    assert asked([0.1, 0.1, -6]) == [np.inf] * 3
    assert max(asked([0.1, 0.1, -6], scraped=True)) < np.inf


def test_less_is_asked_in_a_page_full_of_furniture():
    few, some, many = (asked([5, -1, 3, -1] + [-6] * lines) for lines in (3, 15, 30))
    assert few[1] > some[1] > many[1]
    assert few[3] > some[3] > many[3]
    few, many = (asked([-1, 3, 3] + [-6] * lines) for lines in (3, 30))
    assert few[0] > many[0]
    few, many = (asked([4, 3, 3] + [-2] * lines + [-6]) for lines in (3, 30))
    assert few == many[:4] + many[-3:]


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
    for caution in ("gentle", "normal", "aggressive"):
        texts = [path.read_text(errors="replace") for path in sorted(fixtures.rglob("*.txt"))]
        texts += [f"{FIRST}\n\n{LAST}\n\n{more}\n" for more in ("Read all letters", "Browse the gallery")]
        gone[caution] = sum(len(r.source) - len(r.text) for r in clean_many(texts, caution=caution))
    assert gone["gentle"] < gone["normal"] < gone["aggressive"]


def test_what_the_user_includes_stays(fixtures):
    article = (fixtures / "clean/embassy-posts.txt").read_text().strip()
    both = f"By Odalys Brant, Staff Writer\n\n{article}\n\nPhoto: Wessel Harbour Authority\n"
    text = f"{both}\nShare this: Facebook Twitter\n"
    assert clean(text).text == f"{article}\n"
    assert clean(text, include=["author", "captions"]).text == both


def test_parts_of_a_page_stay_where_its_markup_names_them():
    head = (
        '<h1>The bridge closes</h1><p class="standfirst">Subscribe to our newsletter</p><p class="byline">Odalys Brant</p>'
    )
    body = "".join(f"<p>{FIRST} {LAST}</p>" for _ in range(3))
    page = Article(html=f"<html><title>The bridge closes</title><body><article>{head}{body}</article>")
    assert next(removal.rule for removal in clean(page).removed) == "any/markup-headline"
    assert clean(page, include=["headline"]).text.startswith("The bridge closes\n")
    assert "Subscribe to our newsletter" in clean(page, include=["standfirst"]).text
    assert "Subscribe to our newsletter" not in clean(page).text


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
