"""Pages judged block by block: what the model sees of a page, whom it asks, and that nothing goes without a word."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from samples import TOO_LONG

from cleaner import Article, clean
from cleaner.extract import ParsedPage, parsed
from cleaner.pages import extract, extract_all, page_model

ROOT = Path(__file__).parent.parent
PROSE = [
    f"{who} told the harbour board on Monday that the {what} would cost more than anybody had planned, and asked for time."
    for who in ("The engineer", "A councillor", "The pilot", "Her deputy", "The harbour master", "An old clerk")
    for what in ("quay", "crane", "lamp")
]
MENU = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("News", "Sport", "Letters", "Weather", "Jobs"))


def page(body, title="Quay repairs to cost more"):
    return f"<html><head><title>{title} - Wessel Post</title></head><body>{body}</body></html>"


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


STORY = f'<ul class="top">{MENU}</ul><div class="x1"><h1>Quay repairs to cost more</h1>{paragraphs(PROSE[:9])}</div>'
PAGES = [
    page(STORY),
    page(f"<table><tr><td>{MENU}</td><td>{paragraphs(PROSE[3:7])}</td></tr></table>"),
    page("<p>渡船在周一早上搁浅，船长说没有人受伤。</p><div>广告</div>", title="渡船"),
    page("<div>1</div>", title=""),
]


def walked(html):
    found = parsed(Article(html=html), metadata=False)
    assert isinstance(found, ParsedPage)
    return found.walker


def described(htmls):
    model = page_model.shipped()
    columns, _ = page_model.described(
        [walked(html) for html in htmls], [""] * len(htmls), model.chars, model.table, model.names
    )
    return columns


def test_no_column_of_a_page_depends_on_its_neighbours():
    together = described(PAGES)
    alone = [described([html]) for html in PAGES]
    for name, column in together.items():
        assert np.isfinite(column).all(), name
        assert np.array_equal(column, np.concatenate([of[name] for of in alone])), name


def test_the_model_asks_for_columns_that_are_made():
    columns = described(PAGES[:1])
    assert set(page_model.shipped().trees.names) <= set(columns)
    assert any(name.startswith("tree.") for name in page_model.shipped().trees.names)


def test_pages_are_extracted_together_as_one_by_one():
    articles = [Article(html=html, id=str(n)) for n, html in enumerate(PAGES)] + [Article(text="As it is.")]
    assert extract_all(articles) == [extract(article) for article in articles]


def test_the_way_to_a_container_is_counted_in_elements():
    columns = described([page(f"<div><div>{paragraphs(PROSE[:4])}</div><ul><li>One</li></ul></div>")])
    assert columns["tree.best_up"].tolist() == [0, 0, 0, 0, 1]
    assert columns["tree.best_down"].tolist() == [1, 1, 1, 1, 2]


@pytest.mark.parametrize(("odds", "asked"), [([9, 9, -9], False), ([9, 0, 0], True)])
def test_the_witness_is_asked_where_the_model_is_unsure(odds, asked):
    assert page_model.unsure(np.array(odds, dtype=float), np.array([90, 90, 90])) is asked


def test_of_little_text_the_witness_is_always_asked():
    assert page_model.unsure(np.array([9.0]), np.array([20]))


def test_what_the_witness_keeps_counts(monkeypatch):
    """Of a page that hangs in the balance, what trafilatura keeps stays, and of all it passes over something goes."""
    kept = {}
    for said in ("all", "none"):
        monkeypatch.setattr(page_model, "unsure", lambda odds, words: True)
        monkeypatch.setattr(
            page_model, "witness", lambda page, recall=False, said=said: "\n".join(PROSE) if said == "all" else ""
        )
        found = extract(Article(html=PAGES[0]))
        kept[said] = sum(block.odds for block in found.blocks if found.text[block.start : block.end] == PROSE[4])
    assert kept["all"] - kept["none"] == pytest.approx(2 * page_model.WITNESS)


def test_comments_are_doubted_where_an_article_is_left_without_them():
    said = f'<div class="comments"><p>{PROSE[4]}</p></div>'
    long, short = walked(page(paragraphs(PROSE[:4]) + said)), walked(page(paragraphs(PROSE[:2]) + said))
    for walker, doubt in ((long, 3.0), (short, 0.0)):
        odds, words = np.full(len(walker.blocks), 2.0), np.array([len(block.text.split()) for block in walker.blocks])
        page_model.doubt_comments(walker.blocks, odds, words)
        assert odds[-1] == 2.0 - doubt
        assert set(odds[:-1]) == {2.0}


def test_what_sells_is_no_comment_though_its_markup_says_review():
    walker = walked(page(paragraphs(PROSE[:4]) + f'<div class="product-review"><p>{PROSE[4]}</p></div>'))
    assert walker.blocks[-1].hints >= {"comment", "promo"}
    odds = np.full(len(walker.blocks), 2.0)
    page_model.doubt_comments(walker.blocks, odds, np.full(len(odds), 20))
    assert set(odds) == {2.0}


def test_what_goes_of_a_page_is_told_with_its_reason():
    related = '<div class="most-read"><h3>Most read</h3><a href="/1">A story of another day</a></div>'
    html = page(f'<div class="x1">{paragraphs(PROSE[:5])}{related}{paragraphs(PROSE[5:9])}</div>')
    result = clean(Article(html=html))
    assert result.text.rstrip("\n").split("\n") == PROSE[:9]
    gone = "\n".join(result.source[removal.start : removal.end] for removal in result.removed)
    assert "A story of another day" in gone
    assert all(removal.why for removal in result.removed)


def test_cells_of_a_table_are_one_line_and_cells_that_lay_out_a_page_are_not():
    scores = "<table><tr><th>Home</th><th></th></tr><tr><td>Hallow</td><td>3</td></tr></table>"
    texts = [block.text for block in walked(page(scores)).blocks]
    assert texts == ["Home", "Hallow | 3"]
    layout = f"<table><tr><td><a href='/'>Home</a><br>News</td><td>{paragraphs(PROSE[:2])}</td><td>Jobs</td></tr></table>"
    blocks = walked(page(layout)).blocks
    assert [(block.text, block.kind) for block in blocks] == [
        ("Home", "paragraph"),
        ("News", "paragraph"),
        (PROSE[0], "paragraph"),
        (PROSE[1], "paragraph"),
        ("Jobs", "table"),
    ]


def test_what_is_set_as_it_stands_keeps_its_lines():
    (block,) = walked(page("<pre>\nlamps:\n  - north\n\n  - south\n</pre>")).blocks
    assert block.text == "lamps:\n  - north\n\n  - south"


LEARN = """
import json, sys
import numpy as np
from scripts import train_pages as train
samples = list(train.samples(sys.argv[1:], {"left-out.example"}))
words, names = train.counted_words(samples), train.counted_names(samples)
blocks = train.look(samples, words, names)
print(json.dumps({
    "pages": len(samples),
    "weights": [round(sample.weight, 3) for sample in samples],
    "folds": [sample.fold for sample in samples][-1],
    "rows": blocks.matrix.shape[0],
    "columns": blocks.matrix.shape[1] == len(blocks.names),
    "gone": int((blocks.shares == 0).sum()),
    "names": [names.of("story-text") > 0, names.of("site-menu") < 0],
}))
"""


def test_pages_are_labelled_and_described_for_training(tmp_path):
    menu = " ".join(["Home page"] * 20)  # enough for the story not to be all of its page
    with (tmp_path / "html.jsonl").open("w", encoding="utf-8") as out:
        for n in range(7):
            text = PROSE[2 * n : 2 * n + 3]
            body = f'<div class="site-menu"><p>{menu}</p></div><div class="story-text">{paragraphs(text)}</div>'
            host = "left-out.example" if n == 6 else f"site{n}.example"
            row = {"id": str(n), "url": f"https://{host}/a", "html": page(body), "gold": "\n".join(text)}
            if n == 5:
                row |= {"source": "dragnet", "agree": 0.65, "gold": "\n".join(text[:1])}
            out.write(json.dumps(row) + "\n")
    command = [sys.executable, "-c", LEARN, str(tmp_path / "html.jsonl")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TOO_LONG, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "pages": 6,
        "weights": [1.0] * 5 + [0.3],
        "folds": 0,
        "rows": 6 * 4,
        "columns": True,
        "gone": 6 + 2,
        "names": [True, True],
    }
