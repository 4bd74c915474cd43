"""`--gentle` and `--aggressive` on the pages of pages/, in both directions; and what no dial may do."""

import json

import pages
import pytest

from cleaner import Article, clean, clean_many

GENTLE, NORMAL, AGGRESSIVE = "gentle", "normal", "aggressive"

# Lists of which no line looks like an article's.
LISTS = [
    "Manage my account\nSponsored by Tarn Stone\nEnter your postcode\nObituaries\nMy saved items",
    "My saved items\nManage my account\nObituaries",
]
NEWS = (
    "The council of Oxney met on Monday evening to hear what the engineers had found under the old mill.",
    "Nobody had expected the repairs to cost so much, said Agnes Cole, and the miller asked the county for help.",
)


@pytest.fixture(scope="module")
def dirty():
    return [page.article for lang in pages.languages() for page in pages.read(lang) if page.kind == "text"]


def kept(articles, caution):
    return [result.text for result in clean_many(articles, caution=caution)]


@pytest.fixture(scope="module")
def by_caution(dirty):
    return {caution: kept(dirty, caution) for caution in (GENTLE, NORMAL, AGGRESSIVE)}


def test_more_caution_keeps_more_and_less_keeps_less(by_caution):
    size = {caution: sum(map(len, texts)) for caution, texts in by_caution.items()}
    assert size[GENTLE] > size[NORMAL] > size[AGGRESSIVE]


def test_gentle_keeps_more_of_what_must_stay_and_aggressive_takes_more_of_what_must_go(by_caution):
    read = [page for lang in pages.languages() for page in pages.read(lang) if page.kind == "text"]
    kept, left = {}, {}  # lines of the articles, and of what stands around them
    for caution, texts in by_caution.items():
        lines = [(set(page.gold.split("\n")), text.split("\n")) for page, text in zip(read, texts, strict=True)]
        kept[caution] = sum(line in gold for gold, text in lines for line in text)
        left[caution] = sum(line not in gold for gold, text in lines for line in text)
    assert kept[GENTLE] >= kept[NORMAL] > kept[AGGRESSIVE]
    assert left[GENTLE] > left[NORMAL] >= left[AGGRESSIVE]


@pytest.fixture(scope="module")
def english():
    """Pages in records, and what each caution leaves of them: no two the same."""
    articles = [page.article for page in pages.read("en") if page.kind == "text"]
    lines = "".join(json.dumps({"text": article.text, "url": article.url}) + "\n" for article in articles)
    left = {caution: kept(articles, caution) for caution in (GENTLE, NORMAL, AGGRESSIVE)}
    assert left[GENTLE] != left[NORMAL] != left[AGGRESSIVE] != left[GENTLE]
    return lines, left


@pytest.mark.parametrize(("flags", "caution"), [(["--gentle"], GENTLE), ([], NORMAL), (["--aggressive"], AGGRESSIVE)])
def test_the_command_s_dial_is_the_library_s(run_cleaner, english, flags, caution):
    lines, left = english
    ran = run_cleaner("clean", *flags, input=lines)
    assert [record["text"] for record in ran.records] == left[caution]


@pytest.mark.parametrize(("word", "caution"), [("gentle", GENTLE), ("aggressive", AGGRESSIVE)])
def test_so_is_the_word_of_the_configuration(run_cleaner, tree, english, word, caution):
    lines, left = english
    where = tree({"cleaner.toml": f'caution = "{word}"\n'}) / "in"
    ran = run_cleaner("clean", cwd=where, input=lines)
    assert [record["text"] for record in ran.records] == left[caution]


@pytest.mark.parametrize("text", LISTS)
def test_where_no_line_looks_like_an_article_s_the_model_takes_none(text):
    """There is nothing by which to judge the others."""
    assert kept([Article(text=text)], AGGRESSIVE) == [text]
    # Below an article, the same lines go, or some of them.
    below = clean("\n".join((*NEWS, *NEWS[::-1], text)), caution=AGGRESSIVE)
    assert below.removed
    assert below.text.startswith("\n".join(NEWS))
