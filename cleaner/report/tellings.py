"""How two articles, or the tellings of a story, differ, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaner import text as texts
from cleaner.dates import date_of
from cleaner.diff import Sentence, Stated, Story
from cleaner.diff.disagreements import Contested
from cleaner.diff.mentions import Mention
from cleaner.diff.points import most_telling
from cleaner.diff.wording import Change, word_changes
from cleaner.model import Article
from cleaner.report import HOW, counted, in_common, letter, link_of, outlet_of, reasons, title_of, variants
from cleaner.report.console import ALARM, GONE, HEAD, NEW, NOTE, PLAIN, Printer, Styled, right_to_left

_RELATIONS = {"copies": "near-verbatim copies", "one story": "one story", "two stories": "two different stories"}
_NAMES = 16  # names, or figures, that both articles have and that are shown
_COLUMNS = 26  # tellings that have a column each
_FOLDED = {"figure": 6, "name": 6, "date": 3, "quote": 3}  # claims of a kind that are shown
_PAIRS = 3  # disagreements, and as many points in other words
_BESIDE, _NEAR = 50, 14  # characters beside a claim that are shown, and before it where there is little room
_TITLE = 24  # columns that a headline needs beside an id


def tellings(out: Printer, story: Story, full: bool = True, unsure: bool = False) -> None:
    """Who tells it, who says what, where they disagree, what they put in other words, what each alone says.

    The beginning of each is shown, unless it is to be `full`. With `unsure` also what may be a disagreement, or not.
    """
    if len(story.articles) > 2:
        _heads(out, story)
        _claims(out, story, full)
    else:
        _pair(out, story)
    _contested(out, story, full, unsure)
    if len(story.articles) == 2:
        _shared(out, story)
        if story.kinships[0].same_copy:
            _copy(out, story.comparison(1).sentences)
            return
    _reworded(out, story, full)
    if full and len(story.articles) == 2 and _beside(out, story):
        _alone_beside(out, story)
        return
    for number in range(len(story.articles)):
        _alone(out, story, number, full)
    if len(story.articles) > 2:
        _against(out, story)


def _head(out: Printer, article: Article, number: int, more: Sequence[Styled] = ()) -> None:
    """An article by its date, outlet and headline, which leads to it, and after them its id."""
    style = GONE if not number else NEW
    day, outlet, name = date_of(article.date), outlet_of(article), texts.shown(article.id)
    before: list[Styled] = [(f"{day}  ", NOTE)] if day else []
    before += [(f"{outlet}  ", style)] if outlet else []
    gutter = (f"{letter(number)}  ", style)
    title, after = title_of(article), [(f"  {name}", NOTE), *more]
    if out.width is not None:
        room = out.width - sum(len(text) for text, _ in (gutter, *before, *after))
        if room < _TITLE and outlet:
            after, room = list(more), room + len(name) + 2
        title = out.shortened(title, max(_TITLE, room))
    out.row(gutter, [*before, (title, out.linked(style, link_of(article))), *after])


def span(articles: Sequence[Article]) -> str:
    """The days of some articles, from the first to the last."""
    days = sorted(filter(None, (date_of(article.date) for article in articles)))
    return "" if not days else days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"


def _heads(out: Printer, story: Story) -> None:
    out.line((story.headline or title_of(story.representative), HEAD), indent=2)
    outlets = len({outlet for article in story.articles if (outlet := outlet_of(article))})
    facts = [span(story.articles), counted(len(story.articles), "telling"), counted(outlets, "outlet") if outlets else ""]
    out.line((", ".join(filter(None, facts)), NOTE), indent=2)
    out.blank()
    for number, article in enumerate(story.articles):
        alike = story.kinships[number - 1] if number else None
        more = "" if alike is None else "  as A" if alike.same_copy else f"  {alike.similarity:.2f}"
        _head(out, article, number, [(more, NOTE)] if more else [])


def _pair(out: Printer, story: Story) -> None:
    out.line((story.headline or title_of(story.representative), HEAD), indent=2)
    for number, article in enumerate(story.articles):
        _head(out, article, number)
    compared = story.comparison(1)
    counts = Counter(sentence.kind for sentence in compared.sentences)
    likeness = f": story similarity {compared.similarity:.2f}, shingles {compared.jaccard:.2f}; "
    told = (
        f"{counted(counts['same'], 'sentence')} as in A, {counts['changed']} in other words, "
        f"{counts['first']} only in A, {counts['second']} only here"
    )
    out.row(("   ", PLAIN), [(_RELATIONS[compared.relation], HEAD), (likeness, PLAIN), (told, NOTE)])
    before = ""
    for word, reason in reasons(compared):
        out.row((f"   {word}: " if word != before else " " * len(f"   {word}: "), NOTE), [(reason, PLAIN)])
        before = word


_SIGNS = {"stated": "=", "differs": "!", "absent": "."}
_KINDS = {"figure": "figures", "name": "names", "date": "dates", "quote": "quotations"}


def _claims(out: Printer, story: Story, full: bool) -> None:
    """A row for each claim: a mark for each telling, and what is claimed."""
    if not story.stated:
        return
    out.blank()
    out.line(("Who says what", HEAD), ("  = says it, ! another figure, . does not say", NOTE), indent=2)
    several = len(story.articles) <= _COLUMNS
    columns = " ".join(letter(number) for number in range(len(story.articles))) if several else ""
    for kind, word in _KINDS.items():
        rows = [one for one in story.stated if one.kind == kind]
        shown = rows if full else rows[: _FOLDED[kind]]
        if shown:
            out.row((f"  {columns}  " if several else "  ", NOTE), [(word, NOTE), *_more(len(rows) - len(shown))])
        for one in shown:
            _claim(out, one, several, full)


def _more(count: int) -> list[Styled]:
    return [(f" (and {count:,} more)", NOTE)] if count > 0 else []


def _claim(out: Printer, one: Stated, several: bool, full: bool) -> None:
    marks = " ".join(_SIGNS[mark] for mark in one.marks)
    gutter = f"  {marks}  " if several else f"  {len(one.tellers):>4} of {len(one.marks)}  "
    said = f"“{one.text}”" if one.kind == "quote" else one.text
    said += f", {one.role}" if one.role else ""
    said += "".join(f"; {_letters(numbers)}: {other}" for other, numbers in one.others)
    said = texts.one_line(said, 1000)
    style = ALARM if one.others else PLAIN
    out.row(
        (gutter, style or NOTE),
        [(said if full or out.width is None else out.shortened(said, out.width - len(gutter)), style)],
    )


def _letters(numbers: Sequence[int]) -> str:
    few = ", ".join(map(letter, numbers[:8]))
    return few + (f" and {len(numbers) - 8} more" if len(numbers) > 8 else "")


def _contested(out: Printer, story: Story, full: bool, unsure: bool) -> None:
    for how, title in HOW.items():
        rows = [one for one in story.contested if one.how == how]
        if not full:
            rows = _each_once(rows)
        if not rows or (how == "unsure" and not unsure):
            continue
        out.blank()
        shown = rows if full else rows[:_PAIRS]
        out.line((title, ALARM if how == "disagreement" else HEAD), *_more(len(rows) - len(shown)))
        for one in shown:
            if how == "spelling":
                names = f"{one.first.claim.text} in {letter(one.first.text_number)}, {one.second.claim.text} in "
                out.row(("  ", PLAIN), [(names + letter(one.second.text_number), PLAIN)])
            else:
                _difference(out, one, story.articles, full)


def _each_once(rows: Sequence[Contested]) -> list[Contested]:
    """Of differences between the same two claims the first."""
    found: dict[frozenset[str], Contested] = {}
    for one in rows:
        ends = frozenset(claim.key.rsplit(" ", 1)[-1] for claim in (one.first.claim, one.second.claim))
        found.setdefault(ends, one)
    return list(found.values())


def _difference(out: Printer, one: Contested, articles: Sequence[Article], full: bool) -> None:
    sides = sorted((one.first, one.second), key=lambda side: date_of(articles[side.text_number].date) or "")
    ordered = sides if one.how == "development" else [one.first, one.second]
    style = ALARM if one.how == "disagreement" else HEAD
    for place, mention in enumerate(ordered):
        sign = "! " if not place and one.how == "disagreement" else "  "
        day = date_of(articles[mention.text_number].date)
        on = f" on {day}" if one.how == "development" and day else ""
        gutter = (f"{sign}{letter(mention.text_number)} ", style if not place else NEW)
        said = [
            (mention.claim.text, style if not place else f"bold {NEW}"),
            (on, NOTE),
            *_quoted(mention, _BESIDE if full else _NEAR),
        ]
        if not full and out.width is not None:
            said = _fitting(out, said, out.width - len(gutter[0]))
        out.row(gutter, said)


def _fitting(out: Printer, pieces: Sequence[Styled], room: int) -> list[Styled]:
    """As much of a line as there is room for."""
    found: list[Styled] = []
    for text, style in pieces:
        if room < 8:
            break
        short = text if len(text) <= room else " " * (len(text) - len(text.lstrip())) + out.shortened(text, room - 1)
        found.append((short, style))
        room -= len(short)
    return found


def _quoted(mention: Mention, before_it: int) -> list[Styled]:
    """What stands around a claim in its sentence."""
    sentence, place = mention.sentence, mention.claim.start
    start, end = max(0, place - before_it), place + len(mention.claim.text) + _BESIDE
    before = sentence[start:place] if not start else sentence[start:place].split(" ", 1)[-1]
    whole = sentence[place : place + len(mention.claim.text)]
    after = sentence[place + len(whole) : end]
    after = after if end >= len(sentence) else after.rsplit(" ", 1)[0]
    dots = ("... " if start else "", " ..." if end < len(sentence) else "")
    return [("  ", PLAIN), (dots[0] + before, NOTE), (whole, PLAIN), (after + dots[1], NOTE)]


def _shared(out: Printer, story: Story) -> None:
    rows = [("dates", story.dates), ("figures", story.figures), ("names", story.names)]
    copies = all(kinship.same_copy for kinship in story.kinships)
    wording = () if copies else (*(("quote", quote) for quote in story.quotes), *(("wording", p) for p in story.passages))
    if not wording and not any(told for _, told in rows):
        return
    out.blank()
    out.line(("In both", HEAD))
    for name, told in rows:
        if told:
            more = f" and {len(told) - _NAMES} more" if len(told) > _NAMES else ""
            out.row((f"= {name:<8} ", NOTE), [(", ".join(told[:_NAMES]) + more, PLAIN)])
    for name, said in wording:
        out.row((f"= {name:<8} ", NOTE), [(texts.one_line(said, 400), PLAIN)])


def _copy(out: Printer, sentences: Sequence[Sentence]) -> None:
    """Near-verbatim copies: in order, what is the same only counted."""
    out.blank()
    same = 0
    for sentence in (*sentences, None):
        if sentence and sentence.kind == "same":
            same += 1
            continue
        if same:
            out.row(("= ", NOTE), [(f"... {counted(same, 'sentence')} the same", NOTE)])
            same = 0
        if sentence and sentence.kind == "first":
            out.row(("- ", GONE), [(sentence.first or "", GONE)])
        elif sentence and sentence.kind == "second":
            out.row(("+ ", NEW), [(sentence.second or "", NEW)])
        elif sentence:
            _changed(out, sentence.first or "", sentence.second or "", "~ ")


def _changed(out: Printer, first: str, second: str, gutter: str) -> None:
    """Two wordings of a sentence."""
    words = word_changes(first, second)
    if out.wide and not right_to_left(first, second):
        half = ((out.width or 0) - len(gutter) - 2) // 2
        left = [_word(change, text) for change, text in words if change is not Change.NEW]
        right = [_word(change, text) for change, text in words if change is not Change.GONE]
        out.cells((gutter, HEAD), ([left], half), ([right], half))
    else:
        out.row((gutter, HEAD), [_word(change, text) for change, text in words])


def _word(change: Change, text: str) -> Styled:
    if change is Change.SAME or not text.strip():
        return text, PLAIN
    bare = text.strip()
    left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return (f"{left}[-{bare}-]{right}", GONE) if change is Change.GONE else (f"{left}{{+{bare}+}}{right}", NEW)


def _reworded(out: Printer, story: Story, full: bool) -> None:
    """What tellings put in other words: each wording once, against the first."""
    several = [(some[0], some[1:]) for point in story.points if len(some := variants(point)) > 1]
    if not several:
        return
    several.sort(key=lambda item: -sum(len(numbers) for _, numbers in (item[0], *item[1])))
    out.blank()
    pair = len(story.articles) == 2
    shown = several if full else several[:_PAIRS]
    title = "In other words: [-A-] and {+B+}" if pair else "In other words: [-the first-] and {+the other+}"
    out.line((title, HEAD), *_more(len(several) - len(shown)), indent=2)
    for (first, tellers), others in shown:
        for second, numbers in others if full else others[:1]:
            gutter = "~ " if pair else f"~ {_letters(tellers[:3])} | {_letters(numbers[:3])}  "
            if full:
                _changed(out, first, second, gutter)
            else:
                words = [_word(change, text) for change, text in word_changes(first, second)]
                room = 0 if out.width is None else out.width * 2 - len(gutter) * 2 - 4
                out.row((gutter, HEAD), _fitting(out, words, room) if room else words)


def _alone(out: Printer, story: Story, number: int, full: bool) -> None:
    """What one telling says and no other; folded, the sentence that says most."""
    said = story.only(number)
    if not said:
        return
    sign, style = ("- ", GONE) if not number else ("+ ", NEW)
    article = story.articles[number]
    out.blank()
    out.line(
        (f"Only {letter(number)} says", HEAD),
        (f"  {outlet_of(article) or texts.shown(article.id)}: {counted(len(said), 'sentence')}", NOTE),
        indent=2,
    )
    for sentence in said if full else [most_telling(said)]:
        out.row((sign, style), [(sentence, PLAIN)])
    if not full and len(said) > 1:
        out.line((f"  and {len(said) - 1} more (--full shows all)", NOTE))


def _against(out: Printer, story: Story) -> None:
    """What speaks for one story, and what against it."""
    shared = dict.fromkeys(said for kinship in story.kinships for said in in_common(kinship.shared)[:1])
    odd = [(number, said) for number, kinship in enumerate(story.kinships, 1) for said in kinship.apart]
    if not shared and not odd:
        return
    out.blank()
    out.line(("Why they are one story", HEAD))
    for said in list(shared)[:_PAIRS]:
        out.row(("  share: ", NOTE), [(said, PLAIN)])
    for number, (what, first, second) in odd:
        out.row(("  apart: ", NOTE), [(f"{what}: {first} in A; {second} in {letter(number)}", PLAIN)])


def _beside(out: Printer, story: Story) -> bool:
    said = [story.only(number) for number in (0, 1)]
    return out.wide and all(said) and not right_to_left(*said[0], *said[1])


def _alone_beside(out: Printer, story: Story) -> None:
    """What each of two says alone, side by side, each in its own order."""
    half = ((out.width or 0) - 2) // 2
    sides = [story.only(number) for number in (0, 1)]
    out.blank()
    columns = [
        [
            [(f"Only {letter(i)} says", HEAD), (f": {counted(len(said), 'sentence')}", NOTE)],
            *([(f"{sign} ", style), (sentence, PLAIN)] for sentence in said),
        ]
        for i, (said, sign, style) in enumerate(zip(sides, "-+", (GONE, NEW), strict=True))
    ]
    out.cells(("", PLAIN), *((column, half) for column in columns), indent=2)
