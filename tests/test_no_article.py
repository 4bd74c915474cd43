"""What is no article is said so, with the reason; what is short, a list or about cookies is one."""

import json
import re
from pathlib import Path

import pytest

import cleaner

TEXTS = (Path(__file__).parent / "data/no_articles.txt").read_text(encoding="utf-8")
CASES = [(*head.split(), body) for head, body in (part.split("\n", 1) for part in re.split(r"^=== ", TEXTS, flags=re.M)[1:])]

ARTICLES = {
    "a brief": "A cow was pulled out of the canal at Elmsbuell on Friday. Nobody was hurt.",
    "a headline": "Ferry to Rahn runs again",
    "on cookies": "The court in Lenz fined the Harrow Post 40,000 crowns on Tuesday. Its site had said 'we use cookies' and"
    " set 214 of them before anyone could decline, the judges found. The paper will appeal.",
    "on a robot": "A robot will take your order at the station cafe in Tarn from May."
    " It knows nine languages and cannot carry soup.",
    "on an error": "404 people have asked for a flat in the new houses at Brenn, the town said on Monday. There are 36.",
    "a poem": "The ferry goes at seven\nand comes again at nine,\nthe gulls go up to heaven\nand down along the line.\n\nThe"
    " ferryman is sleeping,\nhis pipe is in his hand,\nthe tide is slowly creeping\nacross the yellow sand.",
    "a list": "Fit for the jam: what you need\n\n1 kg plums\n400 g sugar\nA lemon\nTwo cloves\nA large pot\nJars with lids",
    "scores": "Harrow 3, Tarn 1\nBrenn 0, Lenz 0\nOstvik 2, Millbrook 4\n"
    "Elm 1, Witting 1\nRahn 5, Hasel 2\nValmora 0, Olsza 3",
}

WALL = "We use cookies to improve your experience on our website.\n\nAccept all cookies\n\nManage preferences\n"


def judged(form, body):
    return cleaner.clean(cleaner.Article(html=body) if form == "html" else body).no_article


def test_nine_in_ten_of_the_invented_ones_are_found():
    """Of the half that the detector was not tuned on."""
    held = [judged(form, body) for _, _, form, half, body in CASES if half == "held"]
    assert len(held) == 40
    assert sum(map(bool, held)) >= 36


@pytest.mark.parametrize("case", [case for case in CASES if case[3] == "tune"], ids=lambda case: "-".join(case[:3]))
def test_each_that_it_was_tuned_on_is_found(case):
    assert judged(case[2], case[4])


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_is_one(name):
    assert cleaner.clean(ARTICLES[name]).no_article == ""


def test_a_brief_above_a_consent_notice_is_an_article_still():
    result = cleaner.clean(ARTICLES["on a robot"] + "\n\n" + WALL)
    assert result.no_article == ""
    assert "nine languages" in result.text


LISTED = "\n".join(f"The pier of Tarn is to be mended\n{day} March 2026" for day in range(1, 28))


@pytest.mark.parametrize("around", ["{}\n" + LISTED, LISTED + "\n{}"], ids=["below", "above"])
def test_an_article_is_one_whatever_its_page_lists(around, prose):
    told = prose(1, 2)
    result = cleaner.clean(around.format(told))
    assert result.no_article == ""
    assert told in result.text


@pytest.mark.parametrize(
    ("text", "why"), [("", "empty"), (WALL, "a consent wall"), ("Advertisement\n", "nothing but boilerplate")]
)
def test_the_reason(text, why):
    assert cleaner.clean(text).no_article == why


def test_a_wall_is_furniture_and_its_removal_is_recorded():
    result = cleaner.clean(
        "Your privacy\n\nWith your consent, our 12 partners use cookies to store data on your device.\n\nAgree"
    )
    assert not result.text.strip()
    assert "no-article/consent" in {removal.rule for removal in result.removed} or result.removed


BODY = " ".join(f"The bridge at Tarn was closed for {n} days after the flood, the town said." for n in range(2, 9))


@pytest.mark.parametrize("body", [BODY, f"<p>{BODY}</p>"])
def test_the_body_that_a_page_states_for_machines_is_the_article_where_its_markup_has_none(body):
    data = json.dumps({"@graph": [{"@type": "NewsArticle", "articleBody": body}]})
    page = f'<html><head><script type="application/ld+json">{data}</script></head><body>%s</body></html>'
    result = cleaner.clean(cleaner.Article(html=page % "<noscript><p>Please enable JavaScript.</p></noscript>"))
    assert result.no_article == ""
    assert result.text == BODY
    other = " ".join(f"Wardens went from door to door on evening {n} with leaflets." for n in range(20))
    assert "Wardens" in cleaner.clean(cleaner.Article(html=page % f"<article><p>{other}</p></article>")).text


@pytest.fixture
def two(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/brief.txt").write_text(ARTICLES["a brief"], encoding="utf-8")
    (tmp_path / "in/wall.txt").write_text(WALL, encoding="utf-8")
    return tmp_path / "in"


def test_clean_names_it_and_marks_its_record(run_cleaner, two):
    done = run_cleaner("clean", "--json", two)
    brief, wall = map(json.loads, done.out.splitlines())
    assert "wall.txt: no article: a consent wall" in done.err
    assert "brief.txt" not in done.err
    assert "article" not in brief
    assert wall["article"] is False
    assert done.code == 0


def test_clean_leaves_it_out(run_cleaner, two):
    done = run_cleaner("clean", "--json", "--only-articles", two)
    assert [json.loads(line)["text"] for line in done.out.splitlines()] == [ARTICLES["a brief"]]
    assert "wall.txt: no article: a consent wall" in done.err
    assert done.code == 0


@pytest.mark.parametrize(("flags", "count"), [([], 2), (["--only-articles"], 1), (["--only-articles", "--no-clean"], 2)])
def test_group_leaves_it_out(run_cleaner, two, flags, count):
    done = run_cleaner("group", "--json", *flags, two)
    assert len(done.out.splitlines()) == count
    assert done.code == 0


def test_the_manifest_says_it(run_cleaner, two, tmp_path):
    for flags, status in ([], "cleaned"), (["--only-articles"], "skipped"):
        assert run_cleaner("run", *flags, two, tmp_path / "out").code == 0
        brief, wall = map(json.loads, (tmp_path / "out/manifest.jsonl").read_text(encoding="utf-8").splitlines())
        assert brief["article"] is True
        assert (wall["article"], wall["status"]) == (False, status)
        assert "a consent wall" in wall["reason"]
