"""The overview of groups, and the counts of a run, for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cleaner.model import Article, Group, Grouping
from cleaner.report import counted, title_of
from cleaner.report.console import HEAD, NOTE, PLAIN, Sheet
from cleaner.text import shown

SHOWN_STORIES = 50


def overview(
    out: Sheet,
    grouping: Grouping,
    articles: Mapping[str, Article],
    shared: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """The stories by size, each with its copies folded under their representative; singles are counted.

    `shared` says of a story, by its id, what its tellings have in common, in words.
    """
    several = [group for group in grouping.stories if len(group.members) > 1]
    copies = {group.id: group for group in grouping.copies}
    copied = sum(len(group.members) - 1 for group in grouping.copies)
    singles = len(grouping.stories) - len(several)
    out.line(
        (f"{counted(len(grouping.members), 'article')}: ", HEAD),
        (
            f"{counted(len(several), 'story')} told more than once, {counted(copied, 'near-verbatim copy')}, "
            f"{counted(singles, 'single article')}",
            PLAIN,
        ),
        indent=2,
    )
    heads = {member.id: member.copy for member in grouping.members}
    for group in several[:SHOWN_STORIES]:
        _story(out, group, heads, copies, articles, (shared or {}).get(group.id, ()))
    if len(several) > SHOWN_STORIES:
        out.blank()
        out.line((f"... and {counted(len(several) - SHOWN_STORIES, 'more story')}", NOTE))


def _story(
    out: Sheet,
    group: Group,
    heads: Mapping[str, str],
    copies: Mapping[str, Group],
    articles: Mapping[str, Article],
    shared: Sequence[str],
) -> None:
    tellings = [i for i in group.members if heads[i] == i]
    days = sorted(date for i in group.members if (date := articles[i].date))
    facts = [counted(len(group.members), "article"), counted(len(tellings), "independent telling")]
    if days:
        facts.append(days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}")
    out.blank()
    out.line((title_of(articles[group.id]), HEAD), indent=2)
    out.row(("  ", PLAIN), [(", ".join(facts), NOTE)])
    if shared:
        out.row(("  share: ", NOTE), [(", ".join(shared), PLAIN)])
    for head in tellings:
        when = f"{articles[head].date}  " if articles[head].date else ""
        site = f"  {articles[head].site}" if articles[head].site else ""
        sign = "  * " if head == group.id else "  + "
        out.row((sign, PLAIN), [(when, NOTE), (shown(head), PLAIN), (site, NOTE)])
        for copy in copies[head].members[1:]:
            out.row(("      = ", NOTE), [(shown(copy), NOTE)])


def summary(out: Sheet, counts: Mapping[str, int], rules: Mapping[str, int]) -> None:
    """What a batch did: counts of inputs and groups, and the rules that removed most."""
    for name, count in counts.items():
        out.row((f"{count:>8,}  ", HEAD), [(name, PLAIN)])
    if rules:
        out.line(("removed by:", NOTE))
    for rule, count in list(rules.items())[:10]:
        out.row((f"{count:>8,}  ", PLAIN), [(rule, NOTE)])
