"""How two articles, or the tellings of a story, differ, as a page."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner import text as texts
from cleaner.dates import date_of
from cleaner.diff import Kinship, Stated, Story
from cleaner.diff.mentions import Mention
from cleaner.diff.points import most_telling
from cleaner.diff.wording import Change, word_changes
from cleaner.model import Article
from cleaner.report import HOW, letter, link_of, outlet_of, reasons, title_of, variants
from cleaner.report.page import FILTERS, escaped, foot, head, values

_RELATIONS = {"copies": "a near-verbatim copy of A", "one story": "A's story", "two stories": "another story"}
_KINDS = {"figure": "figures", "name": "names", "date": "dates", "quote": "quotations"}
_SIGNS = {"stated": "=", "differs": "!", "absent": "."}
_COLUMNS = 26  # tellings that have a column each


def linked(article: Article, text: str) -> str:
    """A text that leads to the article, where it has an address of the web."""
    url = link_of(article)
    return f'<a href="{escaped(url)}">{escaped(text)}</a>' if url else escaped(text)


def named(article: Article) -> str:
    """An article as people name it, its id after it."""
    outlet, name = outlet_of(article), texts.shown(article.id)
    told = f"<span dir=auto>{linked(article, title_of(article))}</span>"
    before = f"<span class=outlet>{escaped(outlet)}</span> " if outlet else ""
    return f"{before}{told} <span class=soft>{escaped(name)}</span>"


def story(told: Story) -> Iterator[str]:
    """A page of how the tellings of a story differ."""
    title = told.headline or title_of(told.representative)
    yield head(title)
    yield f"<h1 dir=auto>{escaped(title)}</h1>"
    yield FILTERS
    yield from _tellings(told)
    yield foot()


def _tellings(told: Story) -> Iterator[str]:
    yield "<table class=facts>"
    for number, article in enumerate(told.articles):
        facts = _likeness(told.kinships[number - 1]) if number else ""
        day = escaped(date_of(article.date) or "")
        yield f"<tr><td><b>{letter(number)}</b><td class=n>{day}<td>{named(article)}<div class=soft>{facts}</div></tr>"
    yield "</table>"
    if len(told.articles) > 2:
        yield from _claims(told)
    yield from _contested(told)
    if len(told.articles) == 2:
        yield from _shared(told)
    yield from _reworded(told)
    for number, article in enumerate(told.articles):
        if said := told.only(number):
            yield from _alone(said, number, article)


def _likeness(compared: Kinship) -> str:
    """What an article is to A, and on lines below it why."""
    numbers = f"story similarity {compared.similarity:.2f}, shingles {compared.jaccard:.2f}"
    return f"{_RELATIONS[compared.relation]}; {numbers}" + "".join(
        f"<div dir=auto>{escaped(f'{word}: {reason}')}</div>" for word, reason in reasons(compared)
    )


def _claims(told: Story) -> Iterator[str]:
    """A row for each claim: a mark for each telling, and what is claimed."""
    if not told.stated:
        return
    several = len(told.articles) <= _COLUMNS
    letters = "".join(f"<th>{letter(number)}" for number in range(len(told.articles))) if several else "<th>tellings"
    yield "<h2>Who says what</h2><p class=soft>= says it, ! another figure, . does not say</p>"
    for kind, word in _KINDS.items():
        rows = [one for one in told.stated if one.kind == kind]
        if rows:
            yield f"<div class=wide><table class=claims><tr>{letters}<th class=said>{word}</tr>"
            yield from (_claim(one, several) for one in rows)
            yield "</table></div>"


def _claim(one: Stated, several: bool) -> str:
    cells = "".join(f"<td class={mark}>{_SIGNS[mark]}" for mark in one.marks)
    cells = cells if several else f"<td>{len(one.tellers)} of {len(one.marks)}"
    said = f"“{one.text}”" if one.kind == "quote" else one.text
    role = f" <span class=soft>{escaped(one.role)}</span>" if one.role else ""
    others = "".join(
        f"; <span class=alarm>{', '.join(map(letter, numbers))}: {escaped(other)}</span>" for other, numbers in one.others
    )
    return f"<tr>{cells}<td class=said dir=auto>{escaped(said)}{role}{others}</tr>"


def _contested(told: Story) -> Iterator[str]:
    for how, title in HOW.items():
        rows = [one for one in told.contested if one.how == how]
        if not rows:
            continue
        yield f"<h2>{title}</h2>" if how != "unsure" else f"<details><summary>{title}</summary>"
        for one in rows:
            yield "<div class=window><table>"
            for mention in (one.first, one.second):
                yield _claimed(mention, told.articles[mention.text_number])
            yield "</table></div>"
        if how == "unsure":
            yield "</details>"


def _claimed(mention: Mention, article: Article) -> str:
    day, outlet = date_of(article.date) or "", outlet_of(article)
    who = " ".join(filter(None, (outlet, day)))
    said = f"{escaped(mention.sentence)} <span class=soft>{escaped(who)}</span>"
    claim = f"<td class=claim dir=auto>{escaped(mention.claim.text)}"
    return f"<tr><td class=sign>{letter(mention.text_number)}{claim}<td dir=auto>{said}</tr>"


def _shared(told: Story) -> Iterator[str]:
    rows = [
        ("dates", ", ".join(told.dates)),
        ("figures", ", ".join(told.figures)),
        ("names", ", ".join(told.names)),
        *(("quotes", quote) for quote in told.quotes),
        *(("wording", passage) for passage in told.passages),
    ]
    if any(said for _, said in rows):
        yield "<h2>In both</h2><table>"
        yield from (f"<tr><td class=key>{name}<td dir=auto>{escaped(said)}</tr>" for name, said in rows if said)
        yield "</table>"


def _reworded(told: Story) -> Iterator[str]:
    several = [some for point in told.points if len(some := variants(point)) > 1]
    if several:
        yield "<section><h2>In other words</h2><table>"
        for (first, tellers), *others in several:
            for second, numbers in others:
                who = f"{', '.join(map(letter, tellers))} | {', '.join(map(letter, numbers))}"
                yield f"<tr class=part><td class=key>{who}<td class=said dir=auto>{_words(first, second)}</tr>"
        yield "</table></section>"


def _words(first: str, second: str) -> str:
    tags = {Change.GONE: "del", Change.NEW: "ins"}
    return "".join(
        f"<{tags[change]}>{escaped(text)}</{tags[change]}>" if change in tags else escaped(text)
        for change, text in word_changes(first, second)
    )


def _alone(said: list[str], number: int, article: Article) -> Iterator[str]:
    """What one telling says and no other: the sentence that says most, and the rest folded."""
    kind, sign = ("first", "-") if not number else ("other", "+")
    best = most_telling(said)
    rest = [sentence for sentence in said if sentence is not best]
    name = escaped(title_of(article))
    yield f"<section data-story='{values(article.id)}' data-name='{name}'><h2>Only {letter(number)} says</h2>"
    yield f"<table>{_row(best, kind, sign)}</table>"
    if rest:
        yield f"<details><summary>{len(rest)} more</summary><table>"
        yield from (_row(sentence, kind, sign) for sentence in rest)
        yield "</table></details>"
    yield "</section>"


def _row(text: str, kind: str, sign: str) -> str:
    return f"<tr class={kind}><td class=sign>{sign}<td class=said dir=auto>{escaped(text)}</tr>"
