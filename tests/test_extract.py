"""Pages: what is extracted of them, and what their blocks know of the markup."""

import pytest

from cleaner import Article
from cleaner.pages import extract

PROSE = [
    f"{who} told the harbour board on Monday that the {what} would cost more than anybody had planned, and asked for time."
    for who in ("The engineer", "A councillor", "The pilot", "Her deputy", "The harbour master", "An old clerk")
    for what in ("quay", "crane", "lamp")
]


def page(body, title="Quay repairs to cost more - Wessel Post"):
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def extracted(body):
    article = extract(Article(html=page(body)), metadata=False)
    assert [article.text[b.start : b.end] for b in article.blocks] == [line for line in article.text.split("\n") if line]
    return {article.text[block.start : block.end]: block for block in article.blocks}


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


STORY = f"""<div class="menu"><a href="/">Home</a></div><article class="story-body"><h1>Quay repairs to cost more</h1>
{paragraphs(PROSE[:4])}<h2>What the <b>board</b> said</h2><p>{PROSE[4]}</p>
<ul><li>One lamp, bought in 1961</li><li>Two cranes</li></ul>
<blockquote><p>{PROSE[5]}</p></blockquote>
<p><a href="/x">{PROSE[6]}</a></p><div class="newsletter-signup"><p>{PROSE[7]}</p></div>{paragraphs(PROSE[8:])}</article>"""


@pytest.fixture(scope="module")
def story():
    return extracted(STORY)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Quay repairs to cost more", "headline"),
        (PROSE[0], "paragraph"),
        ("What the board said", "heading"),
        ("- Two cranes", "item"),
        (PROSE[5], "quote"),
    ],
)
def test_a_block_has_the_kind_of_its_element(story, line, kind):
    assert story[line].kind == kind


def test_links_are_the_share_of_a_block_that_stands_in_links(story):
    assert story[PROSE[0]].links == 0
    assert story[PROSE[6]].links == 1
    linked = f'<p>{PROSE[5]} <a href="/">{PROSE[6]}</a></p>'
    half = extracted(f"<article>{paragraphs(PROSE[:5])}{linked}{paragraphs(PROSE[7:])}</article>")
    assert half[f"{PROSE[5]} {PROSE[6]}"].links == pytest.approx(0.5, abs=0.1)


def test_hints_are_the_words_of_the_classes_around(story):
    assert "newsletter" in story[PROSE[7]].hints
    assert "body" in story[PROSE[0]].hints
    notice = f'<div class="disclosure"><p>{PROSE[5]}</p></div>'
    noted = extracted(f"<article>{paragraphs(PROSE[:5])}{notice}{paragraphs(PROSE[6:])}</article>")
    assert noted[PROSE[5]].hints == ("consent",)


def test_a_line_that_is_bold_as_a_whole_is_known_for_it():
    bold = f"<p><b>{PROSE[6]}</b></p><p><strong>{PROSE[7][:20]}</strong>{PROSE[7][20:]}</p>"
    blocks = extracted(f"<article>{paragraphs(PROSE[:6])}{bold}{paragraphs(PROSE[8:])}</article>")
    assert ("bold" in blocks[PROSE[6]].hints, "bold" in blocks[PROSE[7]].hints) == (True, False)


def judged(body):
    """The lines that stay by the model alone, and those that it says are none of the article's."""
    article = extract(Article(html=page(body)), metadata=False)
    lines = [(article.text[block.start : block.end], block.odds) for block in article.blocks]
    return [line for line, odds in lines if odds > 0], [line for line, odds in lines if odds <= 0]


def test_a_subheading_without_an_element_that_says_what_the_article_is_stays():
    stays, _ = judged(f'<div class="x1">{paragraphs(PROSE[:3])}<h2>Lamps of the harbour</h2>{paragraphs(PROSE[3:])}</div>')
    assert "Lamps of the harbour" in stays


def test_what_stands_apart_in_a_gap_goes():
    related = "".join(f'<div class="most-read"><a href="/{i}">Story number {i} of another day</a></div>' for i in range(4))
    stays, goes = judged(f'<div class="x1">{paragraphs(PROSE[:3])}{related}{paragraphs(PROSE[3:])}</div>')
    assert stays == PROSE
    assert goes == [f"Story number {i} of another day" for i in range(4)]


def test_captions_are_the_text_of_a_page_that_has_nothing_else():
    figures = "".join(
        f"<figure><img src='{i}.jpg'><figcaption>{text}</figcaption></figure>" for i, text in enumerate(PROSE[:4])
    )
    essay = f"<article><h1>The harbour by night</h1><p>Seen by our reporter.</p>{figures}</article>"
    assert set(PROSE[:4]) <= set(judged(essay)[0])
    article = extract(Article(html=page(f"{essay}{paragraphs(PROSE[4:])}")), metadata=False)
    assert {article.text[b.start : b.end] for b in article.blocks if b.kind == "caption"} == set(PROSE[:4])


def test_every_block_is_a_line_of_its_own():
    blocks = extracted(
        f"<article>{paragraphs(PROSE[:3])}<p>{PROSE[3]}<br><br>{PROSE[4]}</p>{paragraphs(PROSE[5:])}</article>"
    )
    assert {PROSE[3], PROSE[4]} <= blocks.keys()


@pytest.mark.parametrize("body", ["", "<p></p>", '<ul><li><a href="/">One</a></li><li><a href="/">Two</a></li></ul>'])
def test_a_page_without_an_article_raises_nothing(body):
    extract(Article(html=page(body)), metadata=True)


def test_what_the_page_says_of_its_article_is_found_before_it_is_pruned():
    head = """<meta property="article:published_time" content="2024-07-16T10:00:00Z">
    <meta property="og:site_name" content="Wessel Post">"""
    found = extract(Article(html=page(STORY).replace("</head>", f"{head}</head>")))
    assert (found.title, found.date, found.site) == ("Quay repairs to cost more", "2024-07-16", "Wessel Post")
