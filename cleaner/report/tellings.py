"""How two articles, or the tellings of a story, differ, for a terminal."""

from __future__ import annotations

from collections import Counter

from cleaner import text as texts
from cleaner.dates import date_of
from cleaner.diff import Comparison, Sentence, Story, Telling
from cleaner.diff.wording import Change
from cleaner.report import counted, letter, reasons, title_of
from cleaner.report.console import ALARM, GONE, HEAD, NEW, NOTE, PLAIN, Printer, Styled, right_to_left

_RELATIONS = {"copies": "near-verbatim copies", "one story": "one story", "two stories": "two different stories"}
_NAMES = 16  # names, or figures, that every telling has and that are shown


def tellings(out: Printer, story: Story) -> None:
    """Disagreements first, then what every telling has, then how each tells it and what it alone says."""
    _heads(out, story)
    _disagreements(out, story)
    _shared(out, story)
    if len(story.tellings) == 1 and story.tellings[0].comparison.same_copy:
        _copy(out, story.tellings[0].comparison)
        return
    for number, telling in enumerate(story.tellings, 1):
        _reworded(out, number, telling)
    if len(story.tellings) == 1 and _beside(out, story):
        _alone_beside(out, story)
        return
    for number in range(len(story.articles)):
        _alone(out, story, number)


def _heads(out: Printer, story: Story) -> None:
    out.line((title_of(story.representative), HEAD), indent=2)
    for number, article in enumerate(story.articles):
        style = GONE if not number else NEW
        day = date_of(article.date)
        when = f"  {day}" if day else ""
        out.row((f"{letter(number)}  ", style), [(texts.shown(article.id), style), (when, NOTE)])
        if number:
            compared = story.tellings[number - 1].comparison
            counts = Counter(sentence.kind for sentence in compared.sentences)
            out.row(
                ("   ", PLAIN),
                [
                    (_RELATIONS[compared.relation], HEAD),
                    (f": story similarity {compared.similarity:.2f}, shingles {compared.jaccard:.2f}; ", PLAIN),
                    (
                        f"{counted(counts['same'], 'sentence')} as in A, {counts['changed']} in other words, "
                        f"{counts['first']} only in A, {counts['second']} only here",
                        NOTE,
                    ),
                ],
            )
            _reasons(out, compared)


def _reasons(out: Printer, compared: Comparison) -> None:
    """Why two articles are one story or are not."""
    before = ""
    for word, reason in reasons(compared):
        out.row((f"   {word}: " if word != before else " " * len(f"   {word}: "), NOTE), [(reason, PLAIN)])
        before = word


def _disagreements(out: Printer, story: Story) -> None:
    if not any(telling.comparison.disagreements for telling in story.tellings):
        return
    out.blank()
    out.line(("Where they seem to disagree", ALARM))
    for number, telling in enumerate(story.tellings, 1):
        for odd in telling.comparison.disagreements:
            first = _quoted(odd.first_sentence, odd.first)
            second = _quoted(odd.second_sentence, odd.second)
            out.row(("! A ", ALARM), [(odd.first, ALARM), *first])
            out.row((f"  {letter(number)} ", NEW), [(odd.second, f"bold {NEW}"), *second])


def _quoted(sentence: str, claim: str) -> list[Styled]:
    """What stands around a claim in its sentence."""
    place = max(0, sentence.find(claim))
    start, end = max(0, place - 50), place + len(claim) + 50
    before = sentence[start:place] if not start else sentence[start:place].split(" ", 1)[-1]
    after = sentence[place + len(claim) : end]
    after = after if end >= len(sentence) else after.rsplit(" ", 1)[0]
    dots = ("... " if start else "", " ..." if end < len(sentence) else "")
    return [("  ", PLAIN), (dots[0] + before, NOTE), (sentence[place : place + len(claim)], PLAIN), (after + dots[1], NOTE)]


def _shared(out: Printer, story: Story) -> None:
    rows = [
        ("dates", story.dates),
        ("figures", story.figures),
        ("names", story.names),
    ]
    copies = all(telling.comparison.same_copy for telling in story.tellings)
    wording = () if copies else (*(("quote", quote) for quote in story.quotes), *(("wording", p) for p in story.passages))
    if not wording and not any(told for _, told in rows):
        return
    out.blank()
    out.line(("In every telling" if len(story.articles) > 2 else "In both", HEAD))
    for name, told in rows:
        if told:
            more = f" and {len(told) - _NAMES} more" if len(told) > _NAMES else ""
            out.row((f"= {name:<8} ", NOTE), [(", ".join(told[:_NAMES]) + more, PLAIN)])
    for name, said in wording:
        out.row((f"= {name:<8} ", NOTE), [(texts.one_line(said, 400), PLAIN)])


def _copy(out: Printer, compared: Comparison) -> None:
    """Near-verbatim copies: in order, what is the same only counted."""
    out.blank()
    same = 0
    for sentence in (*compared.sentences, None):
        if sentence and sentence.kind == "same":
            same += 1
            continue
        if same:
            out.row(("= ", NOTE), [(f"... {counted(same, 'sentence')} the same", NOTE)])
            same = 0
        if sentence:
            _sentence(out, sentence)


def _sentence(out: Printer, sentence: Sentence) -> None:
    if sentence.kind == "first":
        out.row(("- ", GONE), [(sentence.first or "", GONE)])
    elif sentence.kind == "second":
        out.row(("+ ", NEW), [(sentence.second or "", NEW)])
    elif out.wide and not right_to_left(sentence.first or "", sentence.second or ""):
        half = ((out.width or 0) - 4) // 2
        left = [_word(change, text) for change, text in sentence.words if change is not Change.NEW]
        right = [_word(change, text) for change, text in sentence.words if change is not Change.GONE]
        out.cells(("~ ", HEAD), ([left], half), ([right], half))
    else:
        out.row(("~ ", HEAD), [_word(change, text) for change, text in sentence.words])


def _word(change: Change, text: str) -> Styled:
    if change is Change.SAME or not text.strip():
        return text, PLAIN
    bare = text.strip()
    left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return (f"{left}[-{bare}-]{right}", GONE) if change is Change.GONE else (f"{left}{{+{bare}+}}{right}", NEW)


def _reworded(out: Printer, number: int, telling: Telling) -> None:
    changed = [sentence for sentence in telling.comparison.sentences if sentence.kind == "changed"]
    if not changed:
        return
    out.blank()
    out.line((f"In other words: [-A-] and {{+{letter(number)}+}}", HEAD))
    for sentence in changed:
        _sentence(out, sentence)


def _alone(out: Printer, story: Story, number: int) -> None:
    """What one telling says and no other."""
    said = story.only(number)
    if not said:
        return
    sign, style = ("- ", GONE) if not number else ("+ ", NEW)
    out.blank()
    out.line(
        (f"Only {letter(number)} says", HEAD),
        (f"  {texts.shown(story.articles[number].id)}: {counted(len(said), 'sentence')}", NOTE),
        indent=2,
    )
    for sentence in said:
        out.row((sign, style), [(sentence, PLAIN)])


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
