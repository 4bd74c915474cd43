"""What is new, and the stories of an index, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.index.contents import IndexedStory, StoryMember
from cleaner.index.news import StoryNews, Told
from cleaner.model import Article, Shared
from cleaner.report import counted, in_common, title_of
from cleaner.report.console import HEAD, NOTE, PLAIN, Printer
from cleaner.text import shown

SHOWN = 50  # stories of either kind
_TELLINGS = 8  # new tellings of a story that are named
_OUTLETS = 8


def digest(out: Printer, told: Told) -> None:
    """New stories, by how many outlets tell them; stories that grew, by how much; what is counted alone."""
    out.line((f"{counted(len(told.articles), 'article')}: ", HEAD), (counts(told), PLAIN), indent=2)
    new = fresh(told)
    several = [one for one in new if len(one.tellings) + one.copies > 1]
    if several:
        _head(out, "New stories")
        for one in several[:SHOWN]:
            _story(out, one)
        _more(out, len(several) - SHOWN, "new story")
    if continued := grown(told):
        _head(out, "Stories that grew")
        for one in continued[:SHOWN]:
            _story(out, one)
        _more(out, len(continued) - SHOWN, "story that grew")
    for title, single in told_once(told):
        _head(out, title)
        for article in single[:SHOWN]:
            _telling(out, article)
        _more(out, len(single) - SHOWN, "article")


def counts(told: Told) -> str:
    """What the articles are, in numbers."""
    new, continued = fresh(told), grown(told)
    merged = sum(len(one.was) for one in told.stories)
    once = sum(len(single) for _, single in told_once(told))
    parts = [counted(len(new), "new story") + (f" ({once:,} told once so far)" if once else "")]
    parts.append(f"{counted(len(continued), 'story')} that grew")
    if copies := sum(one.news == "copy" for one in told.articles):
        parts.append(counted(copies, "near-verbatim copy"))
    if versions := sum(one.news == "version" for one in told.articles):
        parts.append(f"{counted(versions, 'new version')} of known articles")
    if merged:
        parts.append(f"{counted(merged, 'story')} that turned out to be another")
    return ", ".join(parts)


def fresh(told: Told) -> list[StoryNews]:
    """The stories of which the index had nothing: those first that most outlets tell, or else most tellings."""
    new = (one for one in told.stories if not one.before)
    return sorted(new, key=lambda one: (-len(one.outlets), -len(one.tellings), -one.copies))


def told_once(told: Told) -> list[tuple[str, list[Article]]]:
    """The articles that are all there is of a new story, the earliest first: those that report, and the others."""
    single = [one for one in fresh(told) if len(one.tellings) + one.copies == 1]
    single.sort(key=lambda one: one.headline.date or "~")
    both = (
        ("Told once so far", [one.headline for one in single if one.reports]),
        ("Told once so far: opinion, questions, guides", [one.headline for one in single if not one.reports]),
    )
    return [(title, articles) for title, articles in both if articles]


def grown(told: Told) -> list[StoryNews]:
    """The stories that the index had, of which there are new tellings or which were merged: those first that grew most."""
    continued = (one for one in told.stories if one.before and (one.tellings or one.was))
    return sorted(continued, key=lambda one: (-len(one.tellings), -one.copies))


def facts(one: StoryNews) -> list[str]:
    """What is new of a story, in lines: how much, who tells it, the names and numbers that it adds, or that the tellings of
    a new one share; what it was."""
    much = counted(len(one.tellings), "new telling" if one.before else "telling") if one.tellings else "no new telling"
    if one.copies:
        much += f" and {counted(one.copies, 'near-verbatim copy')}"
    if one.before:
        much += f" beside {counted(one.before, 'article')} before"
    outlets = ", ".join(one.outlets[:_OUTLETS])
    lines = [much, *([f"told by {outlets}{_rest(len(one.outlets) - _OUTLETS)}"] if outlets else [])]
    if labels := "; ".join(in_common(one.adds)):
        lines.append(f"new in it: {labels}" if one.before else f"share: {labels}")
    if one.was:
        lines.append(f"was also: {', '.join(shown(str(name)) for name in one.was)}")
    return lines


def stories(out: Printer, found: Sequence[IndexedStory]) -> None:
    """The stories of an index, a line or two each."""
    for one in found:
        days = one.first if one.first == one.last else f"{one.first} to {one.last}"
        grew = f", {one.grew:,} added later" if one.grew else ""
        outlets = f", {counted(one.outlets, 'outlet')}" if one.outlets else ""
        out.line((title_of(Article(text=one.headline)), HEAD), indent=2)
        out.row(
            ("  ", PLAIN),
            [(shown(str(one.story)), PLAIN), (f"  {days}, {counted(len(one.members), 'article')}{outlets}{grew}", NOTE)],
        )


def story(out: Printer, members: Sequence[StoryMember], shared: Shared) -> None:
    """One story: its articles, copies below what they are copies of, and what its tellings share."""
    out.line((title_of(members[0].article), HEAD), indent=2)
    for number, labels in enumerate(in_common(shared)):
        out.row(("  share: " if not number else "         ", NOTE), [(labels, PLAIN)])
    for one in members:
        if one.id != one.copy:
            continue
        _member(out, "  + ", one)
        for copy in members:
            if copy.copy == one.id and copy.id != one.id:
                _member(out, "      = ", copy)


def _story(out: Printer, one: StoryNews) -> None:
    out.blank()
    out.line((title_of(one.headline), HEAD), (f"  {shown(str(one.id))}", NOTE), indent=2)
    for line in facts(one):
        out.row(("  ", PLAIN), [(line if out.width is None else out.shortened(line, out.width - 2), NOTE)])
    for sentence, by in one.says:
        out.row(("  | ", NOTE), [(sentence, PLAIN), (f"  {shown(by.site or by.id)}", NOTE)])
    others = beside_the_first(one)
    for article in others[:_TELLINGS]:
        _telling(out, article)
    _more(out, len(others) - _TELLINGS, "telling")


def beside_the_first(one: StoryNews) -> list[Article]:
    """The new tellings of a story but for the one that its headline is of."""
    return [article for article in one.tellings if article.id != one.headline.id]


def _telling(out: Printer, article: Article) -> None:
    """An article in a line: its id is told where no outlet is, and in --json."""
    when = f"{article.date[:10]}  " if article.date else ""
    out.row(("  + ", PLAIN), [(when, NOTE), (title_of(article), PLAIN), (f"  {shown(article.site or article.id)}", NOTE)])


def _member(out: Printer, gutter: str, one: StoryMember) -> None:
    """An article of the index in a line or two: when it was told, its headline, by whom, and its id."""
    when = f"{one.article.date[:10]}  " if one.article.date else ""
    site = f"  {shown(one.article.site)}" if one.article.site else ""
    out.row((gutter, PLAIN), [(when, NOTE), (title_of(one.article), PLAIN), (f"{site}  {shown(str(one.id))}", NOTE)])


def _head(out: Printer, text: str) -> None:
    out.blank()
    out.line((text, HEAD))


def _more(out: Printer, count: int, noun: str) -> None:
    if count > 0:
        out.line((f"  ... and {count:,} more", NOTE))


def _rest(count: int) -> str:
    return f" and {count:,} more" if count > 0 else ""
