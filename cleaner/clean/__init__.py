"""Cleaning: find what to remove, settle overlaps, cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from cleaner import rules as rulebook
from cleaner import text as texts
from cleaner.extract import extract
from cleaner.language import family, language_of
from cleaner.model import Article, Block, CleanResult, Removal
from cleaner.rules import Rule, RuleSet

_TERMINAL = re.compile(r"[.!?。！？।؟:;\"')\]]$")
_CLIPPED = re.compile(r"(?:\.\.\.|\[\.\.\.\])$")  # folded: the one-character ellipsis is three dots there

# What stops a teaser's title: longer than any headline measured on the training pages of `window`.
_LONGEST_TITLE = 40  # words
_SHORTEST_PROSE = 12  # words


class _Line:
    """A block while it is being judged: its folded text, what it looks like, and the rule it goes by, if any."""

    __slots__ = ("block", "clipped", "folded", "gone", "matches", "prose", "sentence", "words")

    def __init__(self, block: Block, page: _Page) -> None:
        self.block = block
        raw = page.source[block.start : block.end]
        self.folded = texts.fold(raw) if len(raw) <= 4 * rulebook.LONGEST_LINE else raw
        unspaced = not raw.isascii() and len(texts.words(raw[:200])) > 2 * (self.folded[:200].count(" ") + 1)
        self.words = len(texts.words(raw)) // 2 if unspaced else self.folded.count(" ") + 1
        self.matches = page.matches(self.folded, block.kind)
        self.clipped = bool(_CLIPPED.search(self.folded[-5:]))
        self.prose = self.words >= _SHORTEST_PROSE and not self.clipped and bool(_TERMINAL.search(self.folded[-1:]))
        # A headline may end in a question or an exclamation mark, hardly ever in a full stop.
        self.sentence = self.words >= 4 and not self.clipped and self.folded.rstrip("\"')").endswith((".", "\u3002"))
        self.gone: Rule | None = None

    def is_a(self, kind: str) -> Rule | None:
        return next((rule for rule in self.matches if rule.kind == kind), None)


class _Page:
    """An article while it is being cleaned: which rules apply to it."""

    def __init__(self, article: Article, ruleset: RuleSet, lang: str | None) -> None:
        self.source = article.text
        self.ruleset = ruleset
        self.site = site_of(article)
        self.lang = family(lang) if lang else language_of(article.text)

    def matches(self, line: str, kind: str) -> list[Rule]:
        """The rules that match a folded line, or the kind of its block."""
        found = self.ruleset.of(line, self.lang, self.site)
        if kind in self.ruleset.by_block:
            found.insert(0, self.ruleset.by_block[kind])
        return found


def clean(article: str | Article, ruleset: RuleSet | None = None, lang: str | None = None) -> CleanResult:
    """Remove the boilerplate from one article.

    `article` is its text, or an Article: a page (its `html`) is extracted first, and `blocks` say what the markup knew.
    `lang` is its language (ISO 639-1), which is found out where it is not told. The result's `text` is the source minus
    the recorded removals, to the character; cleaning it again removes nothing.
    """
    article = extract(article_of(article))
    page = _Page(article, ruleset or rulebook.default(), lang)
    lines = [_Line(block, page) for block in article.blocks or texts.lines(page.source)]
    date = None
    while True:
        date = _judge(lines, page) or date
        removed = _spans(lines, page.source)
        text = _cut(page.source, removed)
        # What is left may be in another language than the whole; cleaning again would see that, so it is seen now.
        left = language_of(text) if lang is None and removed else page.lang
        if left == page.lang:
            return CleanResult(page.source, text, removed, date)
        page.lang = left
        for line in lines:
            line.matches = page.matches(line.folded, line.block.kind)


def article_of(value: str | Article, id: str = "") -> Article:
    """What the library's functions take, as an Article; `id` is its id where it has none. Raises TypeError."""
    if isinstance(value, str):
        return Article(text=value, id=id)
    if not isinstance(value, Article):
        raise TypeError(f"an article is a string or a cleaner.Article, not {type(value).__name__}")
    return value if value.id else replace(value, id=id)


def site_of(article: Article) -> str:
    """The site that an article is from: the host of its URL without "www.", else the folder of its file, else ""."""
    try:
        host = urlsplit(article.url).hostname if article.url else None
    except ValueError:  # a URL that is none
        host = None
    return host.removeprefix("www.") if host else article.folder


def clean_many(
    articles: Iterable[str | Article], ruleset: RuleSet | None = None, lang: str | None = None
) -> Iterator[CleanResult]:
    """Clean articles as `clean` does, one result an article, in order."""
    if isinstance(articles, str):
        raise TypeError("clean_many takes several articles; a string is one: clean takes that")
    ruleset = ruleset or rulebook.default()
    for article in articles:
        yield clean(article, ruleset, lang)


def _judge(lines: list[_Line], page: _Page) -> str | None:
    """Set `gone` on every line that goes; a line that goes in part is split in two. Returns the date found on the way.

    Repeats on what is left until nothing goes, so that cleaning twice changes nothing.
    """
    date = None
    left = [line for line in lines if line.gone is None]
    while left:
        before = len(left)
        date = _judge_start(lines, left, page) or date
        _pass(left)
        left = [line for line in left if line.gone is None]
        if len(left) == before:
            return date
    return date


def _judge_start(lines: list[_Line], left: list[_Line], page: _Page) -> str | None:
    """Take away what a scraper left before the first word, in as many lines as there are; the date in it."""
    date = None
    for i, line in enumerate(left):
        rest, found, rule = _start(line.block, page)
        date = date or found
        if rule is None:
            return date
        line.gone = rule
        if rest is not None:
            whole = line.block
            line.block = replace(whole, end=rest)
            left[i] = _Line(replace(whole, start=rest), page)
            lines.insert(lines.index(line) + 1, left[i])
            return date
    return date


def _start(block: Block, page: _Page) -> tuple[int | None, str | None, Rule | None]:
    """What a scraper left at the beginning of a line: where the line goes on (None where nothing of it is left), the date
    in it, and the rule; None for the rule where there is nothing of the kind."""
    rest, date, rule = block.start, None, None
    while rest < block.end:
        # A lone surrogate has no UTF-8: a question mark, of the same length, stands in for it.
        opening = page.source[rest : min(block.end, rest + rulebook.LONGEST_LINE)].encode(errors="replace").decode()
        matches = ((candidate, pattern.match(opening)) for candidate, pattern in page.ruleset.starts)
        candidate, found = next(((c, match) for c, match in matches if match and match.end()), (None, None))
        if candidate is None or found is None:
            return rest, date, rule
        rule = rule or candidate
        date = date or texts.date_of(found.groupdict().get("date"))
        rest += found.end()
        while rest < block.end and page.source[rest].isspace():
            rest += 1
    return None, date, rule


def _pass(lines: list[_Line]) -> None:
    """Let every rule take its lines once: sections, teasers, single lines, and then what stands beside those."""
    prose = [i for i, line in enumerate(lines) if line.prose and not line.matches]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)

    def here(rule: Rule, i: int) -> bool:
        return rule.where == "any" or (i < first if rule.where == "head" else i > last)

    i = 0
    while i < len(lines):
        heading = lines[i].is_a("section")
        if heading and here(heading, i):
            end = _section_end(lines, i)
            for line in lines[i:end]:
                line.gone = heading
            i = max(end, i + 1)
        else:
            i += 1
    for i, line in enumerate(lines):
        more = line.is_a("more")
        if more and here(more, i):
            for part in _teaser(lines, i):
                part.gone = part.gone or more
        if line.gone is None:
            line.gone = next((r for r in line.matches if r.kind == "line" and not r.beside and here(r, i)), None)
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        for i in order:
            if lines[i].gone is None and any(lines[j].gone for j in (i - 1, i + 1) if 0 <= j < len(lines)):
                lines[i].gone = next((r for r in lines[i].matches if r.beside and here(r, i)), None)


def _teaser(lines: Sequence[_Line], more: int) -> Sequence[_Line]:
    """The lines of the teaser that a "Read more" line closes: that line, the clipped blurb above it, the title above
    the blurb. Without a clipped blurb the line stands alone."""
    first = more
    blurb = lines[more].words >= _SHORTEST_PROSE  # the blurb and its "Read more" on one line
    if first and lines[first - 1].clipped:
        first -= 1
        blurb = True
    if blurb and first and _is_title(lines[first - 1]):
        first -= 1
    return lines[first : more + 1]


def _is_title(line: _Line) -> bool:
    return line.words <= _LONGEST_TITLE and not line.is_a("more") and (not line.sentence or bool(line.matches))


def _section_end(lines: Sequence[_Line], heading: int) -> int:
    """Where the section that a heading opens ends: the index of the line with which the article resumes.

    The section goes on over titles, clipped blurbs and lines that go by a rule of their own, and over whatever a
    "Read more" within three lines closes. A heading with nothing of the kind below it is no heading of a list, unless
    it is the last line: the result is then `heading`, and nothing goes.
    """
    i = heading + 1
    while i < len(lines):
        closing = next((j for j in range(i, min(i + 4, len(lines))) if lines[j].is_a("more")), None)
        if closing is not None:
            i = closing + 1
        elif (
            lines[i].clipped
            or lines[i].matches
            or not (lines[i].prose or lines[i].sentence or lines[i].words > _LONGEST_TITLE)
        ):
            i += 1
        elif i + 1 < len(lines) and lines[i].words <= _LONGEST_TITLE and lines[i + 1].clipped:
            i += 2
        else:
            break
    if i < len(lines) and i - 1 > heading and lines[i - 1].words <= 3 and not lines[i - 1].matches:
        i -= 1  # two or three words just above the prose: the subheading with which the article resumes
    return i if i > heading + 1 or i == len(lines) else heading


def _spans(lines: Sequence[_Line], source: str) -> tuple[Removal, ...]:
    """The removals of the lines that go, with the white space that each leaves behind.

    The lines of one section, or of one teaser, are one removal. Lines after the last one kept take the white space before
    them, all others the white space after them; a final line feed of the source stays.
    """
    tail = max((i for i, line in enumerate(lines) if line.gone is None), default=-1) + 1
    line_end = "\r\n" if source.endswith("\r\n") else "\n"
    end_of_text = len(source) - (len(line_end) if 0 < tail < len(lines) and source.endswith(line_end) else 0)
    removals: list[Removal] = []
    for i, line in enumerate(lines):
        if line.gone is None:
            continue
        start = 0 if i == 0 else lines[i - 1].block.end if i == tail else line.block.start
        end = lines[i + 1].block.start if i + 1 < len(lines) else end_of_text
        rule = line.gone
        last = removals[-1] if removals else None
        opens = rule.kind in ("line", "start") or line.is_a("section") or (rule.kind == "more" and lines[i - 1].is_a("more"))
        if last and last.end == start and last.rule == rule.id and not opens:
            removals[-1] = replace(last, end=end)
        else:
            removals.append(Removal(start, end, rule.id, rule.why))
    return tuple(removals)


def _cut(source: str, removed: Sequence[Removal]) -> str:
    kept, at = [], 0
    for removal in removed:
        kept.append(source[at : removal.start])
        at = removal.end
    kept.append(source[at:])
    return "".join(kept)
