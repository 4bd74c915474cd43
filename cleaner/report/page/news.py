"""What is new, as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from cleaner import text as texts
from cleaner.index.news import StoryNews, Told
from cleaner.model import Article
from cleaner.report import counted, title_of
from cleaner.report.news import beside_the_first, counts, facts, fresh, grown, told_once
from cleaner.report.page import escaped, foot, head

MOST = 500  # stories of either kind


def digest(told: Told) -> Iterator[str]:
    """A page: new stories, by how many outlets tell them; stories that grew, by how much; what is told once so far."""
    new = fresh(told)
    yield head("What is new")
    yield f"<h1>What is new</h1><p>{escaped(counted(len(told.articles), 'article'))}: {escaped(counts(told))}</p>"
    yield from _stories("New stories", [one for one in new if len(one.tellings) + one.copies > 1])
    yield from _stories("Stories that grew", grown(told))
    for title, single in told_once(told):
        yield f"<h2>{escaped(title)}</h2><ul>" + "".join(map(_article, single[:MOST])) + "</ul>" + _more(len(single))
    yield foot()


def _stories(title: str, found: Sequence[StoryNews]) -> Iterator[str]:
    if not found:
        return
    yield f"<section><h2>{title}</h2>"
    for one in found[:MOST]:
        yield f"<div class=story><h3 dir=auto>{_linked(one.headline)}</h3>"
        lines = (*facts(one), f"id: {one.id}")
        yield "".join(f"<p class=soft dir=auto>{escaped(line)}</p>" for line in lines)
        yield "".join(f"<blockquote dir=auto>{escaped(said)} {_outlet(by)}</blockquote>" for said, by in one.says)
        yield "<ul>" + "".join(map(_article, beside_the_first(one))) + "</ul></div>"
    yield _more(len(found)) + "</section>"


def _article(article: Article) -> str:
    when = f"<span class=soft>{escaped(article.date[:10])}</span> " if article.date else ""
    return f"<li dir=auto>{when}{_linked(article)} {_outlet(article)}</li>"


def _outlet(article: Article) -> str:
    return f"<span class=soft>{escaped(texts.shown(article.site or article.id))}</span>"


def _linked(article: Article) -> str:
    title = escaped(title_of(article))
    if article.url and urlsplit(article.url).scheme in ("http", "https"):
        return f'<a href="{escaped(article.url)}" rel="noreferrer">{title}</a>'
    return title


def _more(count: int) -> str:
    return f"<p class=soft>... and {count - MOST:,} more</p>" if count > MOST else ""
