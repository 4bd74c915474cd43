"""The overview of groups, and the counts of a run, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from cleaner.model import Article, Group, Grouping, Member
from cleaner.report import counted, in_common, of_passage, title_of
from cleaner.report.console import HEAD, NOTE, PLAIN, Printer
from cleaner.text import shown

SHOWN_STORIES = 50
_SHARE = "  share: "


def overview(out: Printer, grouping: Grouping, articles: Mapping[str, Article]) -> None:
    """The stories by size, each with what its tellings share, and its copies folded under their representative; singles are
    counted, and those that share a passage are named."""
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
    members = {member.id: member for member in grouping.members}
    for group in several[:SHOWN_STORIES]:
        _story(out, group, members, copies, articles)
    if len(several) > SHOWN_STORIES:
        out.blank()
        out.line((f"... and {counted(len(several) - SHOWN_STORIES, 'more story')}", NOTE))
    _forms(out, grouping.members, articles)
    _passages(out, [members[group.id] for group in grouping.stories[len(several) :] if members[group.id].shares], articles)


def _story(
    out: Printer,
    group: Group,
    members: Mapping[str, Member],
    copies: Mapping[str, Group],
    articles: Mapping[str, Article],
) -> None:
    tellings = [i for i in group.members if members[i].copy == i]
    days = sorted(date for i in group.members if (date := articles[i].date))
    facts = [counted(len(group.members), "article"), counted(len(tellings), "independent telling")]
    if days:
        facts.append(days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}")
    out.blank()
    out.line((title_of(articles[group.id]), HEAD), indent=2)
    out.row(("  ", PLAIN), [(", ".join(facts), NOTE)])
    for number, labels in enumerate(in_common(group.shared)):
        gutter = _SHARE if not number else " " * len(_SHARE)
        out.row((gutter, NOTE), [(labels if out.width is None else out.shortened(labels, out.width - len(gutter)), PLAIN)])
    for head in tellings:
        _telling(out, "  * " if head == group.id else "  + ", articles[head])
        for copy in copies[head].members[1:]:
            out.row(("      = ", NOTE), [(shown(copy), NOTE)])
        _shares(out, members[head])


def _telling(out: Printer, sign: str, article: Article) -> None:
    when = f"{article.date}  " if article.date else ""
    site = f"  {article.site}" if article.site else ""
    out.row((sign, PLAIN), [(when, NOTE), (shown(article.id), PLAIN), (site, NOTE)])


def _shares(out: Printer, member: Member) -> None:
    for passage in member.shares:
        out.row(("      ~ ", NOTE), [(f"{of_passage(passage)} ", NOTE), (shown(passage.id), PLAIN)])


def _forms(out: Printer, members: Sequence[Member], articles: Mapping[str, Article]) -> None:
    """The forms that articles share, each by its representative."""
    sizes = Counter(member.form for member in members if member.form and member.copy == member.id)
    if sizes:
        out.blank()
        out.line(("Articles of one form, with other facts: neither copies nor one story", HEAD), indent=2)
    for form, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_STORIES]:
        out.row(("  # ", PLAIN), [(f"{counted(size, 'article')}: ", NOTE), (title_of(articles[form]), PLAIN)])
    if len(sizes) > SHOWN_STORIES:
        out.line((f"... and {counted(len(sizes) - SHOWN_STORIES, 'more form')}", NOTE))


def _passages(out: Printer, singles: Sequence[Member], articles: Mapping[str, Article]) -> None:
    """The single articles that share a passage with others."""
    if singles:
        out.blank()
        out.line(("Single articles with a passage of another", HEAD), indent=2)
    for member in singles[:SHOWN_STORIES]:
        _telling(out, "  * ", articles[member.id])
        _shares(out, member)
    if len(singles) > SHOWN_STORIES:
        out.line((f"... and {counted(len(singles) - SHOWN_STORIES, 'more article')}", NOTE))


def summary(out: Printer, counts: Mapping[str, int], rules: Mapping[str, int]) -> None:
    """What a run did: counts of inputs and groups, and the rules that removed most."""
    for name, count in counts.items():
        out.row((f"{count:>8,}  ", HEAD), [(name, PLAIN)])
    if rules:
        out.line(("removed by:", NOTE))
    for rule, count in list(rules.items())[:10]:
        out.row((f"{count:>8,}  ", PLAIN), [(rule, NOTE)])
