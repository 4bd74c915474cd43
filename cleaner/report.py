"""Reports on a terminal or in a pipe (the only importer of rich). Every text of an article passes `visible`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from cleaner import text as texts
from cleaner.diff import Comparison, Sentence, Telling
from cleaner.model import Article, CleanResult, Group, Grouping, Removal

FOLD_AT = 6  # lines of a removal that are shown; more are folded and counted
SHOWN_STORIES = 50

# Signs carry the meaning; colours only repeat it. Blue and orange stay apart for every kind of colour blindness.
_GONE, _NEW, _SAME, _NOTE, _HEAD = "dark_orange3", "dodger_blue2", "dim", "italic", "bold"


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the command line end as it does for any output; rich would exit with 1."""
        raise BrokenPipeError


def console(color: bool, terminal: bool) -> Console:
    """A console on standard output that adds nothing of its own: no markup, emoji codes or highlighting."""
    return _Console(
        file=sys.stdout,
        color_system="256" if color else None,
        force_terminal=color,
        no_color=not color,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=not terminal,
        legacy_windows=False,
    )


def _line(*pieces: tuple[str, str]) -> Text:
    line = Text()
    for text, style in pieces:
        line.append(texts.visible(text).replace("\n", " "), style)
    return line


def _count(number: int, noun: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


def removals(out: Console, name: str, result: CleanResult) -> None:
    """What cleaning removed from one article, and why."""
    if not result.removed:
        out.print(_line((texts.shown(name), _HEAD), (": nothing to remove", "")))
        return
    gone = sum(r.end - r.start for r in result.removed)
    share = gone / max(1, len(result.source))
    out.print(
        _line(
            (texts.shown(name), _HEAD),
            (f": {_count(len(result.removed), 'removal')}, {gone:,} of {len(result.source):,} characters ({share:.0%})", ""),
        )
    )
    if share > 0.4:
        out.print(_line(("  more than 40 % is gone: look at it", _NOTE)))
    for removal in result.removed:
        _removal(out, result.source, removal)
    by_rule = Counter(r.rule for r in result.removed)
    out.print()
    out.print(_line(("  " + ", ".join(f"{n} {rule}" for rule, n in by_rule.most_common()), _SAME)))


def _removal(out: Console, source: str, removal: Removal) -> None:
    gone = source[removal.start : removal.end]
    shown = [line.strip() for line in gone.split("\n") if line.strip()]
    lead = len(gone) - len(gone.lstrip())
    first = source.count("\n", 0, removal.start + lead) + 1
    last = first + gone.strip().count("\n")
    place = f"line {first}" if first == last else f"lines {first}-{last}"
    out.print()
    out.print(_line((f"  {place}  ", _SAME), (removal.why, _NOTE), (f"  [{removal.rule}]", _SAME)))
    for line in shown[:FOLD_AT]:
        out.print(_line(("  - " + line, _GONE)))
    if len(shown) > FOLD_AT:
        out.print(_line((f"    ... {_count(len(shown) - FOLD_AT, 'more line')}", _SAME)))


def comparison(out: Console, first: str, second: str, compared: Comparison) -> None:
    """How two articles differ: what they share, what each alone says, and the words that differ."""
    verdict = (
        "near-verbatim copies" if compared.same_copy else "one story" if compared.same_story else "two different stories"
    )
    out.print(_line((f"- {texts.shown(first)}", _GONE)))
    out.print(_line((f"+ {texts.shown(second)}", _NEW)))
    out.print(
        _line((verdict, _HEAD), (f": story similarity {compared.similarity:.2f}, shingles {compared.jaccard:.2f}", ""))
    )
    if compared.passages and not compared.same_copy:
        out.print()
        out.print(_line(("Word for word in both:", _HEAD)))
        for passage in compared.passages:
            out.print(_line(("= " + texts.one_line(passage, 400), "")))
        out.print()
    _sentences(out, compared.sentences)


def _sentences(out: Console, sentences: Sequence[Sentence]) -> None:
    counts = Counter(sentence.kind for sentence in sentences)
    out.print(
        _line(
            (
                f"{_count(counts['same'], 'sentence')} the same, {counts['changed']} in other words, "
                f"{counts['first']} only in -, {counts['second']} only in +",
                _SAME,
            )
        )
    )
    out.print()
    for sentence in sentences:
        if sentence.kind == "same":
            out.print(_line(("= " + texts.one_line(sentence.first or ""), _SAME)))
        elif sentence.kind == "first":
            out.print(_line(("- " + (sentence.first or ""), _GONE)))
        elif sentence.kind == "second":
            out.print(_line(("+ " + (sentence.second or ""), _NEW)))
        else:
            out.print(_line(("~ ", _HEAD), *(_word(kind, text) for kind, text in sentence.words)))


def _word(kind: str, text: str) -> tuple[str, str]:
    if kind == "=" or not text.strip():
        return text, ""
    bare = text.strip()
    left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return (f"{left}[-{bare}-]{right}", _GONE) if kind == "-" else (f"{left}{{+{bare}+}}{right}", _NEW)


def story(out: Console, head: Article, tellings: Sequence[Telling]) -> None:
    """The tellings of a story, each against its representative."""
    out.print(_line((title_of(head), _HEAD)))
    out.print(_line((f"{_count(len(tellings) + 1, 'telling')}, compared with {head.id}", _SAME)))
    shared = _shared_by_all(tellings)
    if shared:
        out.print()
        out.print(_line(("What every telling has:", _HEAD)))
        for sentence in shared:
            out.print(_line(("= " + sentence, _SAME)))
    for telling in tellings:
        out.print()
        comparison(out, head.id, telling.article.id, telling.comparison)


def _shared_by_all(tellings: Sequence[Telling]) -> list[str]:
    sides = [{s.first for s in telling.comparison.sentences if s.kind in ("same", "changed")} for telling in tellings]
    if not sides:
        return []
    order = [s.first for s in tellings[0].comparison.sentences if s.first]
    return [sentence for sentence in order if all(sentence in side for side in sides)]


def title_of(article: Article) -> str:
    """A headline for an article: its title, else its first words."""
    first = next(iter(texts.lines(article.text)), None)
    return texts.one_line(article.title or (article.text[first.start : first.end] if first else ""), 90) or "(empty)"


def overview(out: Console, grouping: Grouping, articles: Mapping[str, Article]) -> None:
    """The stories by size, each with its copies folded under their representative; singles are counted."""
    several = [group for group in grouping.stories if len(group.members) > 1]
    copies = {group.id: group for group in grouping.copies}
    copied = sum(len(group.members) - 1 for group in grouping.copies)
    singles = len(grouping.stories) - len(several)
    out.print(
        _line(
            (f"{_count(len(grouping.members), 'article')}: ", _HEAD),
            (
                f"{_count(len(several), 'story')} told more than once, {_count(copied, 'near-verbatim copy')}, "
                f"{_count(singles, 'single article')}",
                "",
            ),
        )
    )
    heads = {member.id: member.copy for member in grouping.members}
    for group in several[:SHOWN_STORIES]:
        _story_overview(out, group, heads, copies, articles)
    if len(several) > SHOWN_STORIES:
        out.print()
        out.print(_line((f"... and {_count(len(several) - SHOWN_STORIES, 'more story')}", _SAME)))


def _story_overview(
    out: Console, group: Group, heads: Mapping[str, str], copies: Mapping[str, Group], articles: Mapping[str, Article]
) -> None:
    out.print()
    tellings = [i for i in group.members if heads[i] == i]
    out.print(_line((title_of(articles[group.id]), _HEAD)))
    out.print(_line((f"  {_count(len(group.members), 'article')}, {_count(len(tellings), 'independent telling')}", _SAME)))
    for head in tellings:
        when = f"{articles[head].date}  " if articles[head].date else ""
        out.print(_line(("  * " if head == group.id else "  + ", ""), (when, _SAME), (texts.shown(head), "")))
        for copy in copies[head].members[1:]:
            out.print(_line(("      = ", _SAME), (texts.shown(copy), _SAME)))


def summary(out: Console, counts: Mapping[str, int], rules: Mapping[str, int]) -> None:
    """What a batch did: counts of inputs and groups, and the rules that removed most."""
    for name, count in counts.items():
        out.print(_line((f"{count:>8,}  ", _HEAD), (name, "")))
    if rules:
        out.print(_line(("removed by:", _SAME)))
    for rule, count in list(rules.items())[:10]:
        out.print(_line((f"{count:>8,}  ", ""), (rule, _SAME)))
