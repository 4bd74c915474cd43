"""How two articles, or the tellings of a story, differ, as a page."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner import text as texts
from cleaner.dates import date_of
from cleaner.diff import Comparison, Sentence, Story, Telling
from cleaner.diff.wording import Change
from cleaner.report import letter, reasons, title_of
from cleaner.report.page import FILTERS, escaped, foot, head, values

_RELATIONS = {"copies": "a near-verbatim copy of A", "one story": "A's story", "two stories": "another story"}


def story(told: Story) -> Iterator[str]:
    """A page of how the tellings of a story differ."""
    title = title_of(told.representative)
    yield head(title)
    yield f"<h1 dir=auto>{escaped(title)}</h1>"
    yield FILTERS
    yield from _tellings(told)
    yield foot()


def _tellings(told: Story) -> Iterator[str]:
    yield "<table class=facts>"
    for number, article in enumerate(told.articles):
        facts = escaped(date_of(article.date) or "") + (_likeness(told.tellings[number - 1].comparison) if number else "")
        yield f"<tr><td><b>{letter(number)}</b><td>{escaped(texts.shown(article.id))}<td class=soft>{facts}</tr>"
    yield "</table>"
    yield from _disagreements(told)
    yield from _shared(told)
    for number, telling in enumerate(told.tellings, 1):
        yield from _reworded(telling, letter(number))
    for number, article in enumerate(told.articles):
        if said := told.only(number):
            kind, sign = ("first", "-") if not number else ("other", "+")
            yield f"<section data-story='{values(article.id)}'><h2>Only {letter(number)} says</h2><table>"
            yield from (
                f"<tr class={kind}><td class=sign>{sign}<td class=said dir=auto>{escaped(text)}</tr>" for text in said
            )
            yield "</table></section>"


def _likeness(compared: Comparison) -> str:
    """What an article is to A, and on lines below it why."""
    numbers = f"story similarity {compared.similarity:.2f}, shingles {compared.jaccard:.2f}"
    return f" {_RELATIONS[compared.relation]}; {numbers}" + "".join(
        f"<div dir=auto>{escaped(f'{word}: {reason}')}</div>" for word, reason in reasons(compared)
    )


def _disagreements(told: Story) -> Iterator[str]:
    rows = [(letter(i), odd) for i, telling in enumerate(told.tellings, 1) for odd in telling.comparison.disagreements]
    if rows:
        yield "<h2>Where they seem to disagree</h2>"
    for name, odd in rows:
        yield "<div class=window><table>"
        for who, claim, sentence in (("A", odd.first, odd.first_sentence), (name, odd.second, odd.second_sentence)):
            yield f"<tr><td class=sign>{who}<td class=claim dir=auto>{escaped(claim)}<td dir=auto>{escaped(sentence)}</tr>"
        yield "</table></div>"


def _shared(told: Story) -> Iterator[str]:
    rows = [
        ("dates", ", ".join(told.dates)),
        ("figures", ", ".join(told.figures)),
        ("names", ", ".join(told.names)),
        *(("quotes", quote) for quote in told.quotes),
        *(("wording", passage) for passage in told.passages),
    ]
    if any(said for _, said in rows):
        yield f"<h2>In {'every telling' if len(told.articles) > 2 else 'both'}</h2><table>"
        yield from (f"<tr><td class=key>{name}<td dir=auto>{escaped(said)}</tr>" for name, said in rows if said)
        yield "</table>"


def _reworded(telling: Telling, name: str) -> Iterator[str]:
    changed = [sentence for sentence in telling.comparison.sentences if sentence.kind == "changed"]
    if changed:
        yield f"<section data-story='{values(telling.article.id)}'><h2>In other words: A and {name}</h2><table>"
        yield from (
            f"<tr class=part><td class=sign>~<td class=said dir=auto>{_words(sentence)}</tr>" for sentence in changed
        )
        yield "</table></section>"


def _words(sentence: Sentence) -> str:
    tags = {Change.GONE: "del", Change.NEW: "ins"}
    return "".join(
        f"<{tags[change]}>{escaped(text)}</{tags[change]}>" if change in tags else escaped(text)
        for change, text in sentence.words
    )
