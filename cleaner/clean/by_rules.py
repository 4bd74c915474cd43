"""What the rules take of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cleaner import rules as rulebook
from cleaner import text as texts
from cleaner.clean.inside import take_inside
from cleaner.clean.kept import keep_certain
from cleaner.clean.page import SHORTEST_PROSE, JudgedLine, JudgedPage
from cleaner.clean.repeated import take_repeated
from cleaner.dates import date_of
from cleaner.language import SAMPLE, language_of
from cleaner.model import Block
from cleaner.rules import Rule

# An item of a box that a counter opens begins with a sentence of few words, and is short.
_LONGEST_LABEL = 8
_LONGEST_ITEM = 60
_ITEM = re.compile(r"[^.?!:]+[.?!:]")
_TELLING = 5  # letters of a word by which a subheading is known
_COUNT = re.compile(r"\d+")

# What stops a teaser's title: longer than any headline measured on the training pages of `window`.
_LONGEST_TITLE = 40  # words


def by_rules(page: JudgedPage, all_sure: bool = False) -> None:
    """Begin a round: let the rules that are sure, or all of them, take what they know; again and again, until nothing goes
    and the language of what is left is the one whose rules were asked: cleaning the result again must find nothing."""
    before = {id(line) for line in page.lines if line.removed_by}
    keep_certain(page, page.left)
    while True:
        left = page.left
        _take_opening(page, left)
        take_inside(page, left)
        take_repeated(page, [line for line in left if line.removed_by is None])
        _take_known(left, all_sure)
        rest = [line for line in left if not line.removed_by]
        # Nothing but the rules to judge them by; but on a page of a form every line may recur on its site.
        if all(line.suspected_by and not line.suspected_by.site and not line.stays for line in rest):
            for line in rest:
                line.removed_by = line.suspected_by
        if not any(line.removed_by for line in left) and not _settle_language(page):
            break
    page.in_round = [line for line in page.lines if id(line) not in before]


def _settle_language(page: JudgedPage) -> bool:
    """Whether what is left turned out to be in another language than the whole was taken for."""
    untouched = 0  # what stands before the first removal, and the white space that goes with it
    for line in page.lines:
        if line.removed_by or untouched >= SAMPLE:
            break
        untouched = line.block.end
    else:
        return False
    if page.told_lang or untouched >= SAMPLE:
        return False
    lang = language_of(page.text, page.stated_lang)
    if lang == page.lang:
        return False
    page.turn_to(lang)
    return True


def _take_opening(page: JudgedPage, left: list[JudgedLine]) -> None:
    """Take away what a scraper left before the first word, in as many lines as there are."""
    for i, line in enumerate(left):
        rest, rule = _opening(page, line.block)
        if rule is None:
            return
        line.removed_by = rule
        if rest is not None:  # the line goes in part
            left[i] = page.split(line, rest)
            return


def _opening(page: JudgedPage, block: Block) -> tuple[int | None, Rule | None]:
    """What a scraper left at the beginning of a line: where the line goes on (None where nothing of it is left), and the
    rule; None for the rule where there is nothing of the kind."""
    rest, rule = block.start, None
    starts = [(r, pattern) for r, pattern in page.ruleset.starts if r.applies(page.lang, page.site)]
    while rest < block.end:
        # A lone surrogate has no UTF-8: a question mark, of the same length, stands in for it.
        opening = page.source[rest : min(block.end, rest + rulebook.LONGEST_LINE)].encode(errors="replace").decode()
        matches = ((candidate, pattern.match(opening)) for candidate, pattern in starts)
        candidate, found = next(((c, match) for c, match in matches if match and match.end()), (None, None))
        if candidate is None or found is None:
            return rest, rule
        rule = rule or candidate
        page.date = page.date or date_of(found.groupdict().get("date"))
        rest += found.end()
        while rest < block.end and page.source[rest].isspace():
            rest += 1
    return None, rule


@dataclass(frozen=True, slots=True)
class _Prose:
    """Where the prose of an article begins and ends, by which a rule's place is told: from `first` to `last`."""

    first: int
    last: int

    def admits(self, rule: Rule, i: int) -> bool:
        """Whether a rule applies to the line `i`."""
        return rule.where == "any" or (i < self.first if rule.where == "head" else i > self.last)


def _take_known(lines: Sequence[JudgedLine], all_sure: bool) -> None:
    """Let every rule take its lines once: sections, teasers, single lines, and then what stands beside those."""
    known = [i for i, line in enumerate(lines) if line.matches]
    if not known:
        return
    full = [i for i, line in enumerate(lines) if line.prose and not line.matches]
    prose = _Prose(full[0], full[-1]) if full else _Prose(len(lines), -1)
    _take_sections(lines, known, prose)
    _take_comments(lines, known, prose)
    for i in known:
        more = lines[i].is_a("more")
        if more and prose.admits(more, i):
            for part in _teaser(lines, i):
                part.removed_by = part.removed_by or more
        if lines[i].removed_by is None:
            fit = [r for r in lines[i].matches if r.kind == "line" and not r.beside and prose.admits(r, i)]
            lines[i].suspected_by = next(iter(fit), None)
            lines[i].removed_by = next((r for r in fit if r.sure or all_sure), None)
    _take_beside(lines, known, prose)
    _take_headings(lines)
    for line in lines:
        if line.stays or (line.sure_to_belong and not line.matches):
            line.removed_by = None


def _take_sections(lines: Sequence[JudgedLine], known: Iterable[int], prose: _Prose) -> None:
    """Take the sections that headings open; a heading within a section opens none."""
    end = 0
    for i in known:
        heading = lines[i].is_a("section") or lines[i].is_a("cards") if i >= end else None
        if heading and prose.admits(heading, i):
            end = _section_end(lines, i) if heading.kind == "section" else _cards_end(lines, i)
            for line in lines[i:end]:
                line.removed_by = heading


def _take_comments(lines: Sequence[JudgedLine], known: Sequence[int], prose: _Prose) -> None:
    """Take readers' comments below the article, each from its head (who wrote it, and when) to the next line that a rule
    knows."""
    taken = 0
    for i in known:
        rule = lines[i].is_a("comment")
        if rule is None or i < taken or i <= prose.first:
            continue
        below = lines[i + 1].is_a("comment") if i + 1 < len(lines) else None
        if not rule.one and (below is None or below is rule):
            continue
        taken = i + (1 if rule.one else 2)
        while taken < len(lines) and not lines[taken].matches:
            taken += 1
        for line in lines[i:taken]:
            line.removed_by = line.removed_by or rule


def _cards_end(lines: Sequence[JudgedLine], counter: int) -> int:
    """Where the box ends of which a counter ("Card 1 of 4") says how many parts it has: a title, and items."""
    parts = int(_COUNT.findall(lines[counter].folded)[-1])
    end = counter + 1
    if end < len(lines) and not lines[end].prose and not lines[end].sentence:
        end += 1
    last = min(len(lines), counter + 1 + parts)
    while end < last and lines[end].words <= _LONGEST_ITEM and (label := _ITEM.match(lines[end].folded)):
        if label.group().count(" ") >= _LONGEST_LABEL:
            break
        end += 1
    return end


def _take_beside(lines: Sequence[JudgedLine], known: Sequence[int], prose: _Prose) -> None:
    """Take the lines that go only next to something else that goes: downwards, and then upwards."""
    for order in (known, known[::-1]):
        for i in order:
            gone = {by.id for j in (i - 1, i + 1) if 0 <= j < len(lines) and (by := lines[j].removed_by)}
            if gone and lines[i].removed_by is None:
                fit = (r for r in lines[i].matches if r.beside and prose.admits(r, i))
                lines[i].removed_by = next((r for r in fit if not r.next_to or gone & {r.next_to, r.id}), None)


def _take_headings(lines: Sequence[JudgedLine]) -> None:
    """Take the headings of boxes that are called what they are and of which the first line goes."""
    for heading, line in pairwise(lines):
        hints = heading.block.hints
        if heading.block.kind == "heading" and hints == line.block.hints and not _BOXES.isdisjoint(hints):
            heading.removed_by = heading.removed_by or line.removed_by or line.suspected_by


_BOXES = frozenset(["consent", "newsletter", "promo", "related", "share"])  # hints of blocks


def _teaser(lines: Sequence[JudgedLine], more: int) -> Sequence[JudgedLine]:
    """The lines of the teaser that a "Read more" line closes: that line, the clipped blurb above it, the title above
    the blurb. Without a clipped blurb the line stands alone."""
    first = more
    blurb = lines[more].words >= SHORTEST_PROSE  # the blurb and its "Read more" on one line
    if first and lines[first - 1].clipped:
        first -= 1
        blurb = True
    if blurb and first and _is_title(lines[first - 1]):
        first -= 1
    return lines[first : more + 1]


def _is_title(line: JudgedLine) -> bool:
    return line.words <= _LONGEST_TITLE and not line.is_a("more") and (not line.sentence or bool(line.matches))


def _section_end(lines: Sequence[JudgedLine], heading: int) -> int:
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
    opens = lines[heading].is_a("section")
    if opens and opens.one and i > heading + 2 and not lines[heading + 2].matches:
        i = heading + 2
    if i < len(lines) and i - 1 > heading and _is_subheading(lines[i - 1], lines[i]):
        i -= 1
    return i if i > heading + 1 or i == len(lines) else heading


def _is_subheading(line: JudgedLine, prose: JudgedLine) -> bool:
    """Whether a line just above prose is the subheading with which the article resumes: two or three words, or words that
    the prose repeats."""
    if line.matches or line.clipped:
        return False
    telling = [word for word in texts.words(line.folded) if len(word) >= _TELLING]
    said = set(texts.words(prose.folded)) if telling else ()
    return line.words <= 3 or 2 * sum(word in said for word in telling) > len(telling)
