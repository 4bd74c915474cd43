"""The gate for cleaning: how near it comes to what is to be left of the pages of pages/, by kind and language."""

import floors
import pages
import pytest
from msgspec.structs import replace

from cleaner import clean_many
from cleaner.rules import shipped


@pytest.fixture(scope="module")
def scores():
    return pages.measured()


def test_no_figure_is_below_its_floor(scores):
    found = pages.figures(scores)
    print(f"\n{pages.table(found)}")
    assert not floors.misses(found, "pages")


def test_the_material_is_what_it_says(scores):
    of_kind = {kind: [score.page for score in scores if score.page.kind == kind] for kind in pages.KINDS}
    assert sum(map(len, of_kind.values())) == len(scores) >= 84
    assert set(pages.languages()) <= {rule.lang for rule in shipped() if rule.lang} | {"en"}
    assert min(map(len, of_kind.values())) >= len(scores) / 4
    for page in of_kind["text"]:
        assert page.article.text != page.gold
    for page in of_kind["clean"]:
        assert page.article.text == page.gold
    for score in scores:
        assert len(score.page.gold.split("\n")) >= 4, score.page.name


def test_what_was_left_of_a_text_loses_nothing_more(scores):
    left = [score for score in scores if score.page.kind != "html"]
    assert [score.page.name for score in left if not score.text.strip()] == []
    again = clean_many([replace(score.page.article, text=score.text) for score in left])
    assert [score.page.name for score, result in zip(left, again, strict=True) if result.removed] == []
