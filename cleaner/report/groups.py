"""The overview of groups, and the counts of a run, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from cleaner.model import Article, Group, Grouping, Member
from cleaner.report import counted, in_common, link_of, of_passage, outlet_of, short_name, singular, title_of, told_often
from cleaner.report.console import HEAD, NOTE, PLAIN, Printer
from cleaner.text import shown

SHOWN_STORIES = 50
_SHARE = "  share: "
_TITLE = 24  # columns that a headline needs beside an id


def overview(
    out: Printer, grouping: Grouping, articles: Mapping[str, Article], headlines: Mapping[str, str] | None = None
) -> None:
    """The stories by size, each with what its tellings share, and its copies folded under their representative; singles are
    counted, and those that share a passage are named."""
    members = {member.id: member for member in grouping.members}
    several = [group for group in grouping.stories if len(group.members) > 1]
    copies = {group.id: group for group in grouping.copies}
    copied = sum(len(group.members) - 1 for group in grouping.copies)
    singles = sum(len(group.members) == 1 for group in grouping.stories)
    out.line(
        (f"{counted(len(grouping.members), 'article')}: ", HEAD),
        (
            f"{counted(told_often(grouping), 'story')} told more than once, {counted(copied, 'near-verbatim copy')}, "
            f"{counted(singles, 'single article')}",
            PLAIN,
        ),
        indent=2,
    )
    for group in several[:SHOWN_STORIES]:
        _story(out, group, members, copies, articles, (headlines or {}).get(group.id, ""))
    if len(several) > SHOWN_STORIES:
        out.blank()
        out.line((f"... and {counted(len(several) - SHOWN_STORIES, 'more story')}", NOTE))
    _forms(out, grouping.members, articles)
    _passages(
        out,
        [members[group.id] for group in grouping.stories if len(group.members) == 1 and members[group.id].shares],
        articles,
    )


def _story(
    out: Printer,
    group: Group,
    members: Mapping[str, Member],
    copies: Mapping[str, Group],
    articles: Mapping[str, Article],
    headline: str,
) -> None:
    tellings = [i for i in group.members if members[i].copy == i]
    days = sorted(date for i in group.members if (date := articles[i].date))
    facts = [counted(len(group.members), "article"), counted(len(tellings), "independent telling")]
    outlets = {outlet for i in group.members if (outlet := outlet_of(articles[i]))}
    if outlets:
        facts.append(counted(len(outlets), "outlet"))
    if days:
        facts.append(days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}")
    out.blank()
    out.line((headline or title_of(articles[group.id]), HEAD), indent=2)
    out.row(("  ", PLAIN), [(", ".join(facts), NOTE)])
    for number, labels in enumerate(in_common(group.shared)):
        gutter = _SHARE if not number else " " * len(_SHARE)
        out.row((gutter, NOTE), [(labels if out.width is None else out.shortened(labels, out.width - len(gutter)), PLAIN)])
    for head in tellings:
        _telling(out, "  * " if head == group.id else "  + ", articles[head])
        for copy in copies[head].members[1:]:
            _telling(out, "      = ", articles[copy])
        _shares(out, members[head], articles)


def _telling(out: Printer, sign: str, article: Article) -> None:
    """An article by its date, outlet and headline, which leads to it, and after them its id."""
    when = f"{article.date}  " if article.date else ""
    outlet, name, title = outlet_of(article), shown(article.id), title_of(article)
    site = f"{outlet}  " if outlet else ""
    after = f"  {name}"
    if out.width is not None:
        room = out.width - len(sign) - len(when) - len(site)
        after = after if room - len(after) >= _TITLE else ""
        title = out.shortened(title, max(_TITLE, room - len(after)))
    out.row((sign, PLAIN), [(when, NOTE), (site, NOTE), (title, out.linked(PLAIN, link_of(article))), (after, NOTE)])


def _shares(out: Printer, member: Member, articles: Mapping[str, Article]) -> None:
    for passage in member.shares:
        out.row(
            ("      ~ ", NOTE),
            [(f"{of_passage(passage)} ", NOTE), (short_name(articles.get(passage.id, Article()), passage.id), PLAIN)],
        )


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
        _shares(out, member, articles)
    if len(singles) > SHOWN_STORIES:
        out.line((f"... and {counted(len(singles) - SHOWN_STORIES, 'more article')}", NOTE))


def summary(out: Printer, counts: Mapping[str, int], rules: Mapping[str, int]) -> None:
    """What a run did: counts of inputs and groups, and the rules that removed most."""
    for name, count in counts.items():
        out.row((f"{count:>8,}  ", HEAD), [(singular(count, name), PLAIN)])
    if rules:
        out.line(("removed by:", NOTE))
    for rule, count in list(rules.items())[:10]:
        out.row((f"{count:>8,}  ", PLAIN), [(rule, NOTE)])
