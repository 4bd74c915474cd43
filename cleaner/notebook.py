"""How results show themselves in a notebook: short, safe, with what was removed marked.

A notebook asks an object for `_repr_html_`; the package gives it to CleanResult, Grouping and Comparison when it is
imported.
"""

from __future__ import annotations

import html
from collections import Counter
from typing import TYPE_CHECKING

from cleaner import text as texts
from cleaner.model import CleanResult, Grouping, Shown

if TYPE_CHECKING:
    from cleaner.diff import Comparison

_SHOWN = 3000  # characters of a text around its removals
_AROUND = 120  # characters of what stays, beside a removal
_ROWS = 10  # stories, or sentences
# Colours that stand out from a light page and from a dark one; the strike and the underline say the same.
_GONE, _NEW = "color:#c2570c;text-decoration:line-through", "color:#3b82f6;text-decoration:underline"


def _escaped(text: str) -> str:
    return html.escape(texts.escape_controls(text))


def _styled(text: str, style: str) -> str:
    return f'<span style="{style}">{_escaped(text)}</span>'


def clean_result(result: CleanResult) -> str:
    """What was removed, marked where it stood; of what stays, what is beside it."""
    count, gone = len(result.removed), len(result.source) - len(result.text)
    head = f"{count:,} removal{'' if count == 1 else 's'}, {gone:,} of {len(result.source):,} characters"
    if result.no_article:
        head += f"; no article: {result.no_article}"
    pieces, place, shown = [], 0, 0
    for removal in result.removed:
        pieces.append(_kept(result.source[place : removal.start], bool(place)))
        cut = result.source[removal.start : removal.end]
        short = cut if len(cut) <= 2 * _AROUND else f"{cut[:_AROUND]} … {cut[-_AROUND:]}"
        pieces.append(f'<span title="{_escaped(f"{removal.rule}: {removal.why}")}" style="{_GONE}">{_escaped(short)}</span>')
        place, shown = removal.end, shown + len(short)
        if shown > _SHOWN:
            break
    else:
        rest = result.source[place:]
        pieces.append(_escaped(rest[:_AROUND]) + (" …" if len(rest) > _AROUND else ""))
    return f'<p><b>{_escaped(head)}</b></p><div dir="auto" style="white-space:pre-wrap">{"".join(pieces)}</div>'


def _kept(text: str, between: bool) -> str:
    """What stays before a removal: its end, and after another removal its beginning too."""
    if len(text) <= 2 * _AROUND:
        return _escaped(text)
    return (_escaped(text[:_AROUND]) if between else "") + " … " + _escaped(text[-_AROUND:])


def grouping(found: Grouping) -> str:
    """The counts, and the largest stories."""
    tellings = Counter(member.story for member in found.members if member.id == member.copy)
    several = [story for story in found.stories if len(story.members) > 1]
    copied = sum(len(group.members) - 1 for group in found.copies)
    head = (
        f"{len(found.members):,} articles, {sum(count > 1 for count in tellings.values()):,} stories told more than once, "
        f"{copied:,} near-verbatim copies"
    )
    rows = "".join(
        f"<tr><td>{len(story.members)}</td><td>{_escaped(texts.shown(story.id)[:200])}</td>"
        f'<td dir="auto">{_escaped(texts.one_line(", ".join(story.shared.names or story.shared.phrases), 200))}</td></tr>'
        for story in several[:_ROWS]
    )
    more = f"<p>… and {len(several) - _ROWS:,} more</p>" if len(several) > _ROWS else ""
    titles = "<tr><th>articles</th><th>story</th><th>share</th></tr>"
    return f"<p><b>{_escaped(head)}</b></p>" + (f"<table>{titles}{rows}</table>{more}" if rows else "")


def comparison(found: Comparison) -> str:
    """What two articles are to each other, where they disagree, and the sentences that are in other words."""
    head = f"{found.relation}: story similarity {found.similarity:.2f}, shingles {found.jaccard:.2f}"
    counts = Counter(sentence.kind for sentence in found.sentences)
    told = (
        f"{counts['same']} sentences the same, {counts['changed']} in other words, {counts['first']} only in the first, "
        f"{counts['second']} only in the second"
    )
    odd = "".join(
        f"<tr><td><b>{_escaped(one.first)}</b></td><td>{_escaped(texts.one_line(one.first_sentence, 200))}</td>"
        f"<td><b>{_escaped(one.second)}</b></td><td>{_escaped(texts.one_line(one.second_sentence, 200))}</td></tr>"
        for one in found.disagreements[:_ROWS]
    )
    changed = [sentence for sentence in found.sentences if sentence.kind == "changed"]
    from cleaner.diff.wording import Change

    styles = {Change.GONE: _GONE, Change.NEW: _NEW}
    words = "".join(
        '<li dir="auto">'
        + "".join(_styled(text, styles[change]) if change in styles else _escaped(text) for change, text in sentence.words)
        + "</li>"
        for sentence in changed[:_ROWS]
    )
    return (
        f"<p><b>{_escaped(head)}</b><br>{_escaped(told)}</p>"
        + (f"<p>disagreements</p><table>{odd}</table>" if odd else "")
        + (f"<p>in other words</p><ul>{words}</ul>" if words else "")
    )


def show() -> None:
    """Let results show themselves in notebooks."""
    for kind, shown in ((CleanResult, clean_result), (Grouping, grouping), (Shown, comparison)):
        setattr(kind, "_repr_html_", shown)  # noqa: B010 (the types know nothing of pages)
